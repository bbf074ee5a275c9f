/** The quantiles that every report shows, by name. */
export const reportedQuantiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9'] as const;

/** The name of a reported quantile. */
export type QuantileName = (typeof reportedQuantiles)[number];

/** Which of a request's times a latency metric speaks of. */
export type LatencyKind = 'response' | 'service' | 'firstByte';

/** What a latency metric takes from the distribution. */
export type LatencyStatistic =
  | { readonly kind: 'avg' }
  | { readonly kind: 'min' }
  | { readonly kind: 'max' }
  /** `q` is between 0 and 1, exclusive. */
  | { readonly kind: 'quantile'; readonly q: number };

/** A measurable quantity that a budget can limit. */
export type Metric =
  | {
      readonly kind: 'latency';
      readonly name: string;
      readonly of: LatencyKind;
      readonly statistic: LatencyStatistic;
    }
  | { readonly kind: 'errorRate'; readonly name: 'errorRate' }
  | { readonly kind: 'rps'; readonly name: 'rps' };

/** The unit in which a metric is observed and limited. */
export type MetricUnit = 'ms' | 'ratio' | 'perSecond';

/** The unit of a metric: milliseconds, a share from 0 to 1, or events per second. */
export function unitOf(metric: Metric): MetricUnit {
  return metric.kind === 'latency' ? 'ms' : metric.kind === 'errorRate' ? 'ratio' : 'perSecond';
}

/** Whether a budget on this metric is a ceiling or a floor. */
export function directionOf(metric: Metric): 'atMost' | 'atLeast' {
  return metric.kind === 'rps' ? 'atLeast' : 'atMost';
}

const latencyName = /^(?:(service|ttfb)\.)?(avg|min|max|p(\d{1,2}(?:\.\d{1,3})?))$/;

/** Reads a metric's name (`p95`, `service.p99`, `ttfb.p50`, `errorRate`, `rps`); undefined where it is none. */
export function parseMetric(name: string): Metric | undefined {
  if (name === 'errorRate' || name === 'rps') return { kind: name, name } as Metric;
  const match = latencyName.exec(name);
  if (!match) return undefined;
  const of: LatencyKind = match[1] === 'service' ? 'service' : match[1] === 'ttfb' ? 'firstByte' : 'response';
  if (match[3] === undefined) {
    return { kind: 'latency', name, of, statistic: { kind: match[2] as 'avg' | 'min' | 'max' } };
  }
  const percent = Number(match[3]);
  if (percent <= 0) return undefined;
  return { kind: 'latency', name, of, statistic: { kind: 'quantile', q: percent / 100 } };
}

/** The metric names that people are shown when they write one that does not exist. */
export const exampleMetrics = [
  'p50',
  'p95',
  'p99',
  'avg',
  'max',
  'service.p95',
  'ttfb.p95',
  'errorRate',
  'rps',
] as const;
