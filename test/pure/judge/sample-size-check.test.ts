import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMetric } from '../../../src/analysis/metrics/table.ts';
import { mostOffered } from '../../../src/judge/budgets/planned-load.ts';
import { expectedRequests, foresee } from '../../../src/judge/budgets/sample-size-check.ts';
import type { Budget, Scope } from '../../../src/model/judgement/budget.ts';
import { type Plan, usualTransport } from '../../../src/model/run/plan.ts';
import type { Journey, Load, OpenSides, Step } from '../../../src/model/run/scenario.ts';
import { millis, perSecond } from '../../../src/model/units.ts';
import { budget, budgets } from './budgets.ts';

const request = (endpoint: number): Step => ({
  kind: 'request',
  endpoint,
  method: 'GET',
  path: { literals: ['/'], expressions: [] },
  headers: [],
  body: null,
  timeout: millis(10_000),
  expect: { statuses: null, schema: null },
  captures: [],
});
const think: Step = { kind: 'think', min: millis(100), max: millis(200) };
const stage = (seconds: number, from: number, to = from): OpenSides => ({
  duration: millis(seconds * 1_000),
  from: perSecond(from),
  to: perSecond(to),
});
const journey = (weight: number, ...steps: readonly Step[]): Journey => ({
  name: 'j',
  weight,
  steps,
  slots: 0,
});

function planOf(stages: readonly OpenSides[], journeys: readonly Journey[], load?: Load): Plan {
  return {
    scenario: 'browse',
    file: null,
    digest: '',
    target: {
      url: 'http://127.0.0.1',
      protocol: 'http',
      host: '127.0.0.1',
      port: 80,
      basePath: '',
      socketPath: null,
    },
    serve: null,
    load: load ?? { model: 'open', warmup: millis(5_000), arrivals: 'constant', stages },
    seed: 1,
    connections: { max: 100 },
    transport: usualTransport,
    engine: 'http',
    abortOn: null,
    signals: [],
    endpoints: [
      { name: 'GET /a', method: 'GET' },
      { name: 'GET /b', method: 'GET' },
    ],
    data: [],
    journeys,
    secrets: [],
  };
}

const closed: Load = {
  model: 'closed',
  warmup: millis(0),
  stages: [{ duration: millis(1_000), from: 1, to: 1 }],
  pacing: millis(0),
  iterations: null,
};

describe('the expected requests of a plan', () => {
  it('follow rates, ramps, weights and steps, warm-up apart', () => {
    const plan = planOf(
      [stage(10, 100), stage(10, 100, 300)],
      [journey(3, request(0), think, request(1), request(1)), journey(1, request(0))],
    );
    assert.deepEqual(expectedRequests(plan), [
      { endpoint: 'GET /a', perSecond: 150, requests: 3_000 },
      { endpoint: 'GET /b', perSecond: 225, requests: 4_500 },
    ]);
  });

  it('are unknown of a closed load', () => {
    assert.equal(expectedRequests(planOf([], [journey(1, request(0))], closed)), null);
    assert.deepEqual(foresee(planOf([], [journey(1, request(0))], closed), budgets(budget('p99', 1))), []);
  });
});

describe('foresight', () => {
  /** What the plan is too short for, with the samples that are needed rounded up. */
  const shortfalls = (of: Plan, ...limits: readonly Budget[]) =>
    foresee(of, budgets(...limits)).map(one =>
      one.kind === 'shortfall' ? { ...one, needed: Math.ceil(one.needed) } : one,
    );
  const subjectOf = (metric: string, scope: Scope = { kind: 'total' }) =>
    ({ kind: 'shortfall', metric: parseMetric(metric), scope }) as const;
  const onA = { scope: { kind: 'endpoint', endpoint: 'GET /a' } } as const;
  const plan = planOf(
    [stage(20, 4), stage(10, 4)],
    [journey(1, request(0), request(1), request(1), request(1))],
  );

  it('names a budget that the plan is too short to settle, the samples it needs and those it gets', () => {
    assert.deepEqual(shortfalls(plan, budget('p99', 100, onA), budget('errorRate', 0.05)), [
      { ...subjectOf('p99', onA.scope), needed: 368, requests: 120, seconds: 30 },
    ]);
  });

  it('says nothing of budgets that any run settles or that this one can', () => {
    const settled = [budget('p95', 1, onA), budget('avg', 1), budget('rps', 1), budget('max', 1)];
    assert.deepEqual(foresee(plan, budgets(...settled)), []);
  });

  it('thinks of the 1 % of errors that applies where no budget names any', () => {
    assert.deepEqual(shortfalls(planOf([stage(10, 20)], [journey(1, request(0))]), budget('p95', 100)), [
      { ...subjectOf('errorRate'), needed: 368, requests: 200, seconds: 10 },
    ]);
  });

  it('goes by the rate of the plan, however few requests come of it', () => {
    assert.deepEqual(shortfalls(planOf([stage(2, 0.1)], [journey(1, request(0))])), [
      { ...subjectOf('errorRate'), needed: 368, requests: 0.2, seconds: 2 },
    ]);
  });

  it('counts the requests of one stage alone for a budget on it', () => {
    const scope = { kind: 'stage', stage: 2 } as const;
    assert.deepEqual(shortfalls(plan, budget('p99', 100, { scope }), budget('errorRate', 0.05)), [
      { ...subjectOf('p99', scope), needed: 368, requests: 160, seconds: 10 },
    ]);
  });

  it('tells of a journey that hardly any arrival makes, in place of what its endpoint lacks', () => {
    const rare = planOf(
      [stage(10, 100)],
      [journey(1_000_000, request(0)), { ...journey(1, request(1)), name: 'rare' }],
    );
    const onB = { scope: { kind: 'endpoint', endpoint: 'GET /b' } } as const;
    const told = { kind: 'rareJourney', journey: 'rare', weight: 1, weights: 1_000_001 } as const;
    assert.deepEqual(shortfalls(rare, budget('p99', 100, onB)), [{ ...told, planned: 1_000 }]);
    const closedLoad = { ...rare, load: closed };
    assert.deepEqual(shortfalls(closedLoad), [{ ...told, planned: null }]);
    const many = planOf(
      [stage(1, 1)],
      Array.from({ length: 20 }, () => journey(1, request(0))),
    );
    assert.deepEqual(
      shortfalls(many).map(({ kind }) => kind),
      ['shortfall'],
    );
  });

  it('tells once of a stage in which no journey starts and that has budgets', () => {
    const idle = planOf([stage(10, 100), stage(5, 0)], [journey(1, request(0), request(1))]);
    const scope = { kind: 'stage', stage: 2 } as const;
    assert.deepEqual(shortfalls(idle, budget('p99', 100, { scope }), budget('p50', 100, { scope })), [
      { kind: 'idleStage', stage: 2 },
    ]);
  });
});

describe('the most requests that a plan can offer', () => {
  const total = { kind: 'total' } as const;
  const one = [journey(1, request(0))];

  it('are those of its arrivals where journeys have one step, warm-up apart, and of a ramp its mean', () => {
    assert.deepEqual(mostOffered(planOf([stage(10, 20)], one), total), { requests: 200, seconds: 10 });
    assert.deepEqual(mostOffered(planOf([stage(10, 0, 40)], one), total), { requests: 200, seconds: 10 });
    assert.deepEqual(mostOffered(planOf([stage(10, 20), stage(5, 0)], one), { kind: 'stage', stage: 2 }), {
      requests: 0,
      seconds: 5,
    });
    assert.deepEqual(mostOffered(planOf([stage(1, 10.5)], one), total), { requests: 11, seconds: 1 });
  });

  it('count later steps of journeys that started before: in the warm-up, or in an earlier stage', () => {
    const two = planOf([stage(10, 20), stage(5, 0)], [journey(1, request(0), request(1))]);
    assert.deepEqual(mostOffered(two, total), { requests: 200 + 300, seconds: 15 });
    assert.deepEqual(mostOffered(two, { kind: 'stage', stage: 2 }), { requests: 300, seconds: 5 });
    assert.deepEqual(mostOffered(two, { kind: 'endpoint', endpoint: 'GET /a' }), {
      requests: 200,
      seconds: 15,
    });
  });

  it('leave room for chance where arrivals or journeys are random', () => {
    const poisson: Load = { ...planOf([stage(10, 20)], one).load, arrivals: 'poisson' } as Load;
    const most = mostOffered(planOf([], one, poisson), total)?.requests ?? 0;
    assert.ok(most > 250 && most < 300, `${most} of 200 on average`);
    const halves = [journey(1, request(0)), journey(1, request(1))];
    const ofA = mostOffered(planOf([stage(10, 20)], halves), { kind: 'endpoint', endpoint: 'GET /a' });
    assert.ok(ofA && ofA.requests > 130 && ofA.requests < 150, `${ofA?.requests} of 100 on average`);
  });

  it('are unknown of a closed load', () => {
    assert.equal(mostOffered(planOf([], one, closed), total), null);
  });
});
