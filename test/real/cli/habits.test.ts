import assert from 'node:assert/strict';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { summarySchema } from '../../../src/report/summary/summary-schema.ts';
import { startTarget } from '../../target/target.ts';
import { place, scenarioOf } from './command-line.ts';

describe('a URL on the command line', () => {
  test('gets as many requests of as many users as the short flags of other tools say', async t => {
    const target = await startTarget({ '/ok': { delayMs: 1 } });
    t.after(() => target.stop());
    const at = await place(t);
    const { stdout, stderr } = await at.run([
      ...['run', `${target.url}/ok`, '-n', '120', '-c', '4', '-H', 'a: b', '-H', 'c: d', '-m', 'POST'],
      ...['-b', '{"name":"pen"}', '--json', '-', '--out', join(at.folder, 'reports')],
    ]);
    const [run] = summarySchema.parse(JSON.parse(stdout)).runs;
    assert.equal(run?.total.requests, 120, stderr);
    assert.deepEqual(Object.keys(run?.endpoints ?? {}), ['POST /ok']);
    assert.equal((await target.counts()).requests, 120);
  });

  test('takes no other beside it, and wants users for a number of requests', async t => {
    const at = await place(t);
    for (const [argv, expected] of [
      ['http://127.0.0.1:1/ http://127.0.0.1:2/ -c 1 -n 1', /^URL: .*\n {2}found {5}2 URLs\n/],
      ['http://127.0.0.1:1/ --url http://127.0.0.1:2/ -c 1 -n 1', /^URL: .*\n {2}found {5}2 URLs\n/],
      ['a.yaml http://127.0.0.1:1/ -c 1 -n 1', /^--url: .*\n {2}found {5}a scenario file as well\n/],
      ['http://127.0.0.1:1/ -n 1', /^--users: .*\n {2}found {5}--iterations alone\n/],
      ['http://127.0.0.1:1/ -n 1 -r 5/s', /^--iterations: .*\n {2}found {5}--rate, /],
      ['http://127.0.0.1:1/ -n 1.5 -c 1', /^--iterations: .*\n {2}found {5}1\.5\n/],
      ['-c 1', /^--users: this flag works only with a URL /],
    ] as const) {
      const { code, stderr } = await at.run(['run', ...argv.split(' ')]);
      assert.equal(code, 2, argv);
      assert.match(stderr, expected);
    }
  });
});

describe('plimsoll validate', () => {
  test('says what each scenario holds, and names every mistake of all', async t => {
    const at = await place(t);
    await at.write('scenarios/one.yaml', scenarioOf('one', 1));
    await at.write('budgets.json', { defaults: { p95: '1s' } });
    const right = await at.run(['validate']);
    assert.equal(right.stdout.split('\n')[0], '✓ scenarios/one.yaml: 1 journey, 1 endpoint, 2 budgets');
    assert.deepEqual([right.code, right.stderr], [0, '']);
    await at.write('scenarios/two.yaml', scenarioOf('two', 1, 'seeds: 1\n'));
    await at.write('budgets.json', { defaults: { p95: '1 s' }, sparse: true });
    const wrong = await at.run(['validate']);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /scenarios\/two\.yaml:.*seeds/);
    assert.match(wrong.stderr, /budgets\.json:.*sparse/);
  });
});

describe('plimsoll run --watch', () => {
  test('runs again when the scenario changes, also after a mistake, until an interrupt', async t => {
    const target = await startTarget({ '/ok': {} });
    t.after(() => target.stop());
    const at = await place(t);
    const file = await at.write('scenarios/one.yaml', scenarioOf('one', target.port, 'seeds: 1\n'));
    const interrupt = new AbortController();
    t.after(() => interrupt.abort('SIGINT'));
    let said = '';
    const write = (text: string) => {
      said += text;
    };
    const until = async (pattern: RegExp, times: number) => {
      while ([...said.matchAll(new RegExp(pattern, 'g'))].length < times) await delay(20);
    };
    const terminal = { write, isTTY: false, columns: undefined };
    const ended = at.run(['run', 'one', '--watch', '--out', join(at.folder, 'reports')], {
      ...{ interrupt: interrupt.signal, stdout: terminal, stderr: terminal },
    });
    await until(/Watching \d files/, 1);
    assert.match(said, /seeds: unknown key/);
    await at.write('scenarios/one.yaml', scenarioOf('one', target.port));
    await until(/Watching \d files/, 2);
    assert.equal((await target.counts()).requests, 20);
    await appendFile(file, '# one more\n');
    await until(/Watching \d files/, 3);
    interrupt.abort('SIGINT');
    assert.equal((await ended).code, 130);
    assert.equal((await target.counts()).requests, 40);
  });
});

describe('the completion of a shell', () => {
  test('offers the names of scenarios, and flags of the command in their long form', async t => {
    const at = await place(t);
    await at.write('scenarios/browse.yaml', scenarioOf('browse', 1));
    await at.write('scenarios/$(touch a).yaml', scenarioOf('other', 1));
    const lines: unknown[] = [];
    t.mock.method(console, 'log', (line: unknown) => lines.push(line));
    for (const words of [
      ['run', ''],
      ['run', '--wa'],
    ]) {
      const { code, stderr } = await at.run(['--get-yargs-completions', 'plimsoll', ...words]);
      assert.deepEqual([code, stderr], [0, '']);
    }
    // The parser answers a shell when it has found everything, and waits for nobody.
    while (!lines.includes('browse')) await delay(10);
    assert.ok(lines.includes('--watch'), lines.join(' '));
    assert.ok(!lines.some(line => String(line).includes('touch')), lines.join(' '));
    assert.ok(!lines.includes('--c'), lines.join(' '));
  });
});
