import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layoutOf, steadyPlan } from '../../../src/engine/duet-layout.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { ClosedLoad, Load, OpenLoad } from '../../../src/model/scenario.ts';
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
const pairsOf = (plan: Plan) => layoutOf(plan, 'restart').pairsPerUnit;

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

  it('names its unit, slots of 250 ms, and the units of the last look', () => {
    const { unit, slotMs, mostUnits } = layoutOf(planOf(openLoad(100, 10)), 'round');
    assert.deepEqual({ unit, slotMs, mostUnits }, { unit: 'round', slotMs: 250, mostUnits: 26 });
  });

  it('has as many pairs as 340 requests of the rarest endpoint need, from 18 to 36', () => {
    assert.equal(pairsOf(planOf(openLoad(500, 10))), 18);
    assert.equal(pairsOf(planOf(openLoad(76, 10))), 18);
    assert.equal(pairsOf(planOf(openLoad(75, 10))), 19);
    assert.equal(pairsOf(planOf(openLoad(68, 10))), 20);
    assert.equal(pairsOf(planOf(openLoad(10, 10))), 36);
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
