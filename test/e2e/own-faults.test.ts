import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { RunRecord } from '../../src/model/run/record.ts';
import { readRecord } from '../../src/store/records/record-reader.ts';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { type Ended, looseBudgets, root, until, type Workspace, workspace } from './plimsoll.ts';

describe('where the generator itself fails', () => {
  let target: ScriptedTarget;
  let here: Workspace;
  before(async () => {
    target = await startTarget({ '/quick': {}, '/slow': { delayMs: 1_500 }, '/tenth': { delayMs: 100 } });
    here = await workspace();
    await here.write('budgets.json', looseBudgets);
  });
  after(async () => {
    await target.stop();
    await here.dispose();
  });

  const load = (path: string, rate: string, duration: string, ...more: string[]) => [
    ...['run', '--url', target.url + path, '--rate', rate, '--duration', duration, ...more],
  ];
  const recordIn = (stdout: string): Promise<RunRecord> =>
    readRecord(join(here.folder, /record +(\S+)/.exec(stdout)?.[1] ?? ''));

  /** Runs with something in the second of its worker threads that ends that thread. */
  async function withDeadly(
    deed: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<Ended> {
    const file = await here.write(
      'deadly.mjs',
      `import { isMainThread, workerData } from 'node:worker_threads';\nif (!isMainThread && workerData?.worker === 1) { ${deed} }\n`,
    );
    return await here.run(args, { NODE_OPTIONS: `--import=${pathToFileURL(file)}`, ...env });
  }

  for (const [how, deed, reason] of [
    [
      'throws amid the run',
      "setTimeout(() => { throw new Error('lost its way'); }, 1500);",
      /Error: lost its way/,
    ],
    ['throws before the start', "throw new Error('never found it');", /Error: never found it/],
    ['ends amid the run', 'setTimeout(() => process.exit(9), 1500);', /the thread ended with code 9/],
  ] as const) {
    it(`a run of which a worker ${how} is no measurement, exit 3, and does not go on`, async () => {
      const { code, stdout, stderr, seconds } = await withDeadly(
        deed,
        load('/quick', '60/s', '90s', '--workers', '3'),
      );
      assert.equal(code, 3, stdout + stderr);
      assert.match(stdout, /^⊘ INVALID \(partial: the load generator died\)/);
      assert.match(
        stdout.replaceAll(/\s+/g, ' '),
        /a worker of the generator died, so some of its last requests are missing/,
      );
      assert.match(stdout.replaceAll(/\s+/g, ' '), reason);
      assert.doesNotMatch(stdout, /no request was due/, 'the load is not to blame');
      assert.doesNotMatch(stdout, /^\s+at .*deadly\.mjs/m, 'no stack trace');
      assert.ok(seconds < 60, `${seconds} s`);
      const { completion, generator, windows } = (await recordIn(stdout)).measurement;
      assert.equal(completion.state, 'workerDied');
      assert.equal(generator.workers, 3);
      assert.ok((windows[0]?.durationMs ?? 0) < 60_000, `durationMs ${windows[0]?.durationMs}`);
      const summary = await here.summary();
      assert.deepEqual([summary.verdict, summary.runs[0]?.completion], ['invalid', 'workerDied']);
    });
  }

  it('a run that lost a worker is made again in CI, and the report says which attempt it is', async () => {
    const args = load('/quick', '60/s', '90s', '--workers', '3');
    const { code, stdout, stderr } = await withDeadly("throw new Error('never found it');", args, {
      CI: 'true',
    });
    assert.equal(code, 3, stdout + stderr);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /• attempt 1 of 2 \([\w-]+\): .* is not a measurement: a worker/,
    );
    assert.match(stderr, /^note: .*never found it.* This is attempt 2 of 2\.$/m);
    const [run] = (await here.summary()).runs;
    assert.deepEqual([run?.attempt, run?.earlierAttempts.length], [2, 1]);
    const runs = join(here.folder, 'reports', 'runs');
    const first = (await readdir(runs)).find(name => name.endsWith(`${run?.earlierAttempts[0]?.id}.json`));
    assert.equal((await readRecord(join(runs, first ?? ''))).measurement.completion.state, 'workerDied');
  });

  const limited = { skip: process.platform === 'win32' ? 'no ulimit' : false };
  it(
    'a run that runs out of open files is no measurement: which limit, and how to raise it',
    limited,
    async () => {
      const bin = join(root, 'dist', 'cli', 'bin.js');
      const args = load('/slow', '400/s', '2s');
      const child = spawn('sh', ['-c', 'ulimit -n 256 && exec "$0" "$@"', process.execPath, bin, ...args], {
        cwd: here.folder,
        env: { ...process.env, NODE_TEST_CONTEXT: undefined },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let stdout = '';
      child.stdout.on('data', chunk => {
        stdout += chunk;
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 3, stdout);
      const said = stdout.replaceAll(/\s+/g, ' ');
      assert.match(said, /attempts? to connect failed \(EMFILE\) and \d+ requests could not be sent/);
      assert.match(
        said,
        /ran out of open files, which `ulimit -n` limits: raise it, or lower `connections\.max`/,
      );
      const { connections, endpoints, generator } = (await recordIn(stdout)).measurement;
      const counts = endpoints[0]?.windows[0]?.counts;
      assert.equal(counts?.due, 800);
      assert.equal(counts?.due, counts.ok + (counts.failed.notSent ?? 0));
      assert.equal(connections.errors.notSent, generator.exhausted.EMFILE);
    },
  );

  it('a pool too small for the load is no measurement: how large it must be', async () => {
    await here.write(
      'small-pool.yaml',
      `name: small-pool
target: ${target.url}
load: { model: open, stages: [{ duration: 3s, rate: 40/s }] }
connections: { max: 2 }
defaults: { timeout: 20s }
steps: [GET /tenth]
`,
    );
    const { code, stdout } = await here.run(['run', 'small-pool.yaml']);
    assert.equal(code, 3, stdout);
    const said = stdout.replaceAll(/\s+/g, ' ');
    assert.match(said, /of 2 connections busy in stage 1, and \d+ requests had to wait for one/);
    assert.match(said, /set `connections\.max` to [5-9] or more/);
    assert.match(said, /2 open at most of 2, \d+ requests waited for a free one/);
  });
});

describe('where the target goes down', () => {
  it('abortOn leaves it alone: the run fails and the report says why', async () => {
    const target = await startTarget({ '/': {} });
    const here = await workspace();
    await here.write(
      'outage.yaml',
      `name: outage
target: ${target.url}
load: { model: open, stages: [{ duration: 90s, rate: 50/s }] }
abortOn: { errorRate: 50%, for: 2s }
steps: [GET /]
`,
    );
    await here.write('budgets.json', { defaults: { ...looseBudgets.defaults, errorRate: '99%' } });
    const { ended } = here.start(['run', 'outage.yaml']);
    await until(async () => (await target.counts()).requests >= 100);
    await target.stop();
    const { code, stdout, stderr, seconds } = await ended;
    assert.equal(code, 1, stdout + stderr);
    assert.ok(seconds < 60, `${seconds} s`);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /^✗ FAIL \(partial: stopped after [\d.]+ s because [\d.]+% of requests failed within 2 s \(abortOn\)\)/,
    );
    assert.match(await here.read('reports/report.md'), /stopped after .* \(abortOn\)/);
    const summary = await here.summary();
    assert.deepEqual([summary.verdict, summary.exitCode], ['fail', 1]);
    assert.equal(summary.runs[0]?.completion, 'aborted');
    assert.ok(
      (summary.runs[0]?.total.failures.refused ?? 0) >= 80,
      `refused ${summary.runs[0]?.total.failures.refused}`,
    );
    await here.dispose();
  });
});
