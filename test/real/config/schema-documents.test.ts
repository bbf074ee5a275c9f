import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { schemaDocuments } from '../../../schema/generate.ts';
import { budgetsFor, readBudgetsFile } from '../../../src/config/budgets.ts';
import { timeoutOf } from '../../../src/config/scenario/plan.ts';
import { budgetsJsonSchema, scenarioJsonSchema } from '../../../src/config/schema-documents.ts';
import { base, inWorkspace, planOf } from './workspace.ts';

const scenario = `# yaml-language-server: $schema=../schema/scenario.json
name: browse-bills
target: \${TARGET:-http://127.0.0.1:4010}
serve: { start: npm start -w examples/bills-api, ready: GET /health, timeout: 30s }
load:
  model: open
  warmup: 5s
  arrivals: constant
  stages:
    - { duration: 30s, rate: 200/s }
    - { duration: 30s, rate: 200/s..400/s }
seed: 1
connections: { max: 1000 }
defaults: { timeout: 10s, headers: { accept: application/json } }
data:
  bills: { file: data/bills.csv, pick: random }
journeys:
  - name: read a bill
    weight: 3
    steps:
      - GET /api/bills?page=1&limit=20
      - request: 'GET /api/bills/{{bills.id}}'
        endpoint: GET /api/bills/:id
        expect: { status: 200, schema: schemas/bill.json }
        capture: { author: $.authorId }
      - think: 200ms..800ms
      - 'GET /api/users/{{author}}'
`;
const files = { 'data/bills.csv': 'id\n1\n', 'schemas/bill.json': '{ "type": "object" }' };

const budgets = {
  $schema: './schema/budgets.json',
  defaults: { errorRate: '1%' },
  endpointDefaults: { p99: '1s' },
  scenarios: {
    'browse-bills': {
      total: { rps: '380/s' },
      stages: { '2': { p95: '150ms' } },
      endpoints: { 'GET /api/bills': { p95: '100ms', p99: { limit: '250ms', warn: '200ms' } } },
    },
  },
  regression: { onInconclusive: 'warn' },
};

function compiled(schema: object): ValidateFunction {
  return new Ajv({ allErrors: true }).compile(schema);
}

describe('the committed schemas', () => {
  for (const [file, text] of Object.entries(schemaDocuments())) {
    test(`hold what the source says: ${file} (npm run schema writes it)`, async () => {
      assert.equal(await readFile(new URL(`../../../schema/${file}`, import.meta.url), 'utf8'), text);
    });
  }
});

describe("the design's own examples", () => {
  const validScenario = compiled(scenarioJsonSchema());
  const validBudgets = compiled(budgetsJsonSchema());

  test('are read, and fit each other', async () => {
    const plan = await planOf(scenario, { files });
    assert.deepEqual(
      plan.endpoints.map(({ name }) => name),
      ['GET /api/bills', 'GET /api/bills/:id', 'GET /api/users/:author'],
    );
    assert.deepEqual(plan.serve?.ready, { method: 'GET', path: '/health' });
    await inWorkspace({ 'budgets.json': JSON.stringify(budgets) }, async cwd => {
      const subject = {
        scenario: plan.scenario,
        endpoints: plan.endpoints.map(({ name }) => name),
        stages: plan.load.stages.length,
        timeoutMs: timeoutOf(plan),
        signals: plan.signals.map(({ name }) => name),
        file: null,
        others: null,
      };
      assert.equal(budgetsFor(await readBudgetsFile('budgets.json', cwd), subject).budgets.length, 7);
    });
  });

  test('satisfy the JSON Schemas as they are written', () => {
    assert.ok(validScenario(parse(scenario)), JSON.stringify(validScenario.errors));
    assert.ok(validBudgets(budgets), JSON.stringify(validBudgets.errors));
  });

  const variants = [
    `${base}steps: [GET /a]`,
    'target: http://127.0.0.1:1\nload: { model: closed, stages: [{ duration: 1s, users: 50 }, { duration: 1s, users: 10..50 }] }\nsteps: [GET /a]',
    'target: http://127.0.0.1:1\nload: { model: closed, users: 10, iterations: 1000, maxDuration: 2m }\nsteps: [{ request: POST /a, json: { a: [1, null] } }]',
    `${base.replace('10/s', `"\${RATE}"`)}steps: [GET /a]\nseed: "\${SEED:-1}"`,
    `${base}steps: [GET /a]
connections: { max: 10, reconnect: every request }
dns: perConnection
tls: { ca: certs/ca.pem, cert: certs/client.pem, key: certs/client.key, serverName: api.example.com }
insecure: true
maxResponse: 1MB
abortOn: { errorRate: 50%, for: 10s }
engine: http`,
    `${base}steps: [GET /a]\ninsecure: "\${INSECURE:-false}"\ndns: "\${DNS}"\nengine: "\${ENGINE}"\nmaxResponse: "\${MAX}"`,
    `${base}steps: [GET /a]\nserve: { install: npm ci, build: npm run build, start: npm start, ready: GET / }`,
    `${base.replace('http://127.0.0.1:4010', 'unix:/run/api.sock:/v1')}steps: [GET /a]`,
  ];
  test('are not the only ones', () => {
    for (const variant of variants)
      assert.ok(validScenario(parse(variant)), JSON.stringify(validScenario.errors));
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['an unknown key', 'seed: 1', 'sede: 1'],
    ['an unknown key in a step', 'endpoint: GET', 'endpiont: GET'],
    ['a number without its unit', 'duration: 30s, rate: 200/s }', 'duration: 30, rate: 200/s }'],
    ['a wrong unit', 'rate: 200/s }', 'rate: 200ms }'],
    ['a status that never comes', 'status: 200', 'status: 99'],
    ['a weight of zero', 'weight: 3', 'weight: 0'],
    ['a word that is none', 'pick: random', 'pick: randm'],
    ['journeys beside steps', 'seed: 1', 'steps: [GET /a]'],
    ['a certificate without its key', 'seed: 1', 'tls: { cert: a.crt }'],
    ['a key without its certificate', 'seed: 1', 'tls: { key: a.key }'],
    ['a switch that is none', 'seed: 1', 'insecure: maybe'],
    ['a word that dns does not know', 'seed: 1', 'dns: always'],
    ['an engine that is none', 'seed: 1', 'engine: k6'],
    ['an unknown way to use connections', 'max: 1000', 'reconnect: everyRequest'],
    ['an end that has no span', 'seed: 1', 'abortOn: { errorRate: 50% }'],
    ['a size without its unit', 'seed: 1', 'maxResponse: 64'],
    ['a build that is no command', 'timeout: 30s }', 'build: true }'],
    ['a name that templates could not use', 'bills: { file', '"a b": { file'],
  ];
  for (const [what, right, wrong] of mistakes) {
    test(`are told from a scenario with ${what}`, () => {
      assert.ok(scenario.includes(right), `${right} is not in the scenario`);
      assert.equal(validScenario(parse(scenario.replace(right, wrong))), false);
    });
  }

  const limits = [
    { p95: 100 },
    { p95: '1%' },
    { p95s: '100ms' },
    { rps: '1%' },
    { p95: { warn: '1ms' } },
    { p95: { limit: '1ms', max: '1ms' } },
  ];
  for (const wrong of limits) {
    test(`are told from budgets with ${JSON.stringify(wrong)}`, () => {
      assert.equal(validBudgets({ ...budgets, defaults: wrong }), false);
    });
  }
});

describe('every key of the schemas', () => {
  test('says what it is for', () => {
    const silent: string[] = [];
    const walk = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties = {}, ...rest } = schema as {
        properties?: { [key: string]: { description?: string; allOf?: unknown } };
      };
      for (const [key, property] of Object.entries(properties)) {
        const told = property.description !== undefined || property.allOf !== undefined || key === '$schema';
        if (!told) silent.push(`${path}.${key}`);
        walk(property, `${path}.${key}`);
      }
      for (const [key, value] of Object.entries(rest)) walk(value, `${path}/${key}`);
    };
    walk(scenarioJsonSchema(), 'scenario');
    walk(budgetsJsonSchema(), 'budgets');
    assert.deepEqual(silent, []);
  });
});
