import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMetric } from '../../../src/analysis/metrics/table.ts';
import { type BudgetSubject, budgetsFor, readBudgetsFile } from '../../../src/config/budgets.ts';
import { scenarioNamesBeside } from '../../../src/config/scenario/scenario-names.ts';
import { scopeName } from '../../../src/model/judgement/budget.ts';
import { inWorkspace, lines, messageOf } from './workspace.ts';

const subject: BudgetSubject = {
  scenario: 'browse-bills',
  endpoints: ['GET /api/bills', 'GET /api/bills/:id'],
  stages: 2,
  file: null,
  others: null,
  timeoutMs: 10_000,
  signals: [],
};

function budgetsOf(content: unknown, given: Partial<BudgetSubject> = {}) {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  return inWorkspace({ 'budgets.json': text }, async cwd =>
    budgetsFor(await readBudgetsFile('budgets.json', cwd), { ...subject, ...given }),
  );
}

/** Each budget as one line: scope, metric, limit. */
async function listOf(content: unknown, given: Partial<BudgetSubject> = {}): Promise<readonly string[]> {
  const { budgets } = await budgetsOf(content, given);
  return budgets.map(({ scope, metric, limit }) => `${scopeName(scope)} ${metric.name} ${limit}`);
}

/** 20 requests a second in all and in stage 1, none in stage 2. */
const mostOffered: BudgetSubject['mostOffered'] = scope =>
  scope.kind === 'stage' && scope.stage === 2 ? { requests: 0, seconds: 5 } : { requests: 200, seconds: 10 };

describe('budgets of an open load', () => {
  const stages = (stage: string, limits: object) => ({
    scenarios: { 'browse-bills': { stages: { [stage]: limits } } },
  });

  test('may want as much as it offers, and a record is held to any floor', async () => {
    assert.ok(
      (await listOf({ defaults: { rps: '20/s' } }, { mostOffered })).includes('total rps 20'),
      'kept',
    );
    assert.ok((await listOf({ defaults: { rps: '900/s' } })).includes('total rps 900'), 'kept');
    const unknown = { mostOffered: () => null };
    assert.ok((await listOf({ defaults: { rps: '900/s' } }, unknown)).includes('total rps 900'), 'kept');
  });

  test('may not want more than it offers, of the total, a stage or an endpoint', async () => {
    const told = lines(
      'budgets.json:3:5: defaults.rps: a floor for rps above what the load offers can never be met [budgets.not-offered]',
      '  found     "20.5/s"',
      '  expected  at most 20/s: the load offers no more',
      '  instead   a lower floor, or a higher rate in the scenario',
    );
    assert.equal(await messageOf(budgetsOf({ defaults: { rps: '20.5/s' } }, { mostOffered })), told);
    assert.match(
      await messageOf(budgetsOf({ endpointDefaults: { rps: '21/s' } }, { mostOffered })),
      /endpointDefaults\.rps: a floor for rps/,
    );
    assert.match(
      await messageOf(budgetsOf(stages('1', { rps: { limit: '21/s', warn: '22/s' } }), { mostOffered })),
      /stages\.1\.rps: a floor for rps/,
    );
  });

  test('may not be about a stage in which nothing is sent', async () => {
    assert.equal(
      await messageOf(budgetsOf(stages('2', { p95: '1s', errorRate: '1%' }), { mostOffered })),
      lines(
        'budgets.json:5:9: scenarios.browse-bills.stages.2: a budget for a stage in which nothing is sent [budgets.idle-stage]',
        '  found     stage 2, which has a rate of 0/s',
        '  expected  a stage in which requests are due',
        '  instead   a budget for another stage, or a rate above 0/s in this one',
      ),
    );
  });
});

describe('budgets', () => {
  test('spread their defaults over total and endpoints, and the more specific limit stands', async () => {
    assert.deepEqual(
      await listOf({
        defaults: { errorRate: '1%', p95: '200ms' },
        endpointDefaults: { p99: '1s', 'service.p99.9': '2s' },
        scenarios: {
          'browse-bills': {
            total: { rps: '380/s', p95: '150ms' },
            stages: { '2': { p95: '150ms', 'ttfb.p50': '1.5ms' } },
            endpoints: { 'GET /api/bills': { p95: '100ms', p99: '250ms' } },
          },
          other: { total: { avg: '1ms' }, endpoints: { 'GET /x': { p95: '1ms' } } },
        },
      }),
      [
        'total p95 150',
        'total errorRate 0.01',
        'total rps 380',
        'stage 2 p95 150',
        'stage 2 ttfb.p50 1.5',
        'GET /api/bills p99 250',
        'GET /api/bills service.p99.9 2000',
        'GET /api/bills p95 100',
        'GET /api/bills/:id p99 1000',
        'GET /api/bills/:id service.p99.9 2000',
      ],
    );
  });

  test('allow one percent of errors where they say nothing of errors', async () => {
    assert.deepEqual(budgetsFor(null, subject), {
      budgets: [
        {
          scope: { kind: 'total' },
          metric: parseMetric('errorRate'),
          limit: 0.01,
          warn: null,
          waiver: null,
        },
      ],
      regression: { tolerance: 0.1, floor: 0.03, stored: { tolerance: 0.25, floorMs: 2 } },
      onInconclusive: 'warn',
      file: null,
      unused: [],
    });
    assert.deepEqual(await listOf({}), ['total errorRate 0.01']);
    assert.deepEqual(await listOf({ defaults: { p95: '1s' } }), ['total errorRate 0.01', 'total p95 1000']);
    assert.deepEqual(await listOf({ endpointDefaults: { errorRate: '0%' } }), [
      'GET /api/bills errorRate 0',
      'GET /api/bills/:id errorRate 0',
    ]);
    assert.deepEqual(await listOf({ scenarios: { other: { total: { errorRate: '5%' } } } }), [
      'total errorRate 0.01',
    ]);
  });

  test('say what changes from earlier runs are tolerated, and keep the floor under a small tolerance', async () => {
    const regression = { tolerance: '20%', floor: '5%', stored: { tolerance: '50%', floor: '500us' } };
    assert.deepEqual((await budgetsOf({ regression })).regression, {
      tolerance: 0.2,
      floor: 0.05,
      stored: { tolerance: 0.5, floorMs: 0.5 },
    });
    const small = await budgetsOf({ regression: { tolerance: '4%', stored: { floor: '1ms' } } });
    assert.deepEqual(small.regression, {
      tolerance: 0.04,
      floor: 0.02,
      stored: { tolerance: 0.25, floorMs: 1 },
    });
  });

  test('can warn before they fail, and be waived until a day', async () => {
    const waiver = { until: '2027-01-31', reason: 'the index comes in January' };
    const { budgets, onInconclusive, file } = await budgetsOf({
      $schema: './schema/budgets.json',
      defaults: {
        p95: { limit: '100ms', warn: '80ms', waiver },
        rps: { limit: '100/s', warn: '120/s' },
        errorRate: '1%',
      },
      regression: { onInconclusive: 'fail' },
    });
    assert.deepEqual(
      budgets.map(({ limit, warn, waiver: waived }) => [limit, warn, waived]),
      [
        [100, 80, waiver],
        [0.01, null, null],
        [100, 120, null],
      ],
    );
    assert.equal(onInconclusive, 'fail');
    assert.equal(file, 'budgets.json');
  });

  test('know scenarios and endpoints by any name', async () => {
    const list = await listOf(
      { scenarios: { constructor: { endpoints: { toString: { p95: '1ms' } } } } },
      { scenario: 'constructor', endpoints: ['toString', 'valueOf'] },
    );
    assert.deepEqual(list, ['total errorRate 0.01', 'toString p95 1']);
    assert.deepEqual(await listOf({ scenarios: {} }, { scenario: 'constructor' }), ['total errorRate 0.01']);
  });
});

describe('budgets are refused', () => {
  const metrics =
    '  expected  a metric: p50, p95, p99, avg, max, service.p95, ttfb.p95, errorRate, rps, cacheHitRatio, checks, stream.firstEvent.p95, stream.gap.p95, stream.events, stream.broken, or any other percentile';
  const latency = '  expected  a duration, such as 100ms or 1.5s';
  const browse = (budgets: object) => ({ scenarios: { 'browse-bills': budgets } });

  const wrong: readonly (readonly [string, unknown, ...string[]])[] = [
    [
      'that are empty',
      '',
      'budgets.json: the file is empty [file.empty]',
      '  expected  a map such as { "defaults": { "p95": "100ms", "errorRate": "1%" } }',
    ],
    [
      'that are a list',
      [],
      'budgets.json: invalid value [value.invalid]',
      '  found     an empty list',
      '  expected  a map with the keys defaults, endpointDefaults, scenarios, regression',
    ],
    [
      'with unknown keys and metrics, each with the nearest right one',
      {
        default: {},
        defaults: { errorrate: '1%', p95s: '1%', p100: '1s', slowEndpoints: '65%', p0: '1ms' },
        milestones: [],
        total: {},
        regression: { tolerence: '10%' },
      },
      'budgets.json:2:3: default: unknown key [value.unknown-key]',
      '  expected  defaults, endpointDefaults, scenarios, regression',
      '  instead   defaults',
      'budgets.json:4:5: defaults.errorrate: unknown metric [budgets.unknown-metric]',
      metrics,
      '  instead   errorRate',
      'budgets.json:5:5: defaults.p95s: unknown metric [budgets.unknown-metric]',
      metrics,
      '  instead   p95',
      'budgets.json:6:5: defaults.p100: unknown metric [budgets.unknown-metric]',
      metrics,
      '  instead   max',
      'budgets.json:7:5: defaults.slowEndpoints: unknown metric [budgets.unknown-metric]',
      metrics,
      'budgets.json:8:5: defaults.p0: unknown metric [budgets.unknown-metric]',
      metrics,
      '  instead   p50',
      'budgets.json:10:3: milestones: unknown key [value.unknown-key]',
      '  expected  defaults, endpointDefaults, scenarios, regression',
      'budgets.json:11:3: total: unknown key [value.unknown-key]',
      '  expected  defaults, endpointDefaults, scenarios, regression',
      '  instead   inside a scenario: scenarios: { "name": { "total": {...} } }, or defaults',
      'budgets.json:13:5: regression.tolerence: unknown key [value.unknown-key]',
      '  expected  tolerance, floor, stored, onInconclusive, requireBaseline',
      '  instead   tolerance',
    ],
    [
      'whose limits have no unit, the wrong one or none at all',
      {
        defaults: {
          p95: 100,
          p99: '1%',
          errorRate: '0.01',
          rps: '100ms',
          avg: '-1ms',
          max: '0ms',
          p50: null,
          p90: [],
          'service.p95': '100',
        },
      },
      'budgets.json:3:5: defaults.p95: invalid quantity [value.invalid-quantity]',
      '  found     100 (a number)',
      latency,
      '  instead   "100ms"',
      'budgets.json:4:5: defaults.p99: invalid quantity [value.invalid-quantity]',
      '  found     "1%"',
      latency,
      'budgets.json:5:5: defaults.errorRate: invalid quantity [value.invalid-quantity]',
      '  found     "0.01"',
      '  expected  a percentage from 0% to 100%, such as 1% or 0.5%',
      '  instead   "1%" or "0.01%"',
      'budgets.json:6:5: defaults.rps: invalid quantity [value.invalid-quantity]',
      '  found     "100ms"',
      '  expected  a rate, such as 200/s, 1.5/s or 600/m',
      'budgets.json:7:5: defaults.avg: invalid quantity [value.invalid-quantity]',
      '  found     "-1ms"',
      latency,
      '  instead   "1ms"',
      'budgets.json:8:5: defaults.max: the quantity is out of range [value.out-of-range]',
      '  found     "0ms"',
      `${latency}; more than zero`,
      'budgets.json:9:5: defaults.p50: a required value is missing [value.missing]',
      `${latency}; or a map with limit, warn and waiver`,
      'budgets.json:10:5: defaults.p90: invalid value [value.invalid]',
      '  found     an empty list',
      `${latency}; or a map with limit, warn and waiver`,
      'budgets.json:11:5: defaults["service.p95"]: invalid quantity [value.invalid-quantity]',
      '  found     "100"',
      latency,
      '  instead   "100ms"',
    ],
    [
      'whose warnings and waivers make no sense',
      {
        defaults: {
          p95: { limit: '100ms', warn: '100ms' },
          rps: { limit: '100/s', warn: '80/s' },
          p99: { limit: '1s', waiver: { until: '2027-02-30' } },
          avg: { warn: '1ms', waver: {} },
        },
      },
      'budgets.json:5:7: defaults.p95.warn: invalid value [value.invalid]',
      '  found     "100ms"',
      '  expected  a value below the limit, so that the warning comes first',
      'budgets.json:9:7: defaults.rps.warn: invalid value [value.invalid]',
      '  found     "80/s"',
      '  expected  a value above the limit, so that the warning comes first',
      'budgets.json:13:7: defaults.p99.waiver.reason: a required value is missing [value.missing]',
      '  expected  a sentence that says why',
      'budgets.json:14:9: defaults.p99.waiver.until: invalid value [value.invalid]',
      '  found     "2027-02-30"',
      '  expected  a day of the calendar, as year-month-day: 2027-01-31',
      'budgets.json:17:5: defaults.avg.limit: a required value is missing [value.missing]',
      latency,
      'budgets.json:19:7: defaults.avg.waver: unknown key [value.unknown-key]',
      '  expected  limit, warn, waiver',
      '  instead   waiver',
    ],
    [
      'for endpoints and stages that the scenario does not have',
      browse({
        stages: { '3': { p95: '1ms' } },
        endpoints: { 'GET /api/bill': { p95: '1ms' }, 'PUT /x': { p95: '1ms' } },
      }),
      'budgets.json:5:9: scenarios.browse-bills.stages.3: budgets for a stage that the scenario does not have [budgets.unknown-stage]',
      '  found     stage 3',
      '  expected  one of the 2 stages of browse-bills',
      'budgets.json:10:9: scenarios.browse-bills.endpoints["GET /api/bill"]: a budget for an endpoint that the scenario does not have [budgets.unknown-endpoint]',
      '  found     "GET /api/bill"',
      '  expected  an endpoint of browse-bills: GET /api/bills, GET /api/bills/:id',
      '  instead   "GET /api/bills"',
      'budgets.json:13:9: scenarios.browse-bills.endpoints["PUT /x"]: a budget for an endpoint that the scenario does not have [budgets.unknown-endpoint]',
      '  found     "PUT /x"',
      '  expected  an endpoint of browse-bills: GET /api/bills, GET /api/bills/:id',
    ],
    [
      'for stages that are no numbers',
      browse({ stages: { '0': {}, first: {} } }),
      'budgets.json:5:9: scenarios.browse-bills.stages.0: budgets for a stage that the scenario does not have [budgets.unknown-stage]',
      '  found     "0"',
      '  expected  the number of a stage: 1 for the first',
      'budgets.json:6:9: scenarios.browse-bills.stages.first: budgets for a stage that the scenario does not have [budgets.unknown-stage]',
      '  found     "first"',
      '  expected  the number of a stage: 1 for the first',
    ],
    [
      'that no answer within the timeout could break, once for all endpoints',
      { defaults: { max: '10s', rps: '20/s' }, endpointDefaults: { p99: '11s', p95: '9999ms' } },
      'budgets.json:3:5: defaults.max: a latency limit at or above the timeout can never be judged [budgets.above-timeout]',
      '  found     "10s"',
      '  expected  a limit below the timeout of 10s',
      '  instead   a lower limit, or a longer timeout in the scenario',
      'budgets.json:7:5: endpointDefaults.p99: a latency limit at or above the timeout can never be judged [budgets.above-timeout]',
      '  found     "11s"',
      '  expected  a limit below the timeout of 10s',
      '  instead   a lower limit, or a longer timeout in the scenario',
    ],
    [
      'that are changes from earlier runs',
      { defaults: { p95: '+10%', rps: '-5%', errorRate: '+1%' } },
      'budgets.json:3:5: defaults.p95: invalid quantity [value.invalid-quantity]',
      '  found     "+10%"',
      '  expected  a duration, such as 100ms or 1.5s',
      '  instead   "regression": { "tolerance": "10%" }, for a change from earlier runs',
      'budgets.json:4:5: defaults.rps: invalid quantity [value.invalid-quantity]',
      '  found     "-5%"',
      '  expected  a rate, such as 200/s, 1.5/s or 600/m',
      '  instead   "regression": { "tolerance": "5%" }, for a change from earlier runs',
      'budgets.json:5:5: defaults.errorRate: invalid quantity [value.invalid-quantity]',
      '  found     "+1%"',
      '  expected  a percentage from 0% to 100%, such as 1% or 0.5%',
      '  instead   "1%" or "regression": { "tolerance": "1%" }, for a change from earlier runs',
    ],
    [
      'with a policy that does not exist',
      { regression: { onInconclusive: 'pass' } },
      'budgets.json:3:5: regression.onInconclusive: invalid value [value.invalid]',
      '  found     "pass"',
      '  expected  warn or fail',
    ],
    [
      'whose regression has wrong units and a floor above its tolerance',
      {
        regression: {
          tolerance: '10%',
          floor: '10%',
          stored: { tolerance: '0%', floor: '3%', flor: '1ms' },
        },
      },
      'budgets.json:6:7: regression.stored.tolerance: the quantity is out of range [value.out-of-range]',
      '  found     "0%"',
      '  expected  a percentage from 0% to 100%, such as 1% or 0.5%; more than zero',
      'budgets.json:7:7: regression.stored.floor: invalid quantity [value.invalid-quantity]',
      '  found     "3%"',
      '  expected  a duration, such as 100ms or 1.5s',
      'budgets.json:8:7: regression.stored.flor: unknown key [value.unknown-key]',
      '  expected  tolerance, floor',
      '  instead   floor',
    ],
    [
      'whose regression calls a change one that is tolerated',
      { regression: { tolerance: '5%', floor: '6%' } },
      'budgets.json:4:5: regression.floor: invalid value [value.invalid]',
      '  found     "6%"',
      '  expected  less than regression.tolerance, the greatest change that is tolerated',
    ],
  ];
  for (const [what, content, ...message] of wrong) {
    test(what, async () => {
      assert.equal(await messageOf(budgetsOf(content)), lines(...message));
    });
  }

  test('that do not exist', async () => {
    await inWorkspace({ 'budgets.json': '{}' }, async cwd => {
      assert.equal(
        await messageOf(readBudgetsFile('budget.json', cwd)),
        lines('budget.json: the file does not exist [file.missing]', '  instead   budgets.json'),
      );
    });
  });
});

describe('budgets for a scenario that nobody knows', () => {
  const file = 'scenarios/items.yaml';
  const of = (...names: readonly string[]) => ({
    scenarios: Object.fromEntries(names.map(name => [name, { total: { p95: '1ms' } }])),
  });

  test('are refused where they can only mean a scenario that has none', async () => {
    assert.equal(
      await messageOf(budgetsOf(of('itens', 'checkout'), { scenario: 'items', file, others: ['items'] })),
      lines(
        'budgets.json:3:5: scenarios.itens: budgets for a scenario that does not exist [budgets.unknown-scenario]',
        '  found     "itens"',
        '  expected  the name of a scenario',
        '  instead   "items"',
      ),
    );
  });

  test("are refused where they go by the scenario's file instead of its name", async () => {
    assert.match(
      await messageOf(budgetsOf(of('items'), { scenario: 'browse everything', file, others: [] })),
      /scenarios\.items: .*\n.*\n.*\n {2}instead {3}"browse everything"/,
    );
  });

  test('are told as unused where they resemble nothing, or a scenario that has its own', async () => {
    const others = ['items', 'checkout'];
    const { unused, budgets } = await budgetsOf(of('items', 'itens', 'checkout', 'signup'), {
      scenario: 'items',
      file,
      others,
    });
    assert.deepEqual(unused, ['itens', 'signup']);
    assert.ok(
      budgets.some(({ metric }) => metric.name === 'p95'),
      'the budgets of its own apply',
    );
  });

  test('are no mistake where another scenario has that name, or where no other names are known', async () => {
    const known = { scenario: 'items', file, others: ['items', 'itens'] };
    assert.deepEqual((await budgetsOf(of('itens'), known)).unused, []);
    assert.deepEqual((await budgetsOf(of('itens'), { scenario: 'items', others: null })).unused, []);
  });

  test('are looked for among the names of the files beside the scenario', async () => {
    const files = {
      'scenarios/items.yaml': 'steps: []\n',
      'scenarios/pay.yml': 'name: checkout\n',
      'scenarios/broken.json': '{',
      'scenarios/notes.txt': '',
    };
    await inWorkspace(files, async cwd => {
      const names = await scenarioNamesBeside(file, cwd);
      assert.deepEqual([...(names ?? [])].sort(), ['broken', 'checkout', 'items']);
      assert.equal(await scenarioNamesBeside('scenarios/gone.yaml', cwd), null);
      assert.equal(await scenarioNamesBeside('nowhere/items.yaml', cwd), null);
    });
  });
});

test('the files beside a scenario are not parsed for their names', async () => {
  const files = {
    'scenarios/items.yaml': '\uFEFF# name: old\nname: "the \\"items\\"" # all\nsteps: []\n',
    'scenarios/pay.yml': "target: http://127.0.0.1\r\nname: 'it''s paid'\r\njourneys:\r\n  - name: inner\r\n",
    'scenarios/cut.yaml': 'name: cut off\nload: { model: [',
    'scenarios/flow.json': '{ "journeys": [{ "name": "inner" }], "name": "flow \\"1\\"", "load": {',
    'scenarios/late.yaml': `${'# far\n'.repeat(20_000)}name: too far\n`,
    'scenarios/folder.yaml/x': '',
  };
  await inWorkspace(files, async cwd => {
    const names = await scenarioNamesBeside('scenarios/items.yaml', cwd);
    assert.deepEqual([...(names ?? [])].sort(), [
      'cut off',
      'flow "1"',
      'inner',
      "it's paid",
      'late',
      'the "items"',
    ]);
  });
});

test('names that stand for nothing are told beside limits that cannot be read', async () => {
  const written = {
    scenarios: {
      'browse-bills': {
        stages: { '0': { p95: '1s' }, '3': { p95: '1s' } },
        endpoints: { 'GET /api/bill': { p95: '10' } },
      },
    },
  };
  const told = await messageOf(budgetsOf(written));
  for (const place of [
    'stages.0',
    'stages.3',
    'endpoints["GET /api/bill"]',
    'endpoints["GET /api/bill"].p95',
  ]) {
    assert.ok(told.includes(`scenarios.browse-bills.${place}: `), `${place} in ${told}`);
  }
});
