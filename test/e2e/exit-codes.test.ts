import assert from 'node:assert/strict';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { looseBudgets, until, type Workspace, workspace } from './plimsoll.ts';

describe('the exit code', () => {
  let target: ScriptedTarget;
  let here: Workspace;
  before(async () => {
    target = await startTarget({
      '/ok': { delayMs: 2 },
      '/slow': { delayMs: 200 },
      '/broken': { status: 500, body: '{"error":"broken"}' },
      '/hang': { fault: { every: 1, kind: 'hang' } },
    });
    here = await workspace();
    await here.write('budgets.json', looseBudgets);
  });
  after(async () => {
    await target.stop();
    await here.dispose();
  });

  const run = (path: string, ...more: string[]) =>
    here.run(['run', '--url', target.url + path, '--rate', '200/s', '--duration', '2s', ...more]);

  it('is 0 where every budget held', async () => {
    const { code, stdout } = await run('/ok');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /PASS/);
    const summary = await here.summary();
    assert.deepEqual([summary.verdict, summary.exitCode, summary.runs[0]?.total.requests], ['pass', 0, 400]);
  });

  it('is 1 where a budget was exceeded, and the report is written all the same', async () => {
    await here.write('strict.json', { defaults: { p95: '100ms' } });
    const { code, stdout } = await run('/slow', '--budgets', 'strict.json');
    assert.equal(code, 1, stdout);
    assert.match(stdout, /FAIL/);
    assert.match(await here.read('reports/report.md'), /p95/);
    assert.equal((await here.summary()).verdict, 'fail');
  });

  it('is 1 where every answer is a 500: an error rate of 100 %', async () => {
    const { code } = await run('/broken');
    assert.equal(code, 1);
    const [one] = (await here.summary()).runs;
    assert.equal(one?.total.errorRate, 1);
    assert.deepEqual(one?.total.failures, { status: 400 });
    assert.deepEqual(one?.total.statuses, { '500': 400 });
  });

  it('is 2 where the command, a scenario or a budget is wrong, and nothing is sent', async () => {
    const before = (await target.counts()).connections;
    await here.write(
      'typo.yaml',
      `name: typo\ntarget: ${target.url}\nload: { model: open, stages: [{ duration: 1s, rat: 5/s }] }\nsteps: [GET /ok]\n`,
    );
    await here.write('strange.json', { scenarios: { url: { endpoints: { 'GET /other': { p95: '1s' } } } } });
    for (const [args, expected] of [
      [['run', 'typo.yaml'], /typo\.yaml:3:\d+.*rat\b[\s\S]*rate/],
      [['run', 'missing.yaml'], /missing\.yaml: the file does not exist/],
      [['run', '--url', `${target.url}/ok`, '--rate', '200/s', '--duration', '2'], /2s/],
      [['run', '--url', `${target.url}/ok`, '--duration', '2s'], /--rate|--users/],
      [['run', '--url', `${target.url}/ok`, '--rate', '5/s'], /--duration/],
      [
        [
          'run',
          '--url',
          `${target.url}/ok`,
          '--rate',
          '5/s',
          '--duration',
          '1s',
          '--budgets',
          'strange.json',
        ],
        /GET \/other/,
      ],
      [['run', '--frob-nicate'], /--frob-nicate\n/],
      [['walk'], /walk/],
      [[], /command/],
    ] as const) {
      const { code, stderr } = await here.run(args);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /^\s+at .*:\d+:\d+\)?$/m, 'no stack trace');
    }
    assert.equal((await target.counts()).connections, before);
  });

  it('is 2 where the target is neither loopback nor private nor allowed', async () => {
    const { code, stderr } = await here.run([
      'run',
      '--url',
      'http://192.0.2.1/',
      '--rate',
      '1/s',
      '--duration',
      '1s',
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /--allow-host 192\.0\.2\.1/);
  });

  it('is 2 where the output cannot be written, before any load is sent', async () => {
    const before = (await target.counts()).connections;
    await here.write('occupied', 'a file, no folder');
    const { code, stderr } = await run('/ok', '--out', 'occupied');
    assert.equal(code, 2);
    assert.match(stderr, /occupied/);
    if (process.getuid?.() !== 0) {
      await mkdir(join(here.folder, 'locked'));
      await chmod(join(here.folder, 'locked'), 0o500);
      assert.equal((await run('/ok', '--out', 'locked')).code, 2);
    }
    assert.equal((await target.counts()).connections, before);
  });

  it('is 2 where a run record is damaged', async () => {
    await here.write('half.json', '{"schemaVersion":1,"header":{"id":');
    const { code, stderr } = await here.run(['judge', 'half.json']);
    assert.equal(code, 2);
    assert.match(stderr, /half\.json/);
    assert.equal((await here.run(['judge', 'none.json'])).code, 2);
    assert.equal((await here.run(['report', '.'])).code, 2);
  });

  it('is 3 where the target refuses, within 15 seconds and nowhere green', async () => {
    const closed = await new Promise<number>(resolve => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        server.close(() => resolve(port));
      });
    });
    const { code, stdout, seconds } = await here.run([
      ...['run', '--url', `http://127.0.0.1:${closed}/`, '--rate', '50/s', '--duration', '60s'],
    ]);
    assert.equal(code, 3, stdout);
    assert.match(stdout, /never answered/);
    assert.doesNotMatch(stdout, /pass/i);
    assert.ok(seconds < 17, `${seconds} s`);
    assert.equal((await here.summary()).verdict, 'invalid');
  });

  it('is 3 where the target never resolves, or hangs for ever', async () => {
    const unresolved = await here.run([
      'run',
      '--url',
      'http://no-such-host.invalid/',
      '--rate',
      '5/s',
      '--duration',
      '1s',
    ]);
    assert.equal(unresolved.code, 3, unresolved.stderr);
    assert.match(unresolved.stderr, /never answered/);
    await here.write('none.json', {});
    const hanging = await run('/hang', '--timeout', '1s', '--budgets', 'none.json');
    assert.equal(hanging.code, 3, hanging.stdout);
    assert.match(hanging.stdout, /never answered/);
  });

  it('is 4 where too little was measured and the budgets say that this fails', async () => {
    const budgets = (onInconclusive: string) => ({ defaults: { p99: '8s' }, regression: { onInconclusive } });
    const short = ['run', '--url', `${target.url}/ok`, '--rate', '150/s', '--duration', '1s', '--budgets'];
    await here.write('fail.json', budgets('fail'));
    await here.write('warn.json', budgets('warn'));
    const failing = await here.run([...short, 'fail.json']);
    assert.equal(failing.code, 4, failing.stdout);
    assert.match(failing.stdout, /INCONCLUSIVE/i);
    assert.equal((await here.run([...short, 'warn.json'])).code, 0);
  });

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`is ${expected} after ${signal}: what was measured is saved, reported and marked partial`, async () => {
      const before = (await target.counts()).requests;
      const { process: command, ended } = here.start([
        ...['run', '--url', `${target.url}/ok`, '--rate', '50/s', '--duration', '60s', '--out', signal],
      ]);
      await until(async () => (await target.counts()).requests > before + 60);
      command.kill(signal);
      const { code, stdout, seconds } = await ended;
      assert.equal(code, expected, stdout);
      assert.ok(seconds < 30);
      assert.match(stdout, /partial/i);
      const summary = JSON.parse(await here.read(`${signal}/summary.json`));
      assert.equal(summary.exitCode, expected);
      const { requests, ok, errors } = summary.runs[0].total;
      assert.ok(requests >= 60 && requests === ok + errors);
      assert.match(await here.read(`${signal}/report.md`), /partial/i);
    });
  }

  it('is 130 at once after a second Ctrl-C', async () => {
    const before = (await target.counts()).requests;
    const { process: command, ended } = here.start([
      ...['run', '--url', `${target.url}/hang`, '--rate', '50/s', '--duration', '60s', '--timeout', '30s'],
    ]);
    await until(async () => (await target.counts()).requests > before + 20);
    command.kill('SIGINT');
    await new Promise(later => setTimeout(later, 300));
    command.kill('SIGINT');
    assert.equal((await ended).code, 130);
  });
});
