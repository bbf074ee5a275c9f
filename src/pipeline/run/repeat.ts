import { isRepeatable } from '../../judge/validity/repeatable.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { PreparedRun } from './prepare.ts';
import { type RunOptions, runPrepared, type SavedRun } from './run.ts';

/** How a run is made, and made again. */
export interface RepeatOptions extends RunOptions {
  /** How often a run is made again at most that is no measurement by the generator's doing. */
  readonly retries: number;
}

/**
 * Makes a run, and makes it again as long as it is no measurement by the generator's doing alone. Each attempt is a whole
 * run: what the scenario serves is started afresh, and its record is saved. The last one stands, with those before it.
 */
export async function runRepeatedly(prepared: PreparedRun, options: RepeatOptions): Promise<SavedRun> {
  const { retries, interrupt, onEvent } = options;
  let run = await runPrepared(prepared, options);
  const earlier: JudgedRun[] = [];
  while (earlier.length < retries && isRepeatable(run) && !interrupt?.aborted) {
    const { record, judgement, exitCode, problems } = run;
    const last = { record, judgement, exitCode };
    onEvent?.({ kind: 'repeating', attempt: earlier.length + 2, attempts: retries + 1, last });
    try {
      const next = await runPrepared(prepared, options);
      run = { ...next, problems: [...problems, ...next.problems] };
    } catch (error) {
      // Interrupted before the first request: the attempt before is what there is.
      if (interrupt?.aborted && error === interrupt.reason) break;
      throw error;
    }
    earlier.push(last);
  }
  return earlier.length === 0 ? run : { ...run, earlier };
}
