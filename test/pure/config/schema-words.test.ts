import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { budgetsSchema } from '../../../src/config/schema/budgets/budgets-schema.ts';
import { problemsFromZod } from '../../../src/config/schema/problem-from-zod.ts';
import { scenarioSchema } from '../../../src/config/schema/scenario-schema.ts';
import { readJson } from '../../../src/config/source/json-document.ts';
import type { Path } from '../../../src/config/source/place.ts';

const stages = [{ duration: '1s', rate: '1/s' }];
const request = {
  request: 'GET /',
  endpoint: 'a',
  headers: { a: 'b' },
  body: 'a',
  json: {},
  timeout: '1s',
  expect: { status: 200, schema: 'a' },
  capture: { a: '$.a' },
};
const scenarios = [
  {
    $schema: 'x',
    name: 'a',
    target: 'http://a',
    serve: { install: 'a', build: 'a', start: 'a', ready: 'GET /', timeout: '1s' },
    load: { model: 'open', warmup: '1s', arrivals: 'poisson', stages },
    seed: 1,
    engine: 'http',
    connections: { max: 3, reconnect: 'as needed' },
    dns: 'once',
    tls: { ca: 'a', cert: 'a', key: 'a', serverName: 'a' },
    insecure: true,
    maxResponse: '1MB',
    abortOn: { errorRate: '5%', for: '1s' },
    defaults: { timeout: '1s', headers: { a: 'b' } },
    data: { a: { file: 'a', pick: 'random' } },
    journeys: [{ name: 'a', weight: 1, steps: ['GET /a', request, { think: '1s' }] }],
  },
  {
    target: 'http://a',
    load: { model: 'closed', pacing: '1s', stages: [{ duration: '1s', users: 3 }] },
    steps: ['GET /'],
  },
  {
    target: 'http://a',
    load: { model: 'closed', users: 3, iterations: 4, maxDuration: '1s' },
    steps: ['GET /'],
  },
];
const limit = { limit: '1s', warn: '1ms', waiver: { until: '2027-01-01', reason: 'a' } };
const budgets = {
  $schema: 'x',
  defaults: { p95: limit },
  endpointDefaults: { errorRate: '1%', rps: '1/s' },
  scenarios: {
    a: { total: { p95: '1s' }, stages: { '1': { p99: '1s' } }, endpoints: { 'GET /': { 'p99.9': '1s' } } },
  },
  regression: { onInconclusive: 'warn' },
};
const documents = [
  ...scenarios.map(value => [scenarioSchema, value] as const),
  [budgetsSchema, budgets] as const,
];

const values = [
  undefined,
  null,
  true,
  5,
  -1,
  '',
  'x',
  '1s',
  'open',
  'closed',
  'GET /a',
  [],
  {},
  [[]],
  [null],
  { zzz: 1 },
];

/** The paths of everything in a value. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap(key => pathsIn((value as never)[key], [...path, key]))];
}

/** The value with another one at a path, or with one key more there. */
function changed(value: unknown, path: Path, other: unknown): unknown {
  const root = { root: structuredClone(value) };
  const parent = ['root', ...path.slice(0, -1)].reduce((inner: never, key) => inner[key], root as never);
  if (path.length === 0) return other;
  Object.assign(parent, { [path.at(-1) ?? '']: other });
  return root.root;
}

describe('whatever is wrong with a file', () => {
  test("is told in the words of the field, never in those of the schema's library", () => {
    let told = 0;
    for (const [schema, sound] of documents) {
      for (const path of pathsIn(sound)) {
        for (const other of values) {
          const value = changed(sound, path, other);
          const { error } = schema.safeParse(value);
          if (error === undefined) continue;
          const document = readJson(JSON.stringify(value ?? null), 'a.json');
          for (const { expected = '' } of problemsFromZod(error, document, value)) {
            told++;
            assert.ok(
              expected !== '' && !/invalid|received|too small|too big|unrecognized|expected/i.test(expected),
              `${JSON.stringify(expected)} for ${JSON.stringify(other)} at ${path.join('.')}`,
            );
          }
        }
      }
    }
    assert.ok(told > 1_000, `only ${told} problems were told`);
  });
});
