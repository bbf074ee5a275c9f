import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Histogram } from '../../src/stats/histogram.ts';
import { type ScriptedTarget, startTarget } from '../target/target.ts';
import { looseBudgets, until, type Workspace, workspace } from './plimsoll.ts';
import { assertFollows, countFrom, type Held, holdAgainst, resultOf, timesOf } from './truth-run.ts';

describe('against a target whose truth is known', () => {
  let target: ScriptedTarget;
  let here: Workspace;
  before(async () => {
    target = await startTarget({
      '/even': { delayMs: 100 },
      '/instant': {},
      '/stalling-narrow': { delayMs: 5, stall: { fromMs: 1_000, toMs: 3_000 } },
      '/mixed': { delayMs: 10, slow: { every: 25, delayMs: 500 } },
      '/closing': { delayMs: 20, headers: { connection: 'close' } },
      '/fin': { fault: { every: 5, kind: 'close' } },
      '/reset': { fault: { every: 5, kind: 'reset' } },
      '/hanging': { delayMs: 5, fault: { every: 30, kind: 'hang' } },
      '/long': { delayMs: 6_000 },
      '/failing': { status: 500 },
      '/body': { delayMs: 20, bodyDelayMs: 200, body: '0123456789' },
      '/chunks': { delayMs: 5, framing: 'chunked', bodyDelayMs: 20 },
      '/stream': { delayMs: 5, framing: 'untilClose' },
    });
    here = await workspace();
    // A limit on times below the shortest time-out, and wide enough that a late generator is still a valid one.
    await here.write('budgets.json', { defaults: { ...looseBudgets.defaults, errorRate: '90%' } });
    await here.write('brief.json', { defaults: { p50: '900ms', errorRate: '90%' } });
  });
  after(async () => {
    await target.stop();
    await here.dispose();
  });

  const load = (path: string, rate: string, duration: string, ...more: string[]) => [
    ...[
      'run',
      '--url',
      target.url + path,
      '--rate',
      rate,
      '--duration',
      duration,
      '--pacing=precise',
      ...more,
    ],
  ];
  const measured = (path: string, rate: string, duration: string, ...more: string[]): Promise<Held> =>
    holdAgainst(target, path, here, () => here.run(load(path, rate, duration, ...more)));
  async function scenario(name: string, path: string, more: string): Promise<Held> {
    await here.write(`${name}.yaml`, `name: ${name}\ntarget: ${target.url}\nsteps: [GET ${path}]\n${more}`);
    return await holdAgainst(target, path, here, () => here.run(['run', `${name}.yaml`, '--pacing=precise']));
  }

  it('reads a constant 100 ms as 100 ms, and sends every request', async () => {
    const held = await measured('/even', '50/s', '4s');
    assert.deepEqual([held.run.total.requests, held.arrivals.length], [200, 200]);
    assert.ok((held.held[0] ?? 0) >= 100, `held ${held.held[0]}`);
    assertFollows(held);
  });

  it('has 4 % of slow answers in the tail and nowhere else', async () => {
    const held = await measured('/mixed', '200/s', '4s');
    assert.equal(held.run.total.ok, 800);
    assert.ok(
      countFrom(timesOf(held.record, 'service'), 499) >= 32,
      `countFrom ${countFrom(timesOf(held.record, 'service'), 499)}`,
    );
    assert.ok((held.run.total.latencyMs.p99 ?? 0) >= 500, `p99 ${held.run.total.latencyMs.p99}`);
    assertFollows(held);
  });

  it('takes no harm from a server that closes after each answer', async () => {
    const held = await measured('/closing', '50/s', '3s');
    assert.deepEqual([held.run.total.ok, held.run.total.errors, held.accepted], [150, 0, 150]);
    assertFollows(held);
  });

  for (const [path, kind] of [
    ['/fin', 'closed'],
    ['/reset', 'reset'],
  ] as const) {
    it(`counts each connection that is ${kind} without an answer, and repeats no request`, async () => {
      const { run, arrivals, held } = await measured(path, '100/s', '2s');
      assert.deepEqual([run.total.requests, run.total.ok, run.total.failures], [200, 160, { [kind]: 40 }]);
      assert.deepEqual([arrivals.length, held.length], [200, 160]);
    });
  }

  it('lets a hang never improve the tail', async () => {
    const { run, arrivals } = await measured(
      '/hanging',
      '200/s',
      '3s',
      '--timeout',
      '1s',
      '--budgets',
      'brief.json',
    );
    assert.deepEqual([run.total.requests, run.total.failures, arrivals.length], [600, { timeout: 20 }, 600]);
    assert.ok((run.total.latencyMs.p99 ?? 0) >= 1_000, `p99 ${run.total.latencyMs.p99}`);
    assert.ok((run.total.latencyMs.p50 ?? 0) < 1_000, `p50 ${run.total.latencyMs.p50}`);
    assert.ok(run.total.lowerBounds.includes('latencyMs.p99'), `lower bounds: ${run.total.lowerBounds}`);
  });

  it('waits for answers that take longer than the load lasts', async () => {
    const held = await measured('/long', '20/s', '5s');
    assert.deepEqual([held.run.total.requests, held.run.total.ok], [100, 100]);
    assertFollows(held);
  });

  it('takes an answer to HEAD for complete, whatever length it names', async () => {
    const held = await measured('/even', '50/s', '2s', '--method', 'HEAD');
    assert.deepEqual([held.run.total.ok, held.run.total.errors], [100, 0]);
    assert.ok(held.accepted < 100, `${held.accepted} connections`);
    assertFollows(held);
  });

  it('fails every arrival where connections are refused, and tries few', async () => {
    const gone = await startTarget({});
    await gone.stop();
    const ended = await here.run(['run', '--url', gone.url, '--rate', '300/s', '--duration', '2s']);
    const { run, record } = await resultOf(here, ended.stdout, ended.stderr);
    assert.equal(ended.code, 3);
    assert.deepEqual([run.total.requests, run.total.failures], [600, { refused: 600 }]);
    // At 0, 50, 150, 350, 750 and 1550 ms; what is due before such an attempt is known to have failed makes its own.
    const { attempts, errors } = record.measurement.connections;
    const held = Histogram.decode(record.measurement.generator.sendLag).max / 1_000;
    const most = 6 * (1 + Math.ceil((held * 300) / 1_000));
    assert.ok(attempts >= 1 && attempts <= most, `${attempts} attempts, ${held} ms late at most`);
    assert.equal(errors.refused, attempts);
  });

  it('sends arrivals evenly', async () => {
    const { arrivals, lateMs } = await measured('/instant', '200/s', '3s');
    assert.equal(arrivals.length, 600);
    const most = Math.max(
      ...arrivals.map(from => arrivals.filter(at => at >= from && at < from + 10).length),
    );
    // Two are due in any 10 ms; what was held up by the machine comes in a bunch.
    const bunch = (200 / 1_000) * lateMs.max;
    assert.ok(most <= 3 * 2 + bunch, `${most} in 10 ms, ${JSON.stringify(lateMs)} late`);
  });

  it('sends no more with four workers than was asked for in all', async () => {
    const held = await measured('/even', '100/s', '3s', '--workers', '4');
    assert.equal(held.record.measurement.generator.workers, 4);
    assert.deepEqual([held.run.total.requests, held.run.total.ok, held.arrivals.length], [300, 300, 300]);
    const [first = 0, last = 0] = [held.arrivals[0], held.arrivals.at(-1)];
    assert.ok(last - first > 2_900 - held.lateMs.max, `all within ${last - first} ms`);
    assertFollows(held);
  });

  it('reads answers of some microseconds as such, not as none', async () => {
    const held = await measured('/instant', '200/s', '2s');
    assert.equal(held.run.total.ok, 400);
    assert.ok(
      (held.run.total.serviceMs.min ?? 0) > 0 && (held.run.total.serviceMs.p50 ?? 0) > 0.01,
      `min ${held.run.total.serviceMs.min}, p50 ${held.run.total.serviceMs.p50}`,
    );
    assertFollows(held);
  });

  it('counts no answer of a server that answers 500 to all', async () => {
    const { code, run, held } = await measured('/failing', '100/s', '1s');
    assert.equal(code, 1);
    assert.deepEqual(
      [run.total.ok, run.total.failures, run.total.statuses],
      [0, { status: 100 }, { '500': 100 }],
    );
    assert.deepEqual([run.total.errorRate, run.total.latencyMs.p50, held.length], [1, null, 100]);
  });

  it('shows a pause of the whole server in every request that was due in it', async () => {
    let stopped = 0;
    const { run, record } = await holdAgainst(target, '/even', here, async () => {
      const seen = (await target.counts()).arrivals['/even']?.length ?? 0;
      const { ended } = here.start(load('/even', '100/s', '7s'));
      await until(async () => ((await target.counts()).arrivals['/even']?.length ?? 0) >= seen + 50);
      const from = performance.now();
      target.process.kill('SIGSTOP');
      await pause(3_000);
      target.process.kill('SIGCONT');
      stopped = performance.now() - from;
      return await ended;
    });
    assert.deepEqual([run.total.requests, run.total.ok], [700, 700]);
    const times = timesOf(record, 'response');
    // Requests come 10 ms apart: of those due in the pause, so many were due a second or more before its end.
    for (const wait of [500, 1_000, 2_000, 2_900]) {
      const least = Math.floor((stopped - wait) / 10) - 1;
      assert.ok(countFrom(times, wait) >= least, `${countFrom(times, wait)} of ${least} over ${wait} ms`);
    }
    assert.ok(
      (run.total.latencyMs.max ?? 0) >= stopped - 20,
      `max ${run.total.latencyMs.max}, stopped ${stopped}`,
    );
    assert.ok(
      (run.total.latencyMs.max ?? 0) <= stopped + 2_000,
      `max ${run.total.latencyMs.max}, stopped ${stopped}`,
    );
    assert.ok(countFrom(times, 500) <= (stopped + 1_000) / 10, `${countFrom(times, 500)} were late`);
  });

  it('sees a stall behind ten connections for every request that was due in it', async () => {
    const { run } = await scenario(
      'narrow',
      '/stalling-narrow',
      'load: { model: open, stages: [{ duration: 5s, rate: 200/s }] }\nconnections: { max: 10 }\n',
    );
    assert.equal(run.total.ok, 1_000);
    // 400 requests were due in the stall: response time shows it for all, service time for the ten that were sent.
    assert.ok((run.total.latencyMs.p90 ?? 0) > 500, `p90 ${run.total.latencyMs.p90} ms`);
    assert.ok((run.total.serviceMs.p95 ?? 0) < 500, `service p95 ${run.total.serviceMs.p95} ms`);
    assert.ok((run.total.serviceMs.max ?? 0) > 1_900, `max ${run.total.serviceMs.max}`);
  });

  it('counts a slow body to its last byte, and knows its first', async () => {
    const held = await measured('/body', '50/s', '2s');
    assert.equal(held.run.total.ok, 100);
    assert.ok((held.held[0] ?? 0) >= 220, `held ${held.held[0]}`);
    assertFollows(held);
    const [first, last] = (['firstByte', 'service'] as const).map(kind => timesOf(held.record, kind));
    assert.ok(first && last, 'both kinds of time are measured');
    assert.deepEqual([first.count, last.count], [100, 100]);
    assert.ok(first.min >= 19_900, `${first.min} µs`);
    assert.ok(last.quantile(0.5) - first.quantile(0.5) >= 150_000, 'the two are apart by the body');
  });

  it('reads chunked answers and answers that end with the connection', async () => {
    for (const path of ['/chunks', '/stream']) {
      const held = await measured(path, '50/s', '2s');
      assert.deepEqual([held.run.total.ok, held.run.total.errors], [100, 0], path);
      assertFollows(held);
    }
  });

  it('lets a fixed number of users make a fixed number of journeys', async () => {
    const { code, run, arrivals } = await scenario(
      'count',
      '/mixed',
      'load: { model: closed, users: 7, iterations: 200, maxDuration: 30s }\n',
    );
    assert.equal(code, 0);
    assert.deepEqual([run.total.requests, run.total.ok, arrivals.length], [200, 200, 200]);
    assert.ok(run.durationMs < 29_000, `durationMs ${run.durationMs}`);
  });
});
