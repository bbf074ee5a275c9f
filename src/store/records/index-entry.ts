import { analyse } from '../../analysis/analysis.ts';
import { type Figures, maxOf, meanOf, minOf, quantileOf } from '../../analysis/figures.ts';
import type { IndexEntry, IndexFigures } from '../../model/judgement/baseline.ts';
import type { Scope } from '../../model/judgement/budget.ts';
import { type LatencyKind, parseMetric, reportedQuantiles } from '../../model/judgement/metric.ts';
import type { Observed } from '../../model/judgement/verdict.ts';
import type { Measurement, RunRecord } from '../../model/run/record.ts';
import { recordText } from './record-file.ts';

/** The metrics that an index entry holds of every endpoint. */
const indexedMetrics = [
  'avg',
  'min',
  ...reportedQuantiles,
  'max',
  'service.p50',
  'service.p95',
  'service.p99',
  'ttfb.p50',
  'ttfb.p95',
  'ttfb.p99',
  'errorRate',
  'rps',
] as const;

/** How precise a stored value is: finer than any histogram. */
const digits = 6;

/** The index entry of a run; `recordBytes` is the length of its stored record. */
export function indexEntryOf(
  record: RunRecord,
  recordBytes = Buffer.byteLength(recordText(record)),
): IndexEntry {
  const { header, measurement } = record;
  return {
    schemaVersion: 1,
    recordBytes,
    header,
    completion: measurement.completion.state,
    total: indexFigures(measurement, { kind: 'total' }),
    endpoints: measurement.endpoints.map(({ name }) => ({
      name,
      ...indexFigures(measurement, { kind: 'endpoint', endpoint: name }),
    })),
  };
}

/** The value of a metric in a scope, in the metric's unit; null where none was seen or the name is no metric. */
export function observedOf(figures: Figures, name: string): Observed | null {
  const metric = parseMetric(name);
  if (!metric) return null;
  if (metric.kind !== 'latency') {
    const value = metric.kind === 'errorRate' ? figures.errorRate : figures.rps;
    return value === null ? null : { value, atLeast: false };
  }
  const distribution = figures.distribution(metric.of satisfies LatencyKind);
  const { statistic } = metric;
  if (statistic.kind === 'quantile') return quantileOf(distribution, statistic.q);
  if (statistic.kind === 'avg') return meanOf(distribution);
  return statistic.kind === 'min' ? minOf(distribution) : maxOf(distribution);
}

function indexFigures(measurement: Measurement, scope: Scope): IndexFigures {
  const figures = analyse(measurement).of(scope).figures;
  const observed = indexedMetrics.map(name => [name, observedOf(figures, name)] as const);
  return {
    requests: figures.requests,
    errors: figures.errors,
    metrics: Object.fromEntries(
      observed.map(([name, seen]) => [name, seen === null ? null : Number(seen.value.toPrecision(digits))]),
    ),
    atLeast: observed.flatMap(([name, seen]) => (seen?.atLeast ? [name] : [])),
  };
}
