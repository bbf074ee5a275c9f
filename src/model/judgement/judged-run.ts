import type { GateReport } from '../gate.ts';
import type { RunRecord } from '../run/record.ts';
import type { Scope } from './budget.ts';
import { type ExitCode, isInterrupted, worstExitCode } from './exit-code.ts';
import type { Metric } from './metric.ts';
import { type Judgement, type Verdict, worstOf } from './verdict.ts';

/** A run record with what the judge said of it: what a report is made from. */
export interface JudgedRun {
  readonly record: RunRecord;
  readonly judgement: Judgement;
  readonly exitCode: ExitCode;
  /** The attempts before this one, which were no measurement by the generator's doing; left out where there were none. */
  readonly earlier?: readonly JudgedRun[];
  /** There where the load was played several times, and this run speaks for them. */
  readonly repeats?: Repeats;
  /** By whose gate it was judged; left out where by its own. */
  readonly gate?: GateReport;
}

/** A load that was played several times: each budget is judged by its median. */
export interface Repeats {
  readonly asked: number;
  /** In their order; those that are no measurement are not judged. */
  readonly runs: readonly { readonly id: string; readonly verdict: Verdict; readonly isJudged: boolean }[];
  readonly spreads: readonly Spread[];
}

/** What was observed of one budget, in the order of the runs that are judged. */
export interface Spread {
  readonly scope: Scope;
  readonly metric: Metric;
  readonly limit: number | null;
  readonly values: readonly (number | null)[];
}

/**
 * The exit code that stands of several runs: that of an interrupt, else that of the worst verdict. A firm fail comes
 * before a run that is no measurement, which comes before a fail that is not firm.
 */
export function exitCodeOfRuns(runs: readonly JudgedRun[]): ExitCode {
  const { verdict } = worstOf(runs.map(({ judgement }) => judgement));
  const decisive = runs.filter(
    ({ judgement, exitCode }) => judgement.verdict === verdict || isInterrupted(exitCode),
  );
  return worstExitCode(decisive.map(({ exitCode }) => exitCode));
}
