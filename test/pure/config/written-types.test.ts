import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type * as z from 'zod';
import { budgetsSchema } from '../../../src/config/schema/budgets/budgets-schema.ts';
import type { Budgets } from '../../../src/config/schema/budgets/budgets-value.ts';
import { scenarioSchema } from '../../../src/config/schema/scenario-schema.ts';
import type { Scenario } from '../../../src/config/schema/scenario-value.ts';
import type { Json } from '../../../src/config/schema/step-value.ts';

/**
 * What a type says of the values to be written, and no more: nothing of who may write to them, of `undefined`, nor of
 * keys that stand there only to be left out. A key that may be left out is marked, since a type without it would do.
 */
type Plain<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : {
        readonly [Key in keyof T as [Exclude<T[Key], undefined>] extends [never] ? never : Key]-?:
          | PlainField<Exclude<T[Key], undefined>>
          | (Record<never, never> extends Pick<T, Key> ? LeftOut : never);
      };
declare const leftOut: unique symbol;
type LeftOut = typeof leftOut;
type PlainField<T> = [Json] extends [T] ? Json : Plain<T>;
type Both<T> = Omit<T, 'journeys' | 'steps'> & {
  readonly journeys?: Extract<T, { readonly journeys: unknown }>['journeys'];
  readonly steps?: Extract<T, { readonly steps: unknown }>['steps'];
};

/** `tsc` fails here where one type is not assignable to the other. */
type Same<One extends Other, Other extends Back, Back = One> = true;

type ReadScenario = Plain<z.input<typeof scenarioSchema>>;
type ReadBudgets = Plain<z.input<typeof budgetsSchema>>;

const scenariosAreTheSame: Same<Plain<Both<Scenario>>, ReadScenario> = true;
const budgetsAreTheSame: Same<Plain<Budgets>, ReadBudgets> = true;

const browse: Scenario = {
  name: 'browse-bills',
  target: 'http://127.0.0.1:4010',
  serve: { install: 'npm ci', start: 'npm start', ready: 'GET /health', timeout: '30s' },
  load: {
    model: 'open',
    warmup: '5s',
    arrivals: 'constant',
    stages: [
      { duration: '30s', rate: '200/s' },
      { duration: '30s', rate: '200/s..400/s' },
    ],
  },
  seed: 1,
  connections: { max: 1000 },
  defaults: { timeout: '10s', headers: { accept: 'application/json' } },
  data: { bills: { file: 'data/bills.csv', pick: 'random' } },
  journeys: [
    {
      name: 'read a bill',
      weight: 3,
      steps: [
        'GET /api/bills?page=1&limit=20',
        {
          request: 'GET /api/bills/{{bills.id}}',
          endpoint: 'GET /api/bills/:id',
          expect: { status: 200, schema: 'schemas/bill.json' },
          capture: { author: '$.authorId' },
        },
        { think: '200ms..800ms' },
        'GET /api/users/{{author}}',
        { request: 'POST /api/votes', json: { billId: '{{bills.id}}', tags: ['a', { b: null }] } },
      ],
    },
  ],
};

/** The rest of a scenario, for those of which one part is looked at. */
const target = 'http://127.0.0.1:4010';
const load = { model: 'open', stages: [{ duration: '30s', rate: '100/s' }] } as const;
const steps = ['GET /'] as const;

const scenarios: readonly (readonly [what: string, Scenario])[] = [
  ['the one of the documentation', browse],
  ['one of a list of steps', { target, load, steps }],
  [
    'a closed load of stages',
    { target, steps, load: { model: 'closed', stages: [{ duration: '1m', users: 50 }] } },
  ],
  [
    'a closed load of a range of users',
    { target, steps, load: { model: 'closed', pacing: '1s', stages: [{ duration: '1m', users: '10..50' }] } },
  ],
  [
    'a fixed count of journeys',
    { target, steps, load: { model: 'closed', users: 10, iterations: 1000, maxDuration: '2m' } },
  ],
  [
    'quantities that were computed',
    { target, steps, load: { model: 'open', stages: [{ duration: `${10 * 3}s`, rate: `${100 / 2}/s` }] } },
  ],
];

/** Each is refused by `tsc`, and by the schema as well. */
const mistakes: readonly (readonly [what: string, Scenario])[] = [
  // @ts-expect-error a key that no scenario has
  ['an unknown key', { target, load, steps, users: 10 }],
  // @ts-expect-error nothing says what users do
  ['neither journeys nor steps', { target, load }],
  // @ts-expect-error two answers to one question
  ['both journeys and steps', { target, load, steps, journeys: [{ steps }] }],
  // @ts-expect-error no target
  ['no target', { load, steps }],
  // @ts-expect-error a number without its unit
  ['a duration without a unit', { target, steps, load: { ...load, warmup: '5' } }],
  // @ts-expect-error a number
  ['a number for a duration', { target, steps, load: { ...load, warmup: 5 } }],
  [
    'users in an open load',
    // @ts-expect-error users belong to the closed model
    { target, steps, load: { model: 'open', stages: [{ duration: '1s', users: 5 }] } },
  ],
  [
    'a rate in a closed load',
    // @ts-expect-error a rate belongs to the open model
    { target, steps, load: { model: 'closed', stages: [{ duration: '1s', rate: '5/s' }] } },
  ],
  [
    'stages and a count',
    // @ts-expect-error either stages or a count
    { target, steps, load: { model: 'closed', users: 1, iterations: 1, stages: [] } },
  ],
  // @ts-expect-error no such model
  ['an unknown model', { target, steps, load: { ...load, model: 'half-open' } }],
  // @ts-expect-error a method alone
  ['a step without a path', { target, load, steps: ['GET'] }],
  // @ts-expect-error a step is one or the other
  ['a step that requests and thinks', { target, load, steps: ['GET /', { request: 'GET /', think: '1s' }] }],
  // @ts-expect-error it belongs inside of expect
  ['a status beside the request', { target, load, steps: [{ request: 'GET /', status: 200 }] }],
  // @ts-expect-error a time is no rate
  ['a size in another unit', { target, load, steps, maxResponse: '10s' }],
];

const budgets: readonly (readonly [what: string, Budgets])[] = [
  ['nothing', {}],
  [
    'the ones of the documentation',
    {
      defaults: { errorRate: '1%' },
      endpointDefaults: { p99: '1s' },
      scenarios: {
        'browse-bills': {
          total: { rps: '380/s' },
          stages: { 2: { p95: '150ms' } },
          endpoints: { 'GET /api/bills': { p95: '100ms', 'service.p99.9': '250ms', 'ttfb.avg': '20ms' } },
        },
      },
      regression: { tolerance: '10%', floor: '3%', stored: { floor: '2ms' }, onInconclusive: 'warn' },
    },
  ],
  [
    'a limit with a warning and a waiver',
    { defaults: { p95: { limit: '1s', warn: '800ms', waiver: { until: '2027-01-31', reason: 'a move' } } } },
  ],
];

const wrongBudgets: readonly (readonly [what: string, Budgets])[] = [
  // @ts-expect-error no such metric
  ['an unknown metric', { defaults: { latency: '1s' } }],
  // @ts-expect-error no such statistic
  ['an unknown statistic', { defaults: { 'service.mode': '1s' } }],
  // @ts-expect-error a share, not a time
  ['a limit in another unit', { defaults: { errorRate: '10ms' } }],
  // @ts-expect-error a time, not a number
  ['a bare number', { defaults: { p95: 100 } }],
  // @ts-expect-error inside of a scenario
  ['a key in the wrong place', { total: { p95: '100ms' } }],
  // @ts-expect-error no such answer
  ['an unknown policy', { regression: { onInconclusive: 'ignore' } }],
];

describe('scenarios and budgets as values', () => {
  test('have the types that their schemas read', () => {
    assert.ok(scenariosAreTheSame && budgetsAreTheSame, 'tsc holds it');
  });
  for (const [what, value] of scenarios) {
    test(`a scenario may be ${what}`, () => assert.equal(scenarioSchema.safeParse(value).error, undefined));
  }
  for (const [what, value] of budgets) {
    test(`budgets may be ${what}`, () => assert.equal(budgetsSchema.safeParse(value).error, undefined));
  }
  for (const [what, value] of mistakes) {
    test(`a scenario is not ${what}`, () => assert.equal(scenarioSchema.safeParse(value).success, false));
  }
  for (const [what, value] of wrongBudgets) {
    test(`budgets are not ${what}`, () => assert.equal(budgetsSchema.safeParse(value).success, false));
  }
});
