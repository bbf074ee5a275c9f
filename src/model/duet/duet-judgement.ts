import type { GateReport } from '../gate.ts';
import type { ExitCode } from '../judgement/exit-code.ts';
import type { Metric } from '../judgement/metric.ts';
import type { Change } from '../judgement/regression.ts';
import type { RegressionPolicy } from '../judgement/regression-policy.ts';
import type { Verdict } from '../judgement/verdict.ts';
import type { DuetRecord } from './duet.ts';
import type { DuetNote } from './duet-note.ts';
import type { DuetEndReason, DuetReason } from './duet-reason.ts';

/** What a duet's finding rests on, at the latest look. */
export interface DuetEvidence {
  /** The restarts that told something of this cell. */
  readonly restarts: number;
  /** Adjusted for all cells and looks; null before the first look. */
  readonly pValue: number | null;
  /** Whether the change for the worse is established. */
  readonly established: boolean;
  /** The standard deviation of the restarts' effects: log ratios, or differences of shares; null of fewer than two. */
  readonly spread: number | null;
  /** What each restart that was looked at showed by itself, in the terms of the finding's change; null where it cannot tell. */
  readonly effects: readonly (number | null)[];
}

/** One endpoint and metric, head against base. */
export interface DuetFinding {
  readonly endpoint: string;
  readonly metric: Metric;
  readonly status: 'pass' | 'warn' | 'fail' | 'inconclusive';
  /** False where it can accuse, but a duet is green without it. */
  readonly required: boolean;
  /** The geometric mean over restarts of times in ms, the mean of error rates; null where nothing was measured. */
  readonly base: number | null;
  readonly head: number | null;
  /** Null before there are restarts that tell. */
  readonly change: Change | null;
  readonly evidence: DuetEvidence;
  /** True where the error rates differ as well, so that the times are those of other requests. */
  readonly confounded: boolean;
  /** Requests of both sides. */
  readonly samples: number;
  readonly reason: DuetReason;
}

/**
 * What the same test says of base against itself in this very duet: halves of its own turns, drawn by coin in each restart. It never
 * decides.
 */
export interface DuetControl {
  /** The restarts that were looked at. */
  readonly restarts: number;
  /** Those that halves tell of. */
  readonly findings: readonly DuetFinding[];
}

/** Whether a duet goes on. */
export type DuetProgress =
  /** `nextLook` is the number of restarts at which it is judged next. */
  | { readonly state: 'goesOn'; readonly nextLook: number }
  | { readonly state: 'over'; readonly reason: DuetEndReason };

/** What the judge says of a duet as far as it went. */
export interface DuetJudgement {
  readonly verdict: Verdict;
  readonly findings: readonly DuetFinding[];
  readonly progress: DuetProgress;
  readonly notes: readonly DuetNote[];
  /** Null before the first look, and of records that do not hold it. */
  readonly control: DuetControl | null;
  readonly policy: RegressionPolicy;
  readonly onInconclusive: 'warn' | 'fail';
}

/** A duet with its judgement. */
export interface JudgedDuet {
  readonly record: DuetRecord;
  readonly judgement: DuetJudgement;
  readonly exitCode: ExitCode;
  /** By whose gate it was judged; left out where by its own. */
  readonly gate?: GateReport;
}
