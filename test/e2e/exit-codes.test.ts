import assert from 'node:assert/strict';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { refusingPort } from '../target/refusing-port.ts';
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
      '/garbage': { raw: 'SSH-2.0-OpenSSH_9.2\r\n\r\n' },
      '/half': { raw: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf' },
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

  it('is 1 where the target sends something, but never a whole answer', async () => {
    for (const [path, failures] of [
      ['/garbage', { malformed: 20 }],
      ['/half', { timeout: 20 }],
    ] as const) {
      const text = `name: never-whole
target: ${target.url}
load: { model: open, stages: [{ duration: 1s, rate: 20/s }] }
defaults: { timeout: 3s }
steps: [GET ${path}]
`;
      await here.write('never-whole.yaml', text);
      await here.write('patient.json', { defaults: { p95: '2500ms' } });
      const { code, stdout } = await here.run(['run', 'never-whole.yaml', '--budgets', 'patient.json']);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /^✗ FAIL/);
      assert.doesNotMatch(stdout, /never answered/);
      const [one] = (await here.summary()).runs;
      assert.deepEqual(one?.total.failures, failures);
    }
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
      [['run', 'missing.yaml'], /missing\.yaml: the file does not exist \[file\.missing\]/],
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
      [['run', '--frob-nicate'], /^--frob-nicate: unknown flag \[command\.unknown-flag\]\n/],
      [['walk'], /walk/],
      [[], /command/],
    ] as const) {
      const { code, stderr } = await here.answer(args);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /^\s+at .*:\d+:\d+\)?$/m, 'no stack trace');
    }
    assert.equal((await target.counts()).connections, before);
  });

  it('is 2 where the target is neither loopback nor private nor allowed', async () => {
    const { code, stderr } = await here.answer([
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
    assert.equal((await here.answer(['judge', 'none.json'])).code, 2);
    assert.equal((await here.answer(['report', '.'])).code, 2);
  });

  it('is 3 where the target refuses: given up after 12 seconds, and nowhere green', async () => {
    const { port, release } = await refusingPort();
    const { code, stdout } = await here.run([
      ...['run', '--url', `http://127.0.0.1:${port}/`, '--rate', '50/s', '--duration', '10m'],
    ]);
    await release();
    assert.equal(code, 3, stdout);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /never answered: no byte of an answer came within 1\d(\.\d+)? s/,
    );
    assert.doesNotMatch(stdout, /pass/i);
    const { verdict, runs } = await here.summary();
    assert.deepEqual([verdict, runs[0]?.completion], ['invalid', 'neverAnswered']);
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
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const) {
    it(`is ${expected} after ${signal}: what was measured is saved, reported and marked partial`, async () => {
      const before = (await target.counts()).requests;
      const { process: command, ended } = here.start([
        ...['run', '--url', `${target.url}/ok`, '--rate', '50/s', '--duration', '60s', '--out', signal],
      ]);
      await until(async () => (await target.counts()).requests > before + 60);
      command.kill(signal);
      const { code, stdout } = await ended;
      assert.equal(code, expected, stdout);
      assert.match(stdout, new RegExp(`partial: interrupted by ${signal}`));
      const summary = JSON.parse(await here.read(`${signal}/summary.json`));
      assert.equal(summary.exitCode, expected);
      const { requests, ok, errors } = summary.runs[0].total;
      assert.ok(requests >= 60 && requests < 3_000, `${requests} requests of 3,000 that were planned`);
      assert.equal(requests, ok + errors);
      assert.match(await here.read(`${signal}/report.md`), /partial/i);
    });
  }

  it('is 130 at once after a second Ctrl-C, without a report', async () => {
    const before = (await target.counts()).requests;
    const command = here.start([
      ...['run', '--url', `${target.url}/hang`, '--rate', '50/s', '--duration', '60s', '--timeout', '30s'],
      ...['--out', 'twice'],
    ]);
    await until(async () => (await target.counts()).requests > before + 20);
    command.process.kill('SIGINT');
    await until(() => /Stopping/.test(command.stderr()));
    command.process.kill('SIGINT');
    const { code, stdout } = await command.ended;
    assert.equal(code, 130);
    // The first alone waits for answers, and then reports what there was.
    assert.equal(stdout, '');
    await assert.rejects(here.read('twice/summary.json'));
  });

  it('is 130 however early Ctrl-C comes, and the report tells what was sent', async () => {
    for (const afterMs of [0, 50, 100, 200, 400]) {
      const before = (await target.counts()).requests;
      const out = `early-${afterMs}`;
      const command = here.start([
        ...['run', '--url', `${target.url}/ok`, '--rate', '2/s', '--duration', '2m', '--out', out],
      ]);
      // The plan is too short for its budgets, which is said right before the run begins.
      await until(() => /note: /.test(command.stderr()));
      await new Promise(later => setTimeout(later, afterMs));
      command.process.kill('SIGINT');
      const { code, stdout, stderr } = await command.ended;
      assert.equal(code, 130, stderr);
      const { completion, durationMs, total } = JSON.parse(await here.read(`${out}/summary.json`)).runs[0];
      assert.equal(completion, 'interrupted');
      assert.ok(durationMs < 60_000, stdout);
      assert.equal(total.requests, (await target.counts()).requests - before);
    }
  });
});
