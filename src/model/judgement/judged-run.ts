import type { RunRecord } from '../run/record.ts';
import type { ExitCode } from './exit-code.ts';
import type { Judgement } from './verdict.ts';

/** A run record with what the judge said of it: what a report is made from. */
export interface JudgedRun {
  readonly record: RunRecord;
  readonly judgement: Judgement;
  readonly exitCode: ExitCode;
  /** The attempts before this one, which were no measurement by the generator's doing; left out where there were none. */
  readonly earlier?: readonly JudgedRun[];
}
