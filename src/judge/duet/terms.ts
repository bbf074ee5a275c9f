import { badOf, isShare, type ShareMetric } from '../../analysis/metrics/share-metric.ts';
import type { RepeatKind, Restart } from '../../model/duet/duet.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { clippedAt } from '../../stats/flips/sequential-test.ts';
import { newcombe } from '../../stats/intervals/share-difference.ts';
import { type DuetCell, isTestedByTail, valuesOf } from './effects.ts';

/** What one cell of a duet is decided by; all limits in the restart of its effects. */
export interface CellTerms {
  readonly required: boolean;
  /** What it is tested against: nothing at all between restarts, the floor between rounds. */
  readonly against: number;
  /** Whether a restart that lies far out counts no farther than 2.5 standard deviations. */
  readonly isClipped: boolean;
  /** The least change that is called one. */
  readonly floor: number;
  /** What an upper bound must lie under. */
  readonly tolerance: number;
  /** Whether an established change within the tolerance only warns. */
  readonly isTolerated: boolean;
  /** What it must be established to lie above for a failure: between rounds, more than starts alone may make. */
  readonly failsFrom: number;
  /** The fewest bad requests more that a change must amount to; of shares alone. */
  readonly fewestMore: number;
  /** What the counts over the first so many restarts say beside the effects; of shares alone. */
  readonly counted?: (restarts: number) => BadCounts;
  /** By how much the metric itself changed over the first so many restarts, where it is tested by something steadier. */
  readonly itself?: (restarts: number) => number | null;
}

/** The requests of both sides over several restarts, and those of them that count against a side. */
export interface BadCounts {
  /** Bad ones more than the base's share gives the head's requests. */
  readonly more: number;
  /**
   * The bounds of the difference of the rates as if requests were independent, `tail` on either side; as they would be
   * of `times` as many requests that fail alike.
   */
  bounds(tail: number, times?: number): { readonly low: number; readonly high: number };
}

/** What the sequential test is told of the cells: of any change, or of one that fails. */
export function testedBy(
  terms: readonly CellTerms[],
  limit: 'against' | 'failsFrom' = 'against',
): {
  readonly nulls: readonly number[];
  readonly clips: readonly boolean[];
} {
  return { nulls: terms.map(of => of[limit]), clips: terms.map(({ isClipped }) => isClipped) };
}

/** The terms of a quantile: effects are log ratios; `margin` is what starts alone may make of two instances, a relative change. */
export function timeTerms(
  { floor, tolerance }: RegressionPolicy,
  repeat: RepeatKind,
  required: boolean,
  margin: number | null = null,
): CellTerms {
  const least = Math.log1p(floor);
  const against = repeat === 'round' ? least : 0;
  return {
    required,
    against,
    isClipped: true,
    floor: least,
    tolerance: Math.log1p(tolerance),
    isTolerated: true,
    failsFrom: margin === null ? against : Math.max(against, Math.log1p(margin)),
    fewestMore: 0,
  };
}

/**
 * The terms of a share such as the error rate: effects are differences of shares. It is tested against 0 between rounds too: against a
 * floor, endpoints without any error would show one and the same effect in all restarts, so that one sign pattern of
 * theirs reaches the greatest statistic there is, and nothing could be established at the first look.
 */
export function shareTerms(
  { limits, isTolerated }: ShareMetric['comparison'],
  required: boolean,
  counted?: CellTerms['counted'],
): CellTerms {
  const { floor, fewestMore, tolerance } = limits;
  return {
    required,
    against: 0,
    // Most restarts have no error at all: their median would clip every one of the others to nothing.
    isClipped: false,
    floor,
    tolerance,
    isTolerated,
    failsFrom: 0,
    fewestMore,
    ...(counted === undefined ? {} : { counted }),
  };
}

/** The terms of a cell of measured restarts; `margin` is what starts alone may make of two instances, a relative change. */
export function termsOf(
  { endpoint, metric, required }: DuetCell,
  restarts: readonly Restart[],
  policy: RegressionPolicy,
  kind: RepeatKind,
  margin: number | null = null,
): CellTerms {
  if (isShare(metric)) {
    const counted = (count: number) => badCounts(metric, restarts.slice(0, count), endpoint);
    return shareTerms(metric.comparison, required, counted);
  }
  const terms = timeTerms(policy, kind, required, margin);
  if (!isTestedByTail(metric)) return terms;
  return {
    ...terms,
    itself: count => quantileChange(metric, restarts.slice(0, count), endpoint, terms.against),
  };
}

/** The mean log ratio of a quantile, clipped as what is tested is. */
function quantileChange(
  metric: Metric,
  restarts: readonly Restart[],
  endpoint: string,
  none: number,
): number | null {
  const ratios = restarts.flatMap(restart => {
    const reading = restart.endpoints.find(of => of.endpoint === endpoint);
    const values = valuesOf(reading, metric);
    return values === null ? [] : [[Math.log(values[1] / values[0])]];
  });
  const own = clippedAt(ratios, { nulls: [none], clips: [true] }).map(([value]) => value as number);
  return own.length === 0 ? null : own.reduce((sum, value) => sum + value, 0) / own.length;
}

/**
 * Counts what speaks against an endpoint. Beside the bound from the restarts stands Newcombe's of the pooled counts, since restarts
 * without any error agree on a difference of 0, however few requests they had.
 */
function badCounts(metric: ShareMetric, restarts: readonly Restart[], endpoint: string): BadCounts {
  const readings = restarts.flatMap(restart =>
    restart.endpoints.filter(reading => reading.endpoint === endpoint),
  );
  const [base, head] = (['base', 'head'] as const).map(side => {
    const bad = readings.map(reading => badOf(metric, reading[side]));
    return {
      hits: bad.reduce((sum, { hits }) => sum + hits, 0),
      trials: bad.reduce((sum, { trials }) => sum + trials, 0),
    };
  }) as [{ hits: number; trials: number }, { hits: number; trials: number }];
  const scaled = ({ hits, trials }: typeof base, times: number) => ({
    hits: hits * times,
    trials: trials * times,
  });
  const isEmpty = base.trials === 0 || head.trials === 0;
  return {
    more: isEmpty ? 0 : head.hits - (base.hits / base.trials) * head.trials,
    bounds: (tail, times = 1) =>
      isEmpty
        ? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
        : newcombe(scaled(base, times), scaled(head, times), 1 - 2 * tail),
  };
}
