import type { RepeatKind, Restart } from '../../model/duet/duet.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { newcombe } from '../../stats/intervals/share-difference.ts';
import type { DuetCell } from './effects.ts';

/** What one cell of a duet is decided by; all limits in the restart of its effects. */
export interface CellTerms {
  readonly required: boolean;
  /** What it is tested against: nothing at all between restarts, the floor between rounds. */
  readonly against: number;
  /** The least change that is called one. */
  readonly floor: number;
  /** What an upper bound must lie under. */
  readonly tolerance: number;
  /** Whether an established change within the tolerance only warns. */
  readonly isTolerated: boolean;
  /** Whether an established change past it fails; else it is inconclusive, and ends nothing. */
  readonly accuses: boolean;
  /** What the counts over the first so many restarts say beside the effects; of error rates alone. */
  readonly counted?: (restarts: number) => ErrorCounts;
}

/** The requests and errors of both sides over several restarts. */
export interface ErrorCounts {
  /** Errors more than the base's rate gives the head's requests. */
  readonly more: number;
  /**
   * The bounds of the difference of the rates as if requests were independent, `tail` on either side; as they would be
   * of `times` as many requests that fail alike.
   */
  bounds(tail: number, times?: number): { readonly low: number; readonly high: number };
}

/** The least increase of an error rate that is called one, the errors that it must amount to, and what is tolerated unseen. */
export const errorLimits = { floor: 0.001, fewestMore: 5, tolerance: 0.01 } as const;

/** The terms of a quantile: effects are log ratios. */
export function timeTerms(
  { floor, tolerance }: RegressionPolicy,
  repeat: RepeatKind,
  required: boolean,
  accuses = true,
): CellTerms {
  const least = Math.log1p(floor);
  return {
    required,
    against: repeat === 'round' ? least : 0,
    floor: least,
    tolerance: Math.log1p(tolerance),
    isTolerated: true,
    accuses,
  };
}

/**
 * The terms of an error rate: effects are differences of shares. It is tested against 0 between rounds too: against a
 * floor, endpoints without any error would show one and the same effect in all restarts, so that one sign pattern of
 * theirs reaches the greatest statistic there is, and nothing could be established at the first look.
 */
export function errorTerms(required: boolean, counted?: CellTerms['counted']): CellTerms {
  const { floor, tolerance } = errorLimits;
  return {
    required,
    against: 0,
    floor,
    tolerance,
    isTolerated: false,
    accuses: true,
    ...(counted === undefined ? {} : { counted }),
  };
}

/** The terms of a cell of measured restarts; `timesAccuse` is false where starts alone may make the difference. */
export function termsOf(
  { endpoint, metric, required }: DuetCell,
  restarts: readonly Restart[],
  policy: RegressionPolicy,
  kind: RepeatKind,
  timesAccuse = true,
): CellTerms {
  return metric.kind === 'errorRate'
    ? errorTerms(required, count => errorCounts(restarts.slice(0, count), endpoint))
    : timeTerms(policy, kind, required, timesAccuse);
}

/**
 * Counts an endpoint's errors. Beside the bound from the restarts stands Newcombe's of the pooled counts, since restarts
 * without any error agree on a difference of 0, however few requests they had.
 */
function errorCounts(restarts: readonly Restart[], endpoint: string): ErrorCounts {
  const readings = restarts.flatMap(restart =>
    restart.endpoints.filter(reading => reading.endpoint === endpoint),
  );
  const [base, head] = (['base', 'head'] as const).map(side => ({
    hits: readings.reduce((sum, reading) => sum + reading[side].errors, 0),
    trials: readings.reduce((sum, reading) => sum + reading[side].requests, 0),
  })) as [{ hits: number; trials: number }, { hits: number; trials: number }];
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
