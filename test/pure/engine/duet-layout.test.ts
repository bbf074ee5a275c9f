import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  layoutOf,
  steadyPlan,
  unreachable,
  warmUpPairs,
  warmUpPairsAgain,
} from '../../../src/engine/slots/duet-layout.ts';
import type { Plan } from '../../../src/model/run/plan.ts';
import type { ClosedLoad, Load, OpenLoad } from '../../../src/model/run/scenario.ts';
import { millis, perSecond, ratio } from '../../../src/model/units.ts';
import { closedLoad, openLoad, planFor, request } from '../plan-builder.ts';

const open = (...stages: readonly [seconds: number, from: number, to: number][]): OpenLoad => ({
  ...(openLoad(1, 1) as OpenLoad),
  warmup: millis(5_000),
  stages: stages.map(([seconds, from, to]) => ({
    duration: millis(seconds * 1_000),
    from: perSecond(from),
    to: perSecond(to),
  })),
});
const planOf = (load: Load, overrides: Partial<Plan> = {}) => planFor(1, load, [request('/')], overrides);
const pairsOf = (plan: Plan) => layoutOf(plan, 'restart').pairsPerRestart;

describe('the layout of a duet', () => {
  it('has the mean rate of the measured stages, by their lengths, and forgets the warm-up', () => {
    const { load } = layoutOf(planOf(open([15, 60, 60], [15, 60, 120])), 'restart');
    assert.deepEqual(load, { model: 'open', rate: 75 });
    const uneven = layoutOf(planOf(open([30, 100, 100], [10, 200, 200])), 'restart');
    assert.deepEqual(uneven.load, { model: 'open', rate: 125 });
  });

  it('has the mean number of users, whole and at least one', () => {
    const stage = (seconds: number, from: number, to: number) => ({
      duration: millis(seconds * 1_000),
      from,
      to,
    });
    const load: ClosedLoad = { ...(closedLoad(1, 1) as ClosedLoad), stages: [stage(10, 5, 10)] };
    assert.deepEqual(layoutOf(planOf(load), 'round').load, { model: 'closed', users: 8 });
    const few = { ...load, stages: [stage(10, 0, 0)] };
    assert.deepEqual(layoutOf(planOf(few), 'round').load, { model: 'closed', users: 1 });
  });

  it('names its restart, slots of 250 ms, and the restarts of the last look', () => {
    const { repeat, slotMs, mostRestarts } = layoutOf(planOf(openLoad(100, 10)), 'round');
    assert.deepEqual({ repeat, slotMs, mostRestarts }, { repeat: 'round', slotMs: 250, mostRestarts: 26 });
  });

  it('has as many pairs as 340 requests of the rarest endpoint need, from 18 to 36', () => {
    assert.equal(pairsOf(planOf(openLoad(500, 10))), 18);
    assert.equal(pairsOf(planOf(openLoad(76, 10))), 18);
    assert.equal(pairsOf(planOf(openLoad(75, 10))), 19);
    assert.equal(pairsOf(planOf(openLoad(68, 10))), 20);
    assert.equal(pairsOf(planOf(openLoad(10, 10))), 36);
  });

  it('has half as many pairs for each of several instances', () => {
    const plan = planOf(openLoad(150, 10));
    const pairsOf = (instances: number) => layoutOf(plan, 'round', {}, instances).pairsPerRestart;
    assert.deepEqual([pairsOf(1), pairsOf(2), pairsOf(10)], [18, 9, 9]);
    assert.equal(layoutOf(plan, 'round', { pairsPerRestart: 5 }, 10).pairsPerRestart, 5);
  });

  it('counts the requests of every journey by its weight', () => {
    const plan = planOf(openLoad(100, 10));
    const [journey] = plan.journeys;
    assert.ok(journey, 'a journey');
    const journeys = [
      { ...journey, weight: 3, steps: [request('/'), request('/', { endpoint: 1 })] },
      { ...journey, weight: 1, steps: [request('/', { endpoint: 1 }), request('/', { endpoint: 2 })] },
    ];
    // The third endpoint gets 25 requests a second: too few. Four times in a journey, it gets as many as the second.
    assert.equal(pairsOf({ ...plan, journeys }), 36);
    const often = [
      request('/', { endpoint: 2 }),
      request('/', { endpoint: 2 }),
      request('/', { endpoint: 2 }),
    ];
    const [first, second] = journeys;
    assert.ok(first && second, 'two journeys');
    // 75 requests a second.
    assert.equal(pairsOf({ ...plan, journeys: [first, { ...second, steps: often }] }), 19);
  });

  it('guesses the rate of users from think times, pacing and answers of 10 ms', () => {
    const withThink = (users: number, thinkMs: number) =>
      planFor(1, closedLoad(users, 10), [
        request('/'),
        { kind: 'think', min: millis(thinkMs / 2), max: millis((3 * thinkMs) / 2) },
      ]);
    assert.equal(pairsOf(planOf(closedLoad(4, 10))), 18);
    // 10 users of 10 + 125 ms: 74 a second.
    assert.equal(pairsOf(withThink(10, 125)), 19);
    const paced = { ...(closedLoad(10, 10) as ClosedLoad), pacing: millis(150) };
    // 66.7 a second.
    assert.equal(pairsOf(planOf(paced)), 21);
  });
});

describe('the layout of a duet by options', () => {
  const pairsAt = (slotMs: number, rate: number) =>
    layoutOf(planOf(openLoad(rate, 10)), 'round', { slotMs }).pairsPerRestart;

  it('has as much time a side in slots of another length, from 4.5 to 9 s', () => {
    assert.deepEqual([pairsAt(50, 500), pairsAt(50, 68), pairsAt(50, 10)], [90, 100, 180]);
    assert.deepEqual([pairsAt(1_000, 500), pairsAt(1_000, 68), pairsAt(1_000, 10)], [5, 5, 9]);
    assert.equal(pairsAt(400, 500), 12, '11.25 are twelve');
    assert.equal(pairsAt(10_000, 500), 2, 'no fewer than two');
    assert.equal(layoutOf(planOf(openLoad(500, 10)), 'round', { slotMs: 50 }).slotMs, 50);
  });

  it('has the pairs that are asked, however long the slots', () => {
    const plan = planOf(openLoad(500, 10));
    const { slotMs, pairsPerRestart } = layoutOf(plan, 'round', { pairsPerRestart: 7 });
    assert.deepEqual([slotMs, pairsPerRestart], [250, 7]);
    assert.equal(layoutOf(plan, 'round', { slotMs: 50, pairsPerRestart: 12 }).pairsPerRestart, 12);
  });
});

describe('the warm-up of a duet', () => {
  it('lasts from 2 to 30 s of a side, whatever its slots', () => {
    assert.deepEqual(warmUpPairs({ slotMs: 250, pairsPerRestart: 18 }), { leastPairs: 8, mostPairs: 120 });
    assert.deepEqual(warmUpPairs({ slotMs: 50, pairsPerRestart: 90 }), { leastPairs: 40, mostPairs: 600 });
    assert.deepEqual(warmUpPairs({ slotMs: 10_000, pairsPerRestart: 2 }), { leastPairs: 1, mostPairs: 3 });
  });

  it('lasts at least half of what is measured where that is short', () => {
    assert.equal(warmUpPairs({ slotMs: 50, pairsPerRestart: 12 }).leastPairs, 6);
    assert.equal(warmUpPairs({ slotMs: 250, pairsPerRestart: 3 }).leastPairs, 2);
  });

  it('lasts a minute of all sides together at most, however many take turns', () => {
    const layout = { slotMs: 250, pairsPerRestart: 18 };
    assert.deepEqual(warmUpPairs(layout, 10), { leastPairs: 8, mostPairs: 24 });
    assert.deepEqual(warmUpPairs(layout, 3), { leastPairs: 8, mostPairs: 80 });
    assert.deepEqual(warmUpPairs({ slotMs: 10_000, pairsPerRestart: 2 }, 20), {
      leastPairs: 1,
      mostPairs: 1,
    });
  });

  it('of sides that are warm opens connections, and takes journeys that think as far as a restart does', () => {
    const plan = planOf(openLoad(500, 10));
    const again = (slotMs: number, pairsPerRestart: number, of = plan) =>
      warmUpPairsAgain({ slotMs, pairsPerRestart }, of);
    assert.deepEqual(again(250, 18), { leastPairs: 2, mostPairs: 2 });
    assert.deepEqual(again(10_000, 2), { leastPairs: 1, mostPairs: 1 });
    const think = { kind: 'think', min: millis(100), max: millis(200) } as const;
    const thinking = {
      ...plan,
      journeys: plan.journeys.map(of => ({ ...of, steps: [think, ...of.steps] })),
    };
    assert.deepEqual(again(250, 18, thinking), { leastPairs: 8, mostPairs: 8 });
  });
});

describe('an endpoint behind think times', () => {
  const wait = (min: number, max = min) => ({
    kind: 'think' as const,
    min: millis(min),
    max: millis(max),
  });
  /** Restarts of 2 s of warm-up and 4.5 s measured. */
  const lateOf = (...journeys: Plan['journeys'][number]['steps'][]) => {
    const all = planFor(1, openLoad(500, 10), journeys.flat());
    const [journey] = all.journeys;
    assert.ok(journey, 'a journey');
    const plan = { ...all, journeys: journeys.map(steps => ({ ...journey, steps })) };
    return unreachable(plan, layoutOf(plan, 'restart'));
  };
  const [first, second, third] = [
    request('/first'),
    request('/second', { endpoint: 1 }),
    request('/third', { endpoint: 2 }),
  ];

  it('is never reached where the least of them last longer than a restart', () => {
    const steps = [first, wait(6_000, 9_000), second, wait(501), third];
    assert.deepEqual(lateOf(steps), {
      restartMs: 6_500,
      endpoints: [{ endpoint: 'GET /third', afterMs: 6_501 }],
    });
  });

  it('is held against the journey that is there first', () => {
    const { endpoints } = lateOf([first, wait(60_000), third], [second, wait(10, 60_000), third]);
    assert.deepEqual(endpoints, []);
  });
});

describe('the plan of a duet', () => {
  it('is steady for the measured pairs, without warm-up or a condition that ends it', () => {
    const abortOn = { errorRate: ratio(0.5), for: millis(1_000) };
    const plan = planOf(open([15, 60, 60], [15, 60, 120]), { abortOn });
    const steady = steadyPlan(plan, layoutOf(plan, 'restart'));
    const duration = millis(19 * 250);
    assert.deepEqual(steady.load, {
      model: 'open',
      arrivals: 'constant',
      warmup: 0,
      stages: [{ duration, from: 75, to: 75 }],
    });
    assert.equal(steady.abortOn, null);
    assert.equal(steady.seed, plan.seed);
    assert.equal(steady.digest, plan.digest);
  });

  it('counts no journeys, and keeps the pace of its users', () => {
    const load = { ...(closedLoad(4, 10, 100) as ClosedLoad), pacing: millis(50) };
    const plan = planOf(load);
    assert.deepEqual(steadyPlan(plan, layoutOf(plan, 'round')).load, {
      model: 'closed',
      warmup: 0,
      pacing: 50,
      iterations: null,
      stages: [{ duration: 18 * 250, from: 4, to: 4 }],
    });
  });
});
