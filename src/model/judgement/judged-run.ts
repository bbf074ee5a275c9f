import type { GateReport } from '../gate.ts';
import type { RunRecord } from '../run/record.ts';
import { type ExitCode, isInterrupted, worstExitCode } from './exit-code.ts';
import { type Judgement, worstOf } from './verdict.ts';

/** A run record with what the judge said of it: what a report is made from. */
export interface JudgedRun {
  readonly record: RunRecord;
  readonly judgement: Judgement;
  readonly exitCode: ExitCode;
  /** The attempts before this one, which were no measurement by the generator's doing; left out where there were none. */
  readonly earlier?: readonly JudgedRun[];
  /** By whose gate it was judged; left out where by its own. */
  readonly gate?: GateReport;
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
