import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { measure } from '../../../src/engine/measure.ts';
import { OpenArrivals } from '../../../src/engine/schedule/arrivals.ts';
import { arrivals } from '../../../src/engine/schedule/pacer.ts';
import { staffingFor } from '../../../src/engine/workers/staffing.ts';
import type { OpenLoad } from '../../../src/model/run/scenario.ts';
import { type Micros, micros, millis, perSecond } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { startTarget } from '../../target/target.ts';

const steady = (rate: number, seconds: number) => openLoad(rate, seconds) as OpenLoad;

/** A feed on virtual time: `at` moves the clock and answers the due moments of what was started. */
function feedOf(load: OpenLoad, share = { worker: 0, workers: 1 }) {
  let now = micros(0);
  let started: Micros[] = [];
  const arrivals = new OpenArrivals(
    load,
    1,
    share,
    () => now,
    (user, _, due) => {
      started.push(due);
      arrivals.returned(user);
    },
  );
  return {
    arrivals,
    at(moment: number): readonly Micros[] {
      now = micros(moment);
      started = [];
      arrivals.start(now);
      return started;
    },
  };
}

describe('the feed', () => {
  it('makes up after a stall for what was due in it, each at its own moment, and for nothing more', () => {
    const { arrivals, at } = feedOf(steady(100, 10));
    assert.equal(at(0).length, 1);
    assert.equal(arrivals.next, 10_000);
    const missed = at(3_005_000);
    assert.equal(missed.length, 300);
    assert.deepEqual([missed[0], missed.at(-1)], [10_000, 3_000_000]);
    assert.deepEqual(at(3_009_999), []);
    assert.deepEqual(at(3_010_000), [3_010_000]);
  });

  it('starts everything that the plan has, once, however it is called and by however many workers', () => {
    const ramp: OpenLoad = {
      ...steady(0, 0),
      stages: [{ duration: millis(7_000), from: perSecond(10), to: perSecond(90) }],
    };
    const all = [...arrivals(ramp, 1)];
    const shares = [0, 1, 2].map(worker => {
      const { at, arrivals } = feedOf(ramp, { worker, workers: 3 });
      const started: Micros[] = [];
      for (let moment = 0; !arrivals.finished; moment += 33_333 + 250_000 * worker)
        started.push(...at(moment));
      return started;
    });
    assert.deepEqual(
      shares.flat().sort((one, other) => one - other),
      all,
    );
    assert.deepEqual(
      shares.map(share => share.length),
      [117, 117, 116],
    );
  });

  it('starts nothing more once it is stopped', () => {
    const { at, arrivals } = feedOf(steady(100, 10));
    at(1e6);
    arrivals.stop();
    assert.deepEqual(at(2e6), []);
    assert.ok(arrivals.finished, 'there are arrivals left');
  });
});

describe('random arrivals', () => {
  it('scatter as a Poisson process does, second by second', () => {
    const seconds = 2_000;
    const moments = [...arrivals({ ...steady(40, seconds), arrivals: 'poisson' }, 5)];
    const counts = new Array<number>(seconds).fill(0);
    for (const moment of moments) {
      const second = Math.floor(moment / 1e6);
      counts[second] = (counts[second] ?? 0) + 1;
    }
    const mean = moments.length / seconds;
    const variance = counts.reduce((total, count) => total + (count - mean) ** 2, 0) / (seconds - 1);
    // 80,000 arrivals: the mean has a standard error of 0.35 %; 2,000 seconds: the variance one of 3.2 %.
    assert.ok(Math.abs(mean / 40 - 1) < 0.015, `mean ${mean}`);
    assert.ok(Math.abs(variance / mean - 1) < 0.13, `variance ${variance}`);
  });
});

describe('the staffing', () => {
  const cores = availableParallelism();
  const open = (rate: number, max = 1_000) =>
    planFor(1, openLoad(rate, 1), [request('/')], { connections: { max } });

  it('leaves a core to the main thread, adds workers with the rate, and spins where a core is left', () => {
    assert.deepEqual(staffingFor(open(100), {}), {
      workers: 1,
      pacing: cores > 1 ? 'precise' : 'economical',
    });
    const most = Math.max(1, cores - 1);
    assert.equal(staffingFor(open(1e6), {}).workers, most);
    assert.equal(staffingFor(open(30_000), {}).workers, Math.min(2, most));
    assert.equal(staffingFor(open(100), { workers: cores }).pacing, 'economical');
    assert.equal(staffingFor(open(100), { workers: cores + 1, pacing: 'precise' }).pacing, 'precise');
  });

  it('counts the requests of journeys, not the journeys', () => {
    const steps = Array.from({ length: 3 }, () => request('/'));
    const plan = planFor(1, openLoad(10_000, 1), steps);
    assert.equal(staffingFor(plan, {}).workers, Math.min(2, Math.max(1, cores - 1)));
  });

  it('has no worker without a connection or a user of its own', () => {
    assert.equal(staffingFor(open(100, 2), { workers: 5 }).workers, 2);
    const users = planFor(1, closedLoad(3, 1), [request('/')]);
    assert.equal(staffingFor(users, { workers: 5 }).workers, 3);
    assert.equal(staffingFor({ ...users, engine: 'autocannon' }, { workers: 5 }).workers, 1);
  });

  it('is told by what was measured: how many workers, and which pacing auto chose', async () => {
    const target = await startTarget({ '/': {} });
    const plan = planFor(target.port, openLoad(50, 1), [request('/')]);
    const told = async (staffing: Parameters<typeof staffingFor>[1]) => {
      const { generator } = await measure(plan, { addresses: ['127.0.0.1'], staffing });
      return { workers: generator.workers, pacing: generator.pacing };
    };
    assert.deepEqual(await told({}), staffingFor(plan, {}));
    assert.deepEqual(await told({ workers: cores }), { workers: cores, pacing: 'economical' });
    assert.deepEqual(await told({ workers: 1, pacing: 'economical' }), { workers: 1, pacing: 'economical' });
    await target.stop();
  });
});
