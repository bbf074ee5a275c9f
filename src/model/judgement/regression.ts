import type { Measurement } from '../run/record.ts';
import type { BaselineChoice, BaselineSelection, Mismatch, StoredRun } from './baseline.ts';
import type { Scope } from './budget.ts';
import type { ComparisonNote } from './comparison-note.ts';
import type { Evidence, Interval, Observed } from './evidence.ts';
import type { Metric } from './metric.ts';
import type { Prediction, Refusal, RegressionReason } from './regression-reason.ts';

/** Which earlier runs a comparison rests on, and so how strong its evidence is. */
export type Basis =
  /** One run of another machine or another workload: at most a warning. */
  | {
      readonly kind: 'unlike';
      readonly why: BaselineChoice;
      readonly reference: StoredRun;
      readonly mismatch: Mismatch;
    }
  /** One to seven runs of a like machine: `reference` and the others. */
  | {
      readonly kind: 'fewRuns';
      readonly why: BaselineChoice;
      readonly reference: StoredRun;
      readonly others: readonly StoredRun[];
    }
  /** Eight or more of them, newest first, `reference` among them. */
  | {
      readonly kind: 'manyRuns';
      readonly why: BaselineChoice;
      readonly reference: StoredRun;
      readonly runs: readonly StoredRun[];
    };

/** How a metric differs from its baseline. */
export interface Change {
  /** `relative`: observed / baseline − 1; `difference`: observed − baseline, of shares from 0 to 1. */
  readonly kind: 'relative' | 'difference';
  readonly value: number;
  /** In the same terms; null where the data give none. */
  readonly interval: Interval | null;
}

/** What a finding was decided by. */
export type RegressionEvidence =
  /** Times within the two runs, against the bar of few stored runs. */
  | {
      readonly kind: 'withinRuns';
      /** The relative change past which it would fail. */
      readonly bar: number;
      /** How many further runs were looked at, and how many of them were within the bar of this one. */
      readonly others: number;
      readonly asSlow: number;
    }
  /** The spread between earlier runs. */
  | ({ readonly kind: 'prediction' } & Prediction)
  /** Counts of errors in the two runs. */
  | {
      readonly kind: 'shares';
      readonly baseline: Evidence;
      /** Errors more than the baseline's share gives as many requests. */
      readonly more: number;
      readonly others: number;
      readonly asBad: number;
    }
  /** Too little data; the finding's reason says what is missing. */
  | { readonly kind: 'thin' };

/** One endpoint and metric, held against earlier runs, with its evidence. */
export interface RegressionFinding {
  readonly scope: Scope;
  readonly metric: Metric;
  /** `invalid`: it would fail, and that is the doing of the generator's own delay alone. */
  readonly status: 'pass' | 'warn' | 'fail' | 'inconclusive' | 'invalid';
  /** False where it can accuse, but a run is green without it. */
  readonly required: boolean;
  /** Null where nothing was measured. */
  readonly observed: Observed | null;
  readonly baseline: Observed | null;
  readonly change: Change | null;
  /** True where the whole interval of the change lies on one side of what decides. */
  readonly firm: boolean;
  /** True where the error rates differ as well, so that the times are those of other requests. */
  readonly confounded: boolean;
  readonly basis: Basis;
  readonly evidence: RegressionEvidence;
  readonly samples: number;
  readonly reason: RegressionReason;
}

/** How a run compares with earlier ones. */
export type Comparison =
  /** There is nothing to compare with; `selection` is null where nobody asked. */
  | { readonly state: 'none'; readonly selection: BaselineSelection | null }
  /** There is a baseline, and it is not comparable. */
  | {
      readonly state: 'refused';
      /** Null where the baselines could not be looked at. */
      readonly selection: BaselineSelection | null;
      readonly reason: Refusal;
    }
  | {
      readonly state: 'compared';
      readonly selection: BaselineSelection;
      readonly basis: Basis;
      readonly findings: readonly RegressionFinding[];
      /** What the basis' reference measured, to be shown beside the run. */
      readonly measured?: Measurement;
      readonly notes: readonly ComparisonNote[];
    };

/** A comparison that nobody asked for. */
export const notCompared: Comparison = { state: 'none', selection: null };

/** The regression findings of a comparison; none where nothing was compared. */
export function regressionsIn(comparison: Comparison): readonly RegressionFinding[] {
  return comparison.state === 'compared' ? comparison.findings : [];
}

/** Whether a finding has a say in the verdict: an optional one only where it accuses. */
export function counts({ status, required }: Pick<RegressionFinding, 'status' | 'required'>): boolean {
  return required || status === 'fail' || status === 'warn';
}
