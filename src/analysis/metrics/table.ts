import type { Budget } from '../../model/judgement/budget.ts';
import type { Metric, MetricRow } from '../../model/judgement/metric.ts';
import { cacheHitRatio } from './cache-hit-ratio.ts';
import { checks } from './checks.ts';
import { errorRate } from './error-rate.ts';
import { firstByteTime, responseTime, serviceTime } from './latency.ts';
import { rps } from './rps.ts';
import { brokenStreams, eventGap, eventRate, firstEventTime } from './stream.ts';

/** The metrics that can be named, a row each. */
export type MetricTable = readonly MetricRow[];

/** All metrics that Plimsoll knows. */
export const metricTable: MetricTable = [
  responseTime,
  serviceTime,
  firstByteTime,
  errorRate,
  rps,
  cacheHitRatio,
  checks,
  firstEventTime,
  eventGap,
  eventRate,
  brokenStreams,
];

/** Reads a metric's name (`p95`, `service.p99`, `ttfb.p50`, `errorRate`, `cacheHitRatio`); undefined where it is none. */
export function parseMetric(name: string, table: MetricTable = metricTable): Metric | undefined {
  return table.find(({ names }) => new RegExp(`^(?:${names})$`).test(name))?.metric(name);
}

/** The metric names that people are shown when they write one that does not exist. */
export function exampleMetrics(table: MetricTable = metricTable): readonly string[] {
  return table.flatMap(({ examples }) => examples);
}

/** The budgets that stand: where none names `errorRate`, at most 1 % of all requests may fail. */
export function standingBudgets(
  budgets: readonly Budget[],
  table: MetricTable = metricTable,
): readonly Budget[] {
  const standing = table.flatMap(({ offered, standingLimit }): readonly Budget[] => {
    const isNamed = budgets.some(budget => offered.includes(budget.metric.name));
    if (standingLimit === null || isNamed) return [];
    return offered.flatMap(name => {
      const metric = parseMetric(name, table);
      if (metric === undefined) return [];
      return [{ scope: { kind: 'total' }, metric, limit: standingLimit, warn: null, waiver: null }];
    });
  });
  return standing.length === 0 ? budgets : [...standing, ...budgets];
}

/** A metric by which an endpoint is compared, and whether a green run needs it. */
export interface ComparedMetric {
  readonly metric: Metric;
  readonly required: boolean;
}

/** The metrics that index entries keep of a run with these signals. */
export function indexedMetrics(signals: ReadonlySet<string>, table: MetricTable = metricTable) {
  return table
    .flatMap(({ indexed }) => indexed.flatMap(name => parseMetric(name, table) ?? []))
    .filter(({ signal }) => signal === null || signals.has(signal));
}

/** The metrics that a run has only because its scenario asks for their signals: reports show them beside the others. */
export function signalMetrics(
  signals: ReadonlySet<string>,
  table: MetricTable = metricTable,
): readonly Metric[] {
  return indexedMetrics(signals, table).filter(({ signal }) => signal !== null);
}

/**
 * The metrics by which an endpoint is compared where both sides have these signals; those that are optional are required
 * where a budget asks for them.
 */
export function metricsToCompare(
  endpoint: string,
  budgets: readonly Budget[],
  signals: ReadonlySet<string>,
  table: MetricTable = metricTable,
): readonly ComparedMetric[] {
  return table.flatMap(({ compared }) =>
    compared.flatMap(({ name, required }) => {
      const metric = parseMetric(name, table);
      if (!metric || (metric.signal !== null && !signals.has(metric.signal))) return [];
      const isAsked = budgets.some(
        ({ scope, metric: asked }) =>
          asked.name === name && (scope.kind !== 'endpoint' || scope.endpoint === endpoint),
      );
      return [{ metric, required: required || isAsked }];
    }),
  );
}
