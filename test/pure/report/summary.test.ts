import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { summaryOf } from '../../../src/report/summary/summary.ts';
import { summaryJsonSchema, summarySchema } from '../../../src/report/summary/summary-schema.ts';
import { exampleRuns, severalRuns } from '../../fixtures/example-runs.ts';
import { judgedRun } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';

const summaryOfExample = (name: string) => summaryOf(exampleRuns[name] ?? []).runs[0];

describe('the summary', () => {
  const validate = new Ajv2020({ validateFormats: false }).compile(summaryJsonSchema());
  for (const [name, runs] of [...Object.entries(exampleRuns), ['several', severalRuns] as const]) {
    test(`of the example "${name}" is what its schema says, in zod and as JSON Schema`, () => {
      const written: unknown = JSON.parse(JSON.stringify(summaryOf(runs)));
      assert.deepEqual(summarySchema.parse(written), written);
      assert.ok(validate(written), JSON.stringify(validate.errors));
    });
  }

  test('has the keys that were promised', () => {
    const summary = summaryOf(severalRuns);
    assert.deepEqual(Object.keys(summary), ['schemaVersion', 'verdict', 'exitCode', 'runs']);
    const [run] = summary.runs;
    const promised = [
      'scenario',
      'verdict',
      'startedAt',
      'durationMs',
      'load',
      'total',
      'endpoints',
      'findings',
    ];
    for (const key of promised) assert.ok(run && key in run, key);
    assert.deepEqual(Object.keys(run?.total.latencyMs ?? {}), [
      'avg',
      'min',
      'p50',
      'p75',
      'p90',
      'p95',
      'p99',
      'p99.9',
      'max',
    ]);
    const evidence = [
      'scope',
      'metric',
      'status',
      'observed',
      'limit',
      'baseline',
      'change',
      'interval',
      'firm',
      'reason',
      'reasonCode',
    ];
    for (const key of evidence) assert.ok(run?.findings[0] && key in run.findings[0], key);
  });
  test('says why by a word for programs beside the sentence, of budgets and of regressions', () => {
    const codes = (name: string, kind: string) => [
      ...new Set(
        summaryOfExample(name)
          ?.findings.filter(one => one.kind === kind)
          .map(one => one.reasonCode),
      ),
    ];
    assert.deepEqual(codes('fail', 'budget'), ['overLimit', 'pastWarning', 'withinLimit']);
    assert.deepEqual(codes('regressed', 'regression'), ['worseShare', 'pastBar', 'withinBar', 'shareHeld']);
  });
  test('says by a word why a run is no measurement, and why it was compared with what', () => {
    const codesOf = (name: string) => {
      const run = summaryOfExample(name);
      assert.equal(run?.invalidBecauseCodes.length, run?.invalidBecause.length, name);
      return [run?.invalidBecauseCodes, run?.comparison.whyCode];
    };
    assert.deepEqual(codesOf('invalid'), [['neverAnswered'], null]);
    assert.deepEqual(codesOf('regressed'), [[], 'mergeBase']);
    assert.deepEqual(codesOf('refused'), [[], 'otherWorkload']);
  });
  test('takes the worst verdict and exit code of several runs', () => {
    const { verdict, exitCode } = summaryOf(severalRuns);
    assert.deepEqual({ verdict, exitCode }, { verdict: 'fail', exitCode: 1 });
  });
  test('counts what was due in the stages, and errors as failed and unfinished', () => {
    const total = summaryOfExample('partial')?.total;
    assert.equal(total?.requests, 600);
    assert.equal(total?.errors, 6);
    assert.equal(total?.unfinished, 6);
    assert.equal(total?.ok, 594);
    assert.equal(total?.errorRate, 0.01);
    assert.equal(total?.rps, 118.8);
  });
  test('gives regressions beside budgets: baseline, change with its interval, and what they rest on', () => {
    const run = summaryOfExample('predicted');
    const p95 = run?.findings.find(({ kind, metric }) => kind === 'regression' && metric === 'p95');
    assert.ok(p95?.baseline && p95.observed && p95.change && p95.changeInterval?.low, JSON.stringify(p95));
    assert.ok(
      Math.abs(p95.observed / p95.baseline - 1 - p95.change) < 1e-6,
      `observed ${p95.observed}, baseline ${p95.baseline}, change ${p95.change}`,
    );
    assert.ok(
      p95.changeInterval.low < p95.change && p95.change < (p95.changeInterval.high ?? 0),
      `changeInterval.low ${p95.changeInterval.low}, change ${p95.change}, changeInterval.high ${p95.changeInterval.high}`,
    );
    assert.deepEqual([p95.evidence, p95.limit, p95.required], ['prediction', null, true]);
    assert.ok(p95.detectable !== null, `detectable ${p95.detectable}`);
    assert.equal(run?.comparison.strength, 'manyRuns');
    assert.equal(run.comparison.runs.length, 10);
    assert.match(run.comparison.why ?? '', /^Baseline: the run of 2026-03-13 09:26 at 1f0e5d4c3b, where/);
    assert.equal(summaryOfExample('pass')?.comparison.state, 'none');
    assert.match(
      summaryOfExample('refused')?.comparison.why ?? '',
      / Not compared: the scenario has changed/,
    );
  });
  test('gives no quantile that was not seen: fewer than one value would lie above it', () => {
    const votes = summaryOfExample('inconclusive')?.endpoints['POST /api/votes'];
    assert.equal(votes?.requests, 60);
    assert.equal(votes?.latencyMs.p99, null);
    assert.notEqual(votes?.latencyMs.p95, null);
  });
  test('gives no time at all of requests of which none was answered as expected', () => {
    const endpoints = [{ name: 'GET /hangs', rate: 50, medianMs: 1, failures: { timeout: 1 } }];
    const [run] = summaryOf([judgedRun(exampleRecord({ endpoints }), [])]).runs;
    assert.equal(run?.total.censored, 1_000);
    assert.ok(
      Object.values(run?.total.latencyMs ?? {}).every(value => value === null),
      JSON.stringify(run?.total.latencyMs),
    );
  });
  test('names the figures that are lower bounds', () => {
    const bills = summaryOfExample('fail')?.endpoints['GET /api/bills'];
    assert.equal(bills?.censored, 14);
    assert.ok(
      bills.lowerBounds.includes('latencyMs.p99') && bills.lowerBounds.includes('latencyMs.avg'),
      `lower bounds: ${bills.lowerBounds}`,
    );
    assert.ok(!bills.lowerBounds.includes('latencyMs.p95'), `lower bounds: ${bills.lowerBounds}`);
    assert.ok((bills.latencyMs.p99 ?? 0) >= 10_000, `p99 ${bills.latencyMs.p99}`);
  });
  test('keeps apart endpoints with names that objects give meaning to', () => {
    const endpoints = ['__proto__', 'constructor'].map(name => ({ name, rate: 10, medianMs: 5 }));
    const [run] = summaryOf([judgedRun(exampleRecord({ endpoints }), [])]).runs;
    assert.deepEqual(Object.keys(run?.endpoints ?? {}), ['__proto__', 'constructor']);
  });
});
