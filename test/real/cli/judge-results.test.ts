import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { Summary } from '../../../src/report/summary/summary-schema.ts';
import { summarySchema } from '../../../src/report/summary/summary-schema.ts';
import { k6Points, requests, summaries, vegetaCsv } from '../../fixtures/foreign-results.ts';
import { place } from './command-line.ts';

const route = 'GET /api/bills/:id';

interface Judged {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Null where the command failed. */
  readonly run: Summary['runs'][number] | null;
}

async function judge(
  t: TestContext,
  tool: string,
  text: string,
  budgets: object | null,
  more: readonly string[] = [],
): Promise<Judged> {
  const { folder, read, run, write } = await place(t);
  await write('results.txt', text);
  if (budgets !== null) await write('budgets.json', budgets);
  const json = join(folder, 'summary.json');
  const said = await run(['judge', '--from', tool, 'results.txt', '--json', json, ...more]);
  const summary = await read('summary.json').catch(() => null);
  return {
    ...said,
    run: summary === null ? null : (summarySchema.parse(JSON.parse(summary)).runs[0] ?? null),
  };
}

const ofBrowse = (total: object, endpoints: object = {}) => ({ scenarios: { browse: { total, endpoints } } });

function finding({ run, stderr }: Judged, metric: string, scope = 'total') {
  return (
    run?.findings.find(one => one.metric === metric && one.scope === scope) ??
    assert.fail(`no finding on ${metric} of ${scope}: ${stderr}`)
  );
}

describe('judge --from', () => {
  test('requests of another tool are judged as Plimsoll judges its own, with intervals', async t => {
    const budgets = ofBrowse({ p95: '200ms', errorRate: '1%', rps: '50/s' }, { [route]: { p95: '40ms' } });
    const judged = await judge(t, 'k6', k6Points(requests()), budgets);
    assert.equal(judged.code, 1, judged.stderr);
    const [total, slow, errors] = [
      finding(judged, 'p95'),
      finding(judged, 'p95', route),
      finding(judged, 'errorRate'),
    ];
    assert.deepEqual([total.status, total.firm], ['pass', true]);
    assert.ok(total.interval?.high, 'no interval of p95');
    assert.deepEqual([slow.status, slow.firm], ['fail', true]);
    assert.deepEqual([errors.status, errors.observed, errors.samples], ['fail', 0.02, 1_000]);
    assert.equal(finding(judged, 'rps').status, 'pass');
    assert.match(judged.stdout, /k6 measured this \(NDJSON\), not Plimsoll/);
  });

  test('a figure of a summary is never firm, whether it keeps its limit or breaks it', async t => {
    const judged = await judge(
      t,
      'k6',
      summaries.k6Export(),
      ofBrowse({ p95: '200ms', p90: '20ms', errorRate: '90%' }),
    );
    assert.equal(judged.code, 1, judged.stderr);
    for (const metric of ['p95', 'p90', 'errorRate']) {
      const { firm, interval, reason } = finding(judged, metric);
      assert.deepEqual({ firm, interval }, { firm: false, interval: null }, metric);
      assert.match(reason, /not firm: a summary has no interval/);
    }
    assert.equal(finding(judged, 'p95').status, 'pass');
    assert.equal(finding(judged, 'p90').status, 'fail');
    assert.equal(judged.run?.firm, false);
  });

  test('what a format does not hold is inconclusive, and the report says what it holds', async t => {
    const budgets = {
      endpointDefaults: { p50: '1s' },
      scenarios: {
        browse: {
          total: { p99: '1s', errorRate: '5%', cacheHitRatio: '50%', checks: '99%', 'ttfb.p95': '1s' },
          stages: { '2': { p95: '1s' } },
          endpoints: { [route]: { p99: '1s' }, 'GET /other': { p95: '1s' } },
        },
      },
    };
    const judged = await judge(t, 'k6', summaries.k6Export(), budgets);
    assert.equal(judged.code, 0, judged.stderr);
    assert.equal(judged.run?.verdict, 'inconclusive');
    const open: readonly (readonly [string, string, RegExp])[] = [
      ['p99', 'total', /hold no p99, only avg, min, p50, p90, p95, max/],
      ['cacheHitRatio', 'total', /reads no cacheHitRatio from k6 results/],
      ['checks', 'total', /reads no checks/],
      ['ttfb.p95', 'total', /reads no ttfb\.p95/],
      ['p95', 'stage 2', /hold no stages/],
      ['p99', route, /hold no p99, only avg/],
      ['p95', 'GET /other', /do not hold this endpoint on its own/],
      ['p50', 'GET /other', /do not hold this endpoint on its own/],
    ];
    for (const [metric, scope, reason] of open) {
      const { status, observed, reason: told, reasonCode } = finding(judged, metric, scope);
      assert.deepEqual(
        { status, observed, reasonCode },
        { status: 'inconclusive', observed: null, reasonCode: 'notHeld' },
      );
      assert.match(told, reason);
    }
    assert.equal(finding(judged, 'p50', route).status, 'pass');
    assert.equal(finding(judged, 'errorRate').status, 'pass');
  });

  test('a quantile that is not held fails where a lower one breaks its limit already', async t => {
    const judged = await judge(t, 'k6', summaries.k6Export(), ofBrowse({ p99: '80ms', errorRate: '5%' }));
    assert.equal(judged.code, 1, judged.stderr);
    const { status, firm, observed, atLeast, reason } = finding(judged, 'p99');
    assert.deepEqual(
      { status, firm, observed, atLeast },
      { status: 'fail', firm: false, observed: 95, atLeast: true },
    );
    assert.match(reason, /p99 was at least 95 ms, over the limit of 80 ms/);
  });

  test('an endpoint without a request has no data, and one of which all failed fails', async t => {
    const unused = await judge(
      t,
      'locust',
      summaries.locust(),
      ofBrowse({}, { 'GET /api/unused': { p95: '1s' } }),
    );
    assert.equal(finding(unused, 'p95', 'GET /api/unused').status, 'invalid');
    const down = await readFile(new URL('../../fixtures/results/hey-refused.txt', import.meta.url), 'utf8');
    const refused = await judge(t, 'hey', down, ofBrowse({ p95: '1s' }));
    assert.deepEqual(
      [finding(refused, 'p95').status, finding(refused, 'errorRate').status],
      ['fail', 'fail'],
    );
    assert.match(finding(refused, 'p95').reason, /no request could be measured for p95: all failed/);
  });

  test('an inconclusive result fails where the policy says so', async t => {
    const budgets = { ...ofBrowse({ p99: '1s', errorRate: '5%' }), regression: { onInconclusive: 'fail' } };
    assert.equal((await judge(t, 'k6', summaries.k6Export(), budgets)).code, 4);
  });

  test('too few requests for a quantile leave it open in a summary as well', async t => {
    const few = summaries
      .k6Handle()
      .replaceAll('"count":1000', '"count":40')
      .replace('"fails":980', '"fails":20')
      .replace('"passes":20', '"passes":0');
    const judged = await judge(t, 'k6', few, ofBrowse({ p99: '1s' }));
    const { status, reason } = finding(judged, 'p99');
    assert.equal(status, 'inconclusive');
    assert.match(reason, /40 samples are too few/);
  });

  test('an error rate is open where failed connections are left out, unless it is too high already', async t => {
    const csv = await readFile(new URL('../../fixtures/results/hey.csv', import.meta.url), 'utf8');
    const held = finding(await judge(t, 'hey', csv, ofBrowse({ errorRate: '50%' })), 'errorRate');
    assert.equal(held.status, 'inconclusive');
    assert.match(held.reason, /leave out requests that got no answer/);
    assert.equal(
      finding(await judge(t, 'hey', csv, ofBrowse({ errorRate: '1%' })), 'errorRate').status,
      'fail',
    );
  });

  test('without budgets at most 1 % of requests may fail', async t => {
    const judged = await judge(t, 'vegeta', vegetaCsv(requests()), null);
    assert.equal(judged.code, 1, judged.stderr);
    assert.equal(judged.run?.scenario, 'results');
    assert.deepEqual(
      [finding(judged, 'errorRate').status, finding(judged, 'errorRate').limit],
      ['fail', 0.01],
    );
  });

  test('the scenario is the only one, the one that is named like the file, or the one that is asked for', async t => {
    const two = {
      scenarios: { results: { total: { p95: '1ms' } }, other: { total: { p95: '1s', errorRate: '5%' } } },
    };
    const text = vegetaCsv(requests());
    assert.equal((await judge(t, 'vegeta', text, two)).run?.scenario, 'results');
    const asked = await judge(t, 'vegeta', text, two, ['--scenario', 'other']);
    assert.deepEqual([asked.run?.scenario, asked.code], ['other', 0]);
    const misspelt = await judge(t, 'vegeta', text, two, ['--scenario', 'othr']);
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stderr, /results\.no-scenario[\s\S]*results, other[\s\S]*--scenario other/);
  });

  test('a budget for an endpoint that the results would have is a mistake', async t => {
    const judged = await judge(
      t,
      'vegeta',
      vegetaCsv(requests()),
      ofBrowse({}, { 'GET /api/bils/:id': { p95: '1s' } }),
    );
    assert.equal(judged.code, 2);
    assert.match(judged.stderr, /budgets\.unknown-endpoint/);
  });

  test('names in results have no power over what shows them', async t => {
    const hostile = vegetaCsv(requests(20)).replaceAll('/api/bills/', '/\u001b[31m`|<b>@team ');
    for (const format of ['terminal', 'markdown']) {
      const { stdout, code } = await judge(t, 'vegeta', hostile, null, ['--format', format]);
      assert.notEqual(code, 70);
      assert.ok(!stdout.includes('\u001b'), 'an escape went through');
      if (format === 'markdown') assert.ok(!/<b>|[^&#;\w`]@team/.test(stdout), stdout.slice(0, 2_000));
    }
  });

  test('--scenario needs --from, and --from needs a tool', async t => {
    const { run } = await place(t);
    assert.match((await run(['judge', 'x.json', '--scenario', 'a'])).stderr, /command\.conflicting-flags/);
    assert.match(
      (await run(['judge', '--from', 'jmetr', 'x.jtl'])).stderr,
      /command\.invalid-value[\s\S]*jmeter/,
    );
  });
});
