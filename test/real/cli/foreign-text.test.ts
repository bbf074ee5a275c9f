import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { place } from './command-line.ts';

/** What a CI system would take for a command, or a terminal for more than text. */
const hasPower = (text: string) =>
  /^\s*::|::[a-z-]+::|##\[/m.test(text) ||
  [...text].some(character => character !== '\n' && /[\p{Cc}\u202e\u2028]/u.test(character));

const load = 'load: { model: open, stages: [{ duration: 300ms, rate: 10/s }] }\n';
const key = `${'x '.repeat(65)}::error::PWNED ##[error]PWNED2 \u001b[31mred\u001b]0;t\u0007 \u202e\u2028\r\n# heading\r\n`;

describe('foreign text', () => {
  test('has no power over the log of a run against a target that wants it', async t => {
    const { folder, run, write } = await place(t);
    const server = createServer((_, response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'x-request-id': '::error::x ##[error]y',
      });
      response.end(JSON.stringify({ [key]: 'x' }));
    });
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    t.after(() => server.close());
    const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await write('numbers.json', '{"type":"object","additionalProperties":{"type":"number"}}');
    await write(
      'a.yaml',
      `name: "::stop-commands::zzz"\ntarget: ${target}\n${load}steps: [{ request: GET /, endpoint: "::add-mask::e", expect: { schema: numbers.json } }]\n`,
    );
    const out = join(folder, 'reports');
    for (const format of ['terminal', 'markdown', 'json']) {
      const { code, stdout, stderr } = await run(['run', 'a.yaml', '--out', out, '--format', format]);
      assert.ok(code === 1 || code === 3, stdout + stderr);
      assert.match(stdout, /stop-commands/);
      assert.ok(!hasPower(stdout + stderr), stdout + stderr);
      if (format === 'json') assert.equal(JSON.parse(stdout).runs[0].scenario, '::stop-commands::zzz');
    }
    const dry = await run(['run', 'a.yaml', '--dry-run', '--format', 'terminal']);
    assert.match(dry.stdout, /add-mask/);
    assert.ok(!hasPower(dry.stdout), dry.stdout);
  });

  test('has none in error messages, and begins no line of them', async t => {
    const { run, write } = await place(t);
    const name = '::error::x\\n::error::y ##[error]z';
    await write(
      'a.yaml',
      `name: a\ntarget: http://127.0.0.1:1\n${load}steps: [GET /]\n"${name}": 1\nseed: "${name}"\n`,
    );
    for (const argv of [
      ['run', 'a.yaml', '--dry-run'],
      ['run', '::error::x\n::error::y', '--dry-run'],
      ['run', '--::error::x\u001b[2J'],
      ['judge', 'none\n::error::x.json'],
    ]) {
      const { code, stderr } = await run(argv);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /error/);
      assert.ok(!hasPower(stderr), stderr);
    }
  });

  test('is no folder: an empty name, a dash before it, or a line break in it is refused', async t => {
    const { run, write } = await place(t);
    await write('a.yaml', `target: http://127.0.0.1:1\n${load}steps: [GET /]\n`);
    for (const out of ['', ' ', '-x', 'a\nb=c', 'a\rb']) {
      const { code, stderr } = await run(['run', 'a.yaml', `--out=${out}`]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^--out: invalid value of a flag \[command\.invalid-value\]/);
    }
    for (const file of ['', ' ', '-x', 'a\nb=c']) {
      const { code, stderr } = await run(['run', 'a.yaml', `--json=${file}`, '--dry-run']);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^--json: invalid value of a flag \[command\.invalid-value\]/);
    }
    await write('plimsoll.config.json', { out: 'a\nb=c' });
    assert.match((await run(['run', 'a.yaml'])).stderr, /^plimsoll\.config\.json: out: invalid value/);
  });

  test('that is nothing, such as an unset variable, is no file, host or commit', async t => {
    const { run, write } = await place(t);
    await write('a.yaml', `target: http://127.0.0.1:1\n${load}steps: [GET /]\n`);
    for (const [argv, where] of [
      [['run', 'a.yaml', '--budgets='], '--budgets'],
      [['run', 'a.yaml', '--allow-host', ''], '--allow-host'],
      [['run', 'a.yaml', '--gate', ' '], '--gate'],
      [['run', 'a.yaml', ''], 'scenario'],
      [['run', '--', ''], 'scenario'],
      [['judge', ''], 'record'],
    ] as const) {
      const { code, stderr } = await run([...argv]);
      assert.equal(code, 2, stderr);
      assert.equal(stderr.split('\n')[0], `${where}: an argument is missing [command.missing-argument]`);
    }
    const post = ['run', '--url', 'http://127.0.0.1:1/', '--rate', '1/s', '--duration', '1s', '--dry-run'];
    assert.equal((await run([...post, '--method', 'POST', '--body', ''])).code, 0);
    const { code, stderr } = await run(['run', 'a.yaml', '--allow-host', 'https://api.example.com/x']);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^--allow-host: invalid host name .*\n.*\n.*\n {2}instead {3}api\.example\.com/);
  });
});
