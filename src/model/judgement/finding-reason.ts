import type { RequestCounts } from '../run/record.ts';
import type { ResultsOrigin } from '../run/results.ts';
import type { Waiver } from './budget.ts';
import type { Interval, LatenessCause, Observed, Unsettled } from './evidence.ts';

/** How requests ended that brought no expected answer: those that failed, by kind, and those that never ended. */
export type BadEnds = Pick<RequestCounts, 'failed' | 'unfinished'>;

/** What another tool's results do not hold: `held` are the statistics that they do. */
export type Lack =
  | { readonly kind: 'stages' | 'endpoint' | 'metric' | 'unanswered' }
  | { readonly kind: 'statistic'; readonly held: readonly string[] };

/** What a budget comes to before its waiver is read. */
type PlainReason =
  /** The observed value keeps the limit; `unsettled` says why that is not firm although the interval keeps it too. */
  | { readonly kind: 'withinLimit'; readonly unsettled?: Unsettled }
  /** It keeps the limit, and is past the warning. */
  | { readonly kind: 'pastWarning'; readonly unsettled?: Unsettled }
  /** It breaks the limit; `ends` of error rates, and of times that are lower bounds. */
  | { readonly kind: 'overLimit'; readonly ends: BadEnds | null; readonly unsettled?: 'summary' }
  /** Too few samples to see the quantile, and yet too many of them over the limit: `allowed` and `share` are shares. */
  | {
      readonly kind: 'tooManyOver';
      readonly over: number;
      readonly allowed: number;
      readonly share: Interval;
    }
  /** Requests were due, and none of them ended in a way that has such a value. */
  | { readonly kind: 'noneMeasured'; readonly ends: BadEnds }
  /** No request was due, since journeys ended early for want of a captured value. */
  | { readonly kind: 'journeysEndedEarly'; readonly journeys: number }
  /** No request was due. */
  | { readonly kind: 'noneDue' }
  /** None of so many expected answers tells the signal that the metric is read from. */
  | { readonly kind: 'untold'; readonly answers: number; readonly signal: string }
  /** Too few samples to see the quantile: the effective samples that it needs, and the time in which these came. */
  | { readonly kind: 'unseen'; readonly needed: number; readonly seconds: number }
  /**
   * It breaks the limit, and would not without the generator's own delay: so many requests went out more than a millisecond
   * late, and `onTime` is the value with each request's own delay taken off.
   */
  | {
      readonly kind: 'brokenByLateness';
      readonly late: number;
      readonly onTime: Observed | null;
      readonly cause: LatenessCause;
    }
  /** The value keeps the limit, of too few samples to say so. */
  | { readonly kind: 'tooFewSamples'; readonly needed: number; readonly seconds: number }
  /** The results of another tool do not hold what the budget limits. */
  | { readonly kind: 'notHeld'; readonly lack: Lack; readonly origin: Pick<ResultsOrigin, 'tool' | 'format'> }
  /** The value keeps the limit, in too short a time for any interval. */
  | { readonly kind: 'tooShort' }
  /** The value keeps the limit and is only a lower bound, because of requests that never ended. */
  | { readonly kind: 'mayBeMore'; readonly ends: BadEnds };

/** What it comes to with its waiver. */
type WaivedReason =
  | PlainReason
  /** It fails, and a waiver makes a warning of that. */
  | { readonly kind: 'waived'; readonly waiver: Waiver; readonly failed: PlainReason }
  /** It fails, and its waiver is over. */
  | { readonly kind: 'waiverExpired'; readonly waiver: Waiver; readonly failed: PlainReason };

/**
 * Why a finding has its status. What the finding says itself is not said again: its metric, scope, limit, observed value,
 * interval and evidence.
 */
export type FindingReason =
  | WaivedReason
  /** It would fail, and what makes the run no measurement may be the reason. */
  | { readonly kind: 'noMeasurement'; readonly failed: WaivedReason };
