import type { LatenessCause, Observed } from './evidence.ts';
import type { InvalidReason } from './invalid-reason.ts';
import type { RegressionPolicy } from './regression-policy.ts';

/** One of the two runs of a comparison. */
export type WhichRun = 'run' | 'baseline';

/** What the spread between earlier runs predicts of unchanged code. */
export interface Prediction {
  readonly runs: number;
  /** The value that unchanged code exceeds in `chance` of all runs, in the metric's unit. */
  readonly bound: number;
  readonly chance: number;
  /** The standard deviation of the logarithm from run to run. */
  readonly spread: number;
  /** The least true relative change that would be seen past the bound with the probability `power`. */
  readonly detectable: number;
  readonly power: number;
}

/** Why a change past what is allowed is no fail. */
export type RegressionDoubt =
  /** The interval is not clear of the bar. */
  | { readonly kind: 'notClear' }
  /** The baseline is of another machine or workload. */
  | { readonly kind: 'unlike' }
  /** So many of the other stored runs came near, or had as many errors. */
  | { readonly kind: 'othersAlike'; readonly count: number; readonly of: number }
  /** So many runs, or starts of one build, differ so much that unchanged code may take up to the bound. */
  | {
      readonly kind: 'differ';
      readonly of: 'runs' | 'starts';
      readonly count: number;
      readonly bound: number;
    };

/**
 * Why a regression finding has its status. What the finding says itself is not said again: its metric, both values, the
 * change with its interval, and whether it is firm or confounded.
 */
export type RegressionReason =
  /** A time within the bar of few stored runs. */
  | { readonly kind: 'withinBar'; readonly bar: RegressionPolicy['stored'] }
  /** A time past it: a fail without doubts, a warning with them. */
  | {
      readonly kind: 'pastBar';
      readonly bar: RegressionPolicy['stored'];
      readonly doubts: readonly RegressionDoubt[];
    }
  /** Past what many earlier runs predict. */
  | { readonly kind: 'pastPrediction'; readonly prediction: Prediction }
  /** Past it, and surely by less than the tolerance. */
  | { readonly kind: 'tolerated'; readonly prediction: Prediction; readonly tolerance: number }
  /** Surely lower than before. */
  | { readonly kind: 'improved'; readonly prediction: Prediction }
  /** Within what is predicted, and surely less than the tolerance. */
  | { readonly kind: 'withinPrediction'; readonly prediction: Prediction }
  /** Within what is predicted, maybe more than the tolerance, and within the bar of few stored runs. */
  | {
      readonly kind: 'byFewerRuns';
      readonly prediction: Prediction;
      readonly tolerance: number;
      readonly bar: RegressionPolicy['stored'];
    }
  /**
   * What `broken` says holds only with the generator's own delay: so many requests of the run went out more than a
   * millisecond late, and `onTime` is the value with each request's own delay taken off.
   */
  | {
      readonly kind: 'brokenByLateness';
      readonly late: number;
      readonly onTime: Observed;
      readonly cause: LatenessCause;
      readonly broken: RegressionReason;
    }
  /** The value is only a lower bound, since requests timed out. */
  | { readonly kind: 'mayBeMore' }
  /** A share is worse beyond chance, by so many requests more than the baseline's share gives: a fail without doubts, a warning with them. */
  | {
      readonly kind: 'worseShare';
      readonly more: number;
      readonly doubts: readonly RegressionDoubt[];
    }
  /** The same, surely less than the tolerance of a metric that has one. */
  | { readonly kind: 'toleratedShare'; readonly more: number; readonly tolerance: number }
  /** No change for the worse that matters. */
  | { readonly kind: 'shareHeld' }
  /** A share is worse, which may be chance: so few, all together, or as far as stored runs differ. */
  | { readonly kind: 'mayBeChance'; readonly why: 'few' | 'together' | 'runsDiffer' }
  /** Too few requests to tell a change of a share: those of the run that has fewer, and the time they came in. */
  | {
      readonly kind: 'tooFewRequests';
      readonly which: WhichRun;
      readonly requests: number;
      readonly needed: number;
      readonly change: number;
      readonly seconds: number;
    }
  /** Too few samples to compare the quantile. */
  | {
      readonly kind: 'tooFewSamples';
      readonly which: WhichRun;
      readonly samples: number;
      readonly needed: number;
      readonly seconds: number;
    }
  | { readonly kind: 'noneDue'; readonly which: WhichRun }
  /** No answer tells the signal that the metric is read from. */
  | { readonly kind: 'noneTells'; readonly which: WhichRun }
  | { readonly kind: 'noneAnswered'; readonly which: WhichRun }
  | { readonly kind: 'notMeasured' }
  /** The baseline's own value falls among requests that never ended. */
  | { readonly kind: 'baselineUnknown' }
  /** One of the runs is too short for an interval. */
  | { readonly kind: 'tooShort' };

/** Why a stored run is no evidence. */
export type Unfit =
  /** The first line of what is wrong, without secrets. */
  | { readonly kind: 'unreadable'; readonly what: string }
  | {
      readonly kind: 'noMeasurement';
      readonly of: 'stored';
      readonly where: string;
      readonly reasons: readonly InvalidReason[];
    };

/** Why a run is not compared with what there is. */
export type Refusal =
  | Unfit
  /** The baseline measured another workload; both by their digest. */
  | { readonly kind: 'otherWorkload'; readonly baseline: string; readonly run: string }
  | { readonly kind: 'incomplete'; readonly which: WhichRun }
  | { readonly kind: 'noMeasurement'; readonly of: 'run' }
  | {
      readonly kind: 'noMeasurement';
      readonly of: 'baseline';
      readonly reasons: readonly InvalidReason[];
    }
  /** The two runs have no endpoint in common to which a request was due. */
  | { readonly kind: 'nothingInCommon' }
  /** The baselines were being looked at when a signal came. */
  | { readonly kind: 'interrupted'; readonly by: string };
