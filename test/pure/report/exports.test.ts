import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { HistogramLogReader } from 'hdr-histogram-js';
import { analyse } from '../../../src/analysis/analysis.ts';
import type { JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import type { RunRecord } from '../../../src/model/run/record.ts';
import { runDocument } from '../../../src/report/document/subject/run-document.ts';
import { type Format, formatsOf, renderers } from '../../../src/report/render/renderers.ts';
import { exampleDuets } from '../../fixtures/example-duets.ts';
import { exampleRuns } from '../../fixtures/example-runs.ts';
import { holds } from '../../fixtures/golden.ts';
import { judgedRun, total } from '../../fixtures/judged-run.ts';
import { exampleRecord } from '../../fixtures/record.ts';
import { duetIn, runsIn } from '../../fixtures/rendered.ts';

const runs = (name: string): readonly JudgedRun[] => exampleRuns[name] ?? assert.fail(name);
const small = exampleRecord({
  endpoints: [{ name: 'GET /a', rate: 50, medianMs: 5, failures: { status: 0.1 } }],
  warmupS: 1,
  stagesS: [2],
});

/** A run of one endpoint under other names, so that many cost no more than one to make. */
function renamed(record: RunRecord, names: readonly string[], scenario = 'a'): RunRecord {
  const [endpoint] = record.measurement.endpoints;
  if (!endpoint) throw new Error('an endpoint');
  const endpoints = names.map(name => ({ ...endpoint, name }));
  return {
    ...record,
    header: { ...record.header, scenario },
    measurement: { ...record.measurement, endpoints },
  };
}

describe('a file for another tool', () => {
  const files: readonly (readonly [Format, string])[] = [
    ['junit', 'xml'],
    ['csv', 'csv'],
    ['prometheus', 'prom'],
    ['hlog', 'hlog'],
    ['gitlab-quality', 'json'],
    ['gitlab-metrics', 'txt'],
  ];
  for (const [format, extension] of files) {
    for (const name of ['regressed', 'hostile']) {
      test(`of the example "${name}" reads as ${format} as it did`, () => {
        holds(`${format}-${name}.${extension}`, runsIn(runs(name), format as 'junit'));
      });
    }
  }
  test('of a duet that fails reads as JUnit XML and for GitLab as it did', () => {
    const duet = exampleDuets.fail ?? assert.fail('fail');
    holds('junit-duet-fail.xml', duetIn(duet, 'junit'));
    holds('gitlab-quality-duet-fail.json', duetIn(duet, 'gitlab-quality'));
  });

  test('is written of a thousand endpoints in every format', () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `GET /${index}`);
    const document = runDocument([judgedRun(renamed(small, names), [[total, 'errorRate', 0.01]])]);
    for (const format of formatsOf('run')) {
      assert.ok(renderers[format].render(document).length > 400, `${format} is written`);
    }
    assert.match(renderers.prometheus.render(document), /endpoint="GET \/999",statistic="p95"\} 0\.0\d+\n/);
  });
});

describe('a CSV of a run', () => {
  test('has a row for each scope and metric, with its budget and its change', () => {
    const rows: Record<string, string>[] = parse(runsIn(runs('regressed'), 'csv'), { columns: true });
    const row = (scope: string, name: string, metric: string) =>
      rows.find(one => one.scope === scope && one.name === name && one.metric === metric) ??
      assert.fail(metric);
    const p95 = row('endpoint', 'GET /api/bills', 'p95');
    assert.deepEqual([p95.unit, p95.limit, p95.budget, p95.regression], ['ms', '100', 'pass', 'fail']);
    assert.ok(Number(p95.change) > 0.3, `changed by ${p95.change}`);
    assert.equal(row('total', '', 'requests').value, '2400');
    assert.equal(row('stage', '2', 'requests').value, '1200');
  });

  test('holds no formula, whatever an endpoint is called', () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =cmd|x', '＝1', 'a,"b"\n=1'];
    const rows: string[][] = parse(runsIn([judgedRun(renamed(small, names, '=1'), [])], 'csv'));
    const called = new Set(rows.slice(1).flatMap(([scenario = '', , , name = '']) => [scenario, name]));
    assert.equal(called.size, names.length + 3, 'scenario, total and endpoints, and the stage');
    for (const text of called) assert.doesNotMatch(text, /^\s*[=+\-@＝]/, text);
  });
});

describe('a HdrHistogram log', () => {
  test('holds the response times of each endpoint and tenth of a stage, as another reader finds them', () => {
    const [run] = runs('pass');
    if (!run) throw new Error('a run');
    const reader = new HistogramLogReader(runsIn([run], 'hlog'), 32, false);
    const byTag = new Map<string, { count: number; p50: number; intervals: number; at: number }>();
    for (let read = reader.nextIntervalHistogram(); read !== null; read = reader.nextIntervalHistogram()) {
      const known = byTag.get(read.tag) ?? { count: 0, p50: 0, intervals: 0, at: read.startTimeStampMsec };
      known.count += read.totalCount;
      known.p50 = Math.max(known.p50, read.getValueAtPercentile(50));
      known.intervals += 1;
      byTag.set(read.tag, known);
    }
    assert.deepEqual([...byTag.keys()].sort(), [
      'browse-bills:GET%20/api/bills',
      'browse-bills:GET%20/api/bills/%3Aid',
      'browse-bills:POST%20/api/votes',
    ]);
    const bills = byTag.get('browse-bills:GET%20/api/bills');
    const { figures } = analyse(run.record).of({ kind: 'endpoint', endpoint: 'GET /api/bills' });
    assert.equal(bills?.count, figures.distribution('response').histogram.count);
    assert.equal(bills?.intervals, 20);
    assert.ok(bills.p50 > 11_000 && bills.p50 < 14_000, `p50 of ${bills.p50} µs`);
    // After the warm-up of two seconds.
    assert.equal(bills.at, Date.parse(run.record.header.startedAt) + 2_000);
  });

  test('keeps apart the tags of long names that begin alike', () => {
    const names = ['x', 'y'].map(end => `GET /${'a'.repeat(400)}${end}`);
    const log = runsIn([judgedRun(renamed(small, names), [])], 'hlog');
    assert.equal(new Set(log.match(/Tag=[^,]+/g)).size, 2);
  });
});

describe('Prometheus text', () => {
  test('says each series once, also of names that read alike', () => {
    const names = ['GET /\n', 'GET /\\n', `GET /${'a'.repeat(600)}b`, `GET /${'a'.repeat(600)}c`];
    const text = runsIn(
      [judgedRun(renamed(small, names), []), judgedRun(renamed(small, names), [])],
      'prometheus',
    );
    const series = text
      .split('\n')
      .filter(one => one !== '' && !one.startsWith('#'))
      .map(one => one.replace(/ \S+$/, ''));
    assert.equal(new Set(series).size, series.length);
    assert.ok(series.length > 50, `${series.length} series`);
  });

  test('gives limits and times in seconds', () => {
    const text = runsIn(runs('pass'), 'prometheus');
    assert.match(
      text,
      /plimsoll_budget_limit\{scenario="browse-bills",scope="endpoint",endpoint="GET \/api\/bills",metric="p95",unit="seconds"\} 0\.1\n/,
    );
    assert.match(text, /plimsoll_verdict\{scenario="browse-bills",verdict="pass"\} 1\n/);
  });

  test('for GitLab has no comment behind a value, which GitLab would take the rest of the line for', () => {
    const text = runsIn([judgedRun(renamed(small, ['GET /#a b']), [])], 'gitlab-metrics');
    const values = text.split('\n').filter(one => one !== '' && !one.startsWith('# '));
    assert.ok(values.length > 5, `${values.length} values`);
    for (const value of values) assert.match(value, /^\w+\{[^#]*\} \S+$/);
  });
});
