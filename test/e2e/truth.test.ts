import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { looseBudgets, type Workspace, workspace } from './plimsoll.ts';

const stall = { fromMs: 4_000, toMs: 6_000 };

describe('against a target whose truth is known', () => {
  let target: ScriptedTarget;
  let here: Workspace;
  before(async () => {
    target = await startTarget({
      '/even': { delayMs: 50 },
      '/stalling': { delayMs: 50, stall },
      '/stalling-narrow': { delayMs: 5, stall },
      '/mixed': { delayMs: 10, slow: { every: 25, delayMs: 500 } },
      '/closing': { delayMs: 20, headers: { connection: 'close' } },
      '/fin': { fault: { every: 5, kind: 'close' } },
      '/reset': { fault: { every: 5, kind: 'reset' } },
      '/hanging': { delayMs: 5, fault: { every: 30, kind: 'hang' } },
      '/body': { delayMs: 20, bodyDelayMs: 200, body: '0123456789' },
      '/chunks': { delayMs: 5, framing: 'chunked', bodyDelayMs: 20 },
      '/stream': { delayMs: 5, framing: 'untilClose' },
    });
    here = await workspace();
    await here.write('errors.json', { defaults: { errorRate: '90%' } });
    await here.write('budgets.json', { defaults: { ...looseBudgets.defaults, errorRate: '90%' } });
  });
  after(async () => {
    await target.stop();
    await here.dispose();
  });

  async function measured(path: string, rate: string, duration: string, ...more: string[]) {
    const { code, stdout, stderr } = await here.run([
      ...['run', '--url', target.url + path, '--rate', rate, '--duration', duration, ...more],
    ]);
    assert.ok(code !== null && code < 2, `exit ${code}\n${stdout}\n${stderr}`);
    const [run] = (await here.summary()).runs;
    assert.ok(run);
    const { requests, ok, failures, unfinished } = run.total;
    const failed = Object.values(failures).reduce((sum, count) => sum + (count ?? 0), 0);
    assert.equal(requests, ok + failed + unfinished, 'due = ok + failed + unfinished');
    return run;
  }

  it('reads a constant 50 ms as 50 ms, and sends every request', async () => {
    const run = await measured('/even', '200/s', '10s');
    assert.equal(run.total.requests, 2_000);
    assert.equal(run.total.ok, 2_000);
    const { p50 } = run.total.latencyMs;
    assert.ok(p50 !== null && p50 >= 50 && p50 <= 52, `p50 ${p50} ms`);
    assert.ok((run.total.latencyMs.min ?? 0) >= 49.9);
  });

  it('sees a stall of two seconds in the tail', async () => {
    const run = await measured('/stalling', '200/s', '10s');
    assert.equal(run.total.requests, 2_000);
    assert.ok((run.total.latencyMs.p99 ?? 0) > 1_000);
    assert.ok((run.total.latencyMs.max ?? 0) >= 1_990 && (run.total.latencyMs.p50 ?? 0) < 60);
  });

  it('sees a stall behind ten connections for every request that was due in it', async () => {
    await here.write(
      'narrow.yaml',
      `name: narrow
target: ${target.url}
load: { model: open, stages: [{ duration: 10s, rate: 200/s }] }
connections: { max: 10 }
steps: [GET /stalling-narrow]
`,
    );
    const { code, stdout } = await here.run(['run', 'narrow.yaml']);
    assert.ok(code === 0 || code === 3, stdout);
    const [run] = (await here.summary()).runs;
    assert.ok(run);
    assert.equal(run.total.ok, 2_000);
    // 400 requests were due in the stall: response time shows it for all, service time for the ten that were sent.
    assert.ok((run.total.latencyMs.p90 ?? 0) > 500, `p90 ${run.total.latencyMs.p90} ms`);
    assert.ok((run.total.serviceMs.p99 ?? 0) < 500, `service p99 ${run.total.serviceMs.p99} ms`);
    assert.ok((run.total.serviceMs.max ?? 0) > 1_900);
  });

  it('counts 4 % of slow answers exactly', async () => {
    const run = await measured('/mixed', '200/s', '5s');
    assert.equal(run.total.ok, 1_000);
    assert.ok((run.total.latencyMs.p95 ?? 0) < 100, `p95 ${run.total.latencyMs.p95} ms`);
    assert.ok((run.total.latencyMs.p99 ?? 0) >= 499 && (run.total.latencyMs.p99 ?? 0) < 600);
  });

  it('takes no harm from a server that closes after each answer', async () => {
    const run = await measured('/closing', '50/s', '3s');
    assert.deepEqual([run.total.ok, run.total.errors], [150, 0]);
    assert.ok((run.total.latencyMs.p95 ?? 0) < 100);
  });

  it('counts every fifth connection that is closed or reset, and repeats no request', async () => {
    for (const [path, kind] of [
      ['/fin', 'closed'],
      ['/reset', 'reset'],
    ] as const) {
      const run = await measured(path, '100/s', '2s');
      assert.deepEqual([run.total.requests, run.total.failures], [200, { [kind]: 40 }]);
      assert.equal((await target.counts()).arrivals[path]?.length, 200);
    }
  });

  it('lets a hang never improve the tail', async () => {
    const run = await measured('/hanging', '200/s', '3s', '--timeout', '1s', '--budgets', 'errors.json');
    assert.deepEqual([run.total.requests, run.total.failures], [600, { timeout: 20 }]);
    assert.ok((run.total.latencyMs.p99 ?? 0) >= 1_000);
    assert.ok(run.total.lowerBounds.includes('latencyMs.p99'));
  });

  it('counts to the last byte of a slow body', async () => {
    const run = await measured('/body', '50/s', '2s');
    assert.ok((run.total.latencyMs.p50 ?? 0) >= 220 && (run.total.latencyMs.p50 ?? 0) < 300);
    assert.equal(run.total.ok, 100);
  });

  it('reads chunked answers and answers that end with the connection', async () => {
    for (const path of ['/chunks', '/stream']) {
      const run = await measured(path, '50/s', '2s');
      assert.deepEqual([run.total.ok, run.total.errors], [100, 0], path);
    }
  });

  it('measures answers that come after the last request', async () => {
    const run = await measured('/mixed', '10/s', '0.5s');
    assert.equal(run.total.ok, 5);
  });

  it('sends arrivals evenly', async () => {
    await measured('/even', '200/s', '2s');
    const arrivals = (await target.counts()).arrivals['/even']?.slice(-400) ?? [];
    const windows = new Map<number, number>();
    for (const moment of arrivals)
      windows.set(Math.floor(moment / 100), (windows.get(Math.floor(moment / 100)) ?? 0) + 1);
    // 20 are due in each tenth of a second; a tool that sends in bursts puts 200 into one.
    assert.ok(Math.max(...windows.values()) <= 60, JSON.stringify([...windows.values()]));
  });

  it('lets a fixed number of users make a fixed number of journeys', async () => {
    await here.write(
      'count.yaml',
      `name: count
target: ${target.url}
load: { model: closed, users: 7, iterations: 200, maxDuration: 30s }
steps: [GET /mixed]
`,
    );
    const { code, stdout, stderr } = await here.run(['run', 'count.yaml']);
    assert.equal(code, 0, stdout + stderr);
    const [run] = (await here.summary()).runs;
    assert.deepEqual([run?.total.requests, run?.total.ok], [200, 200]);
    assert.ok((run?.durationMs ?? 0) < 29_000);
  });
});
