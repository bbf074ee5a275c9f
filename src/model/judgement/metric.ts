import type { SignalTotals } from '../run/signal.ts';

/** The quantiles that every report shows, by name. */
export const reportedQuantiles = ['p50', 'p75', 'p90', 'p95', 'p99', 'p99.9'] as const;

/** The name of a reported quantile. */
export type QuantileName = (typeof reportedQuantiles)[number];

/** The times of streamed answers: to the first event, and from each event to the next. */
export const streamTimes = ['firstEvent', 'gap'] as const;

/** One kind of time of a streamed answer. */
export type StreamTime = (typeof streamTimes)[number];

/** Which of a request's times a latency metric speaks of. */
export type LatencyKind = 'response' | 'service' | 'firstByte' | StreamTime;

/** Whether a time is one of a streamed answer. */
export function isStreamTime(of: LatencyKind): of is StreamTime {
  return (streamTimes as readonly LatencyKind[]).includes(of);
}

/** What a latency metric takes from the distribution. */
export type LatencyStatistic =
  | { readonly kind: 'avg' }
  | { readonly kind: 'min' }
  | { readonly kind: 'max' }
  /** `q` is between 0 and 1, exclusive. */
  | { readonly kind: 'quantile'; readonly q: number };

/** The unit in which a metric is observed and limited: milliseconds, a share from 0 to 1, or events per second. */
export type MetricUnit = 'ms' | 'ratio' | 'perSecond';

/** What can be counted of requests: in a scope, in a slice of it, or on one side of a duet. */
export interface OutcomeCounts {
  /** Due, however they ended. */
  readonly requests: number;
  /** Failed and unfinished. */
  readonly errors: number;
  /** What expected answers said of themselves; left out where the scenario does not ask. */
  readonly signals?: SignalTotals | undefined;
}

/** The same over a known stretch of time. */
export interface TimedCounts extends OutcomeCounts {
  readonly seconds: number;
  /** Ok answers completed. */
  readonly completed: number;
  /** Events of streamed answers that came; left out where none is read as a stream. */
  readonly events?: number | undefined;
}

/** How a metric is observed: the same reading serves a whole scope and each of its slices, which intervals are drawn from. */
export type MetricForm =
  /** A statistic of a distribution of times. */
  | { readonly kind: 'time'; readonly of: LatencyKind; readonly statistic: LatencyStatistic }
  /** A share: hits of trials. */
  | {
      readonly kind: 'share';
      /** What a hit is called. */
      readonly noun: string;
      hits(counts: OutcomeCounts): number;
      trials(counts: OutcomeCounts): number;
      /** How many requests say anything of it: of none, there is no share. */
      told(counts: OutcomeCounts): number;
    }
  /** A quotient of two sums, such as events per second. */
  | { readonly kind: 'rate'; sum(counts: TimedCounts): number; per(counts: TimedCounts): number };

/** What decides of a difference between two shares. */
export interface DifferenceLimits {
  /** The least difference that is called one. */
  readonly floor: number;
  /** The requests that it must amount to. */
  readonly fewestMore: number;
  /** The greatest difference for the worse that may go unseen. */
  readonly tolerance: number;
}

/** How two values of a metric are compared. */
export type MetricComparison =
  | { readonly as: 'relative' }
  | {
      readonly as: 'difference';
      readonly limits: DifferenceLimits;
      /** Whether an established difference that is surely within the tolerance only warns. */
      readonly isTolerated: boolean;
    };

/** A measurable quantity that a budget can limit. */
export interface Metric {
  /** As budgets name it: `p95`, `errorRate`. */
  readonly name: string;
  /** As prose names it: `error rate`. */
  readonly prose: string;
  readonly unit: MetricUnit;
  /** Whether a budget on it is a ceiling or a floor; a change to the other side is for the worse. */
  readonly direction: 'atMost' | 'atLeast';
  readonly form: MetricForm;
  /** Null where it is held against limits alone. */
  readonly comparison: MetricComparison | null;
  /** Whether it counts failures: their kinds explain it, and where it differs, times are those of other requests. */
  readonly countsFailures: boolean;
  /** The signal that it is read from, which the scenario must ask for; null where every run has it. */
  readonly signal: string | null;
}

/** A row of the table of metrics: one metric, or a family that differ in a part of their name. */
export interface MetricRow {
  /** The names of the row as a regular expression, without anchors. */
  readonly names: string;
  /** The metric of a name that matches; undefined where it is none after all. */
  metric(name: string): Metric | undefined;
  /** The names that editors offer; all that there are, unless the row has any number of names. */
  readonly offered: readonly string[];
  /** Whether there are more names than those. */
  readonly isOpen: boolean;
  /** The names that people are shown who write one that does not exist. */
  readonly examples: readonly string[];
  /** The names whose values are kept in index entries. */
  readonly indexed: readonly string[];
  /** The names that two runs, or two sides, are compared by; those not required can accuse, but a green run needs them only where a budget asks. */
  readonly compared: readonly { readonly name: string; readonly required: boolean }[];
  /** How a limit is described to people who write one; the id names its kind in the JSON Schema. */
  readonly limit: { readonly id: string; readonly description: string };
  /** The limit on the total that holds where no budget names the metric; null for none. */
  readonly standingLimit: number | null;
}
