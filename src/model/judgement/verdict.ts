import type { Scope } from './budget.ts';
import type { Evidence, Interval, Observed } from './evidence.ts';
import type { FindingReason } from './finding-reason.ts';
import type { InvalidReason } from './invalid-reason.ts';
import type { Metric } from './metric.ts';
import type { Comparison } from './regression.ts';
import type { RunNote, Undone } from './run-note.ts';

export type { Evidence, Interval, Observed } from './evidence.ts';

/** The judgement of a finding or of a run. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'invalid';

/** One scope and metric, held against its limit, with its evidence. */
export interface Finding {
  readonly scope: Scope;
  readonly metric: Metric;
  readonly status: Verdict;
  /** Null where nothing was measured. */
  readonly observed: Observed | null;
  readonly limit: number | null;
  readonly warn: number | null;
  readonly interval: Interval | null;
  /** True where the whole interval lies on one side of the limit. */
  readonly firm: boolean;
  readonly evidence: Evidence;
  readonly reason: FindingReason;
}

/** Whether the numbers can be blamed on the server at all. */
export type Validity =
  | { readonly state: 'valid' }
  | { readonly state: 'invalid'; readonly reasons: readonly InvalidReason[] };

/** What the judge says of one run record. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly validity: Validity;
  /** By the budgets. */
  readonly findings: readonly Finding[];
  /** With earlier runs. */
  readonly comparison: Comparison;
  /** What was asked for and not done; of any, a pass is a warning. */
  readonly undone: readonly Undone[];
  /** The budgets file; null where none was found. */
  readonly budgetsFile: string | null;
  /** Endpoints that no budget names. */
  readonly unbudgeted: readonly string[];
  /** What a reader should know though it decides nothing. */
  readonly notes: readonly RunNote[];
  readonly onInconclusive: 'warn' | 'fail';
}

const severity: readonly Verdict[] = ['invalid', 'fail', 'inconclusive', 'warn', 'pass'];

/** The verdict that stands of several: the first of invalid, fail, inconclusive, warn, pass; `pass` of none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return severity.find(verdict => verdicts.includes(verdict)) ?? 'pass';
}
