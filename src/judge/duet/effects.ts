import { isShare, shareOf, worseSign } from '../../analysis/metrics/share-metric.ts';
import { type MetricTable, metricsToCompare, metricTable } from '../../analysis/metrics/table.ts';
import {
  type DuetReading,
  instancesOf,
  type OfBoth,
  type Restart,
  type Side,
  type SideReading,
  sides,
} from '../../model/duet/duet.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { RestartEffects } from '../../stats/flips/flip-statistics.ts';
import { rankOf } from '../../stats/order-statistic.ts';
import { levelOf } from '../regression/cell.ts';

/** One endpoint and metric of a duet. */
export interface DuetCell {
  readonly endpoint: string;
  readonly metric: Metric;
  /** Whether a green duet needs it. */
  readonly required: boolean;
}

/** The fewest samples above a quantile, on each side of a restart, from which the restart tells of it. */
const fewestAbove = 5;

/** Every endpoint that any restart knows, with p50, p95, p99 and the error rate; p99 is required where a budget asks. */
export function cellsOf(
  restarts: readonly Restart[],
  budgets: readonly Budget[],
  table: MetricTable = metricTable,
): readonly DuetCell[] {
  const endpoints = new Set(restarts.flatMap(restart => restart.endpoints.map(({ endpoint }) => endpoint)));
  const signals = new Set(
    restarts.flatMap(restart => restart.endpoints.flatMap(({ base }) => Object.keys(base.signals ?? {}))),
  );
  return [...endpoints].flatMap((endpoint): readonly DuetCell[] =>
    metricsToCompare(endpoint, budgets, signals, table).map(compared => ({ endpoint, ...compared })),
  );
}

/**
 * What each restart showed in each cell, above 0 for the worse: the log ratio of a quantile, head to base, or the
 * difference of a share. p95 is tested by the times around it, from p90 to p98, where both sides know them. Null where either side has no request, no such quantile, or fewer than five samples above it, and where both
 * quantiles are of requests that waited in vain: none of that depends on which side was the faster.
 */
export function effectsOf(
  restarts: readonly Restart[],
  cells: readonly DuetCell[],
): readonly RestartEffects[] {
  return restarts.map(restart => {
    const readings = new Map(restart.endpoints.map(reading => [reading.endpoint, reading]));
    return cells.map(({ endpoint, metric }) => {
      const values = testedValuesOf(readings.get(endpoint), metric);
      if (values === null) return null;
      const [base, head] = meansOf(values, metric);
      return isShare(metric) ? worseSign(metric) * (head - base) : Math.log(head / base);
    });
  });
}

/**
 * What both sides of a restart showed, base first: times in ms, the geometric mean of several instances, or error rates; null
 * where the restart cannot tell.
 */
export function valuesOf(
  reading: DuetReading | undefined,
  metric: Metric,
): readonly [base: number, head: number] | null {
  const values = instanceValuesOf(reading, metric);
  return values === null ? null : meansOf(values, metric);
}

/** What each instance of both sides showed; null where any cannot tell. */
function instanceValuesOf(
  reading: DuetReading | undefined,
  metric: Metric,
): OfBoth<readonly number[]> | null {
  if (reading === undefined) return null;
  if (isUnknown(reading, metric)) return null;
  const values = (side: Side) => {
    const all = isShare(metric) ? [reading[side]] : instancesOf(reading, side);
    const known = all.map(one => readingOf(one, metric));
    return known.every(value => value !== null) ? known : null;
  };
  const [base, head] = [values('base'), values('head')];
  return base === null || head === null ? null : { base, head };
}

function meansOf(
  { base, head }: OfBoth<readonly number[]>,
  metric: Metric,
): readonly [base: number, head: number] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const ofSide = (values: readonly number[]) =>
    values.length === 1 || isShare(metric) ? mean(values) : Math.exp(mean(values.map(Math.log)));
  return [ofSide(base), ofSide(head)];
}

/** Whether a metric is tested by the times around it. */
export function isTestedByTail({ name }: Metric): boolean {
  return name === 'p95';
}

/** What the instances of both sides are tested by: the values themselves, but for p95, the times around it, which scatter less. */
export function testedValuesOf(
  reading: DuetReading | undefined,
  metric: Metric,
): OfBoth<readonly number[]> | null {
  const values = instanceValuesOf(reading, metric);
  if (values === null || !isTestedByTail(metric) || !reading) return values;
  const tails = (side: Side) => instancesOf(reading, side).map(({ tailUs }) => (tailUs ?? 0) / 1_000);
  const [base, head] = [tails('base'), tails('head')];
  return [...base, ...head].every(tail => tail > 0) ? { base, head } : values;
}

/**
 * Whether a quantile of both sides is of requests that waited in vain. It is the time allowed then, the same on both
 * sides, whatever became of the answers.
 */
export function isUnknown(reading: DuetReading, metric: Metric): boolean {
  if (isShare(metric)) return false;
  const answered = ({ samples, unanswered }: SideReading) => samples - unanswered;
  return sides.every(side =>
    instancesOf(reading, side).some(
      one => one.unanswered > 0 && rankOf(levelOf(metric), one.samples) > answered(one),
    ),
  );
}

/** The samples that a side needs in a restart before the restart tells of a quantile; 1 of an error rate. */
export function duetSamplesNeeded(metric: Metric): number {
  return isShare(metric) ? 1 : Math.ceil(fewestAbove / (1 - levelOf(metric)) - 1e-9);
}

function readingOf(side: SideReading, metric: Metric): number | null {
  if (isShare(metric)) return shareOf(metric, side);
  if (side.samples * (1 - levelOf(metric)) < fewestAbove - 1e-9) return null;
  const timeUs = { p50: side.p50Us, p95: side.p95Us, p99: side.p99Us }[metric.name] ?? null;
  return timeUs === null || timeUs <= 0 ? null : timeUs / 1_000;
}

/** Whether there are restarts, and in none of them either side had one expected answer: they say nothing of any build. */
export function nothingAnswered(restarts: readonly Restart[]): boolean {
  const hasAnswer = ({ endpoints }: Restart) =>
    endpoints.some(reading => sides.some(side => reading[side].requests > reading[side].errors));
  return restarts.length > 0 && !restarts.some(hasAnswer);
}
