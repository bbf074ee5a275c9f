import type { RunRecord } from '../run/record.ts';
import type { ExitCode } from './exit-code.ts';
import type { Judgement } from './verdict.ts';

/** A run record with what the judge said of it: what a report is made from. */
export interface JudgedRun {
  readonly record: RunRecord;
  readonly judgement: Judgement;
  readonly exitCode: ExitCode;
}
