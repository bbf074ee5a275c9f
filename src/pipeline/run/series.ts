import { judgeRepeats } from '../../judge/repeats.ts';
import { exitCodeOf } from '../../model/judgement/exit-code.ts';
import type { PreparedRun } from './prepare.ts';
import { type RepeatOptions, runRepeatedly } from './repeat.ts';
import type { SavedRun } from './run.ts';

/** How often a load is played at most. */
export const mostRepeats = 20;

/** How a load is played, and how often. */
export interface SeriesOptions extends RepeatOptions {
  readonly repeat: number;
}

/**
 * Plays a load several times, each a whole run with a record of its own, and judges each budget by its median. What another
 * run would only find again ends the series, and stands: a target that never answers, or a load that its `abortOn` stopped. After an
 * interrupt, the runs that were finished are judged.
 */
export async function runSeries(prepared: PreparedRun, options: SeriesOptions): Promise<SavedRun> {
  const { repeat, interrupt, onEvent } = options;
  if (repeat === 1) return await runRepeatedly(prepared, options);
  const runs: SavedRun[] = [];
  while (runs.length < repeat) {
    onEvent?.({ kind: 'playing', number: runs.length + 1, of: repeat });
    let run: SavedRun;
    try {
      run = await runRepeatedly(prepared, options);
    } catch (error) {
      // Interrupted before its first request: the runs before are what there is.
      if (interrupt?.aborted && error === interrupt.reason && runs.length > 0) break;
      throw error;
    }
    const { state } = run.record.measurement.completion;
    if (state === 'interrupted') {
      if (runs.length > 0) break;
      return run;
    }
    if (state !== 'complete' && state !== 'workerDied')
      return { ...run, problems: problemsOf([...runs, run]) };
    runs.push(run);
    if (interrupt?.aborted) break;
  }
  const { index, judgement, repeats } = judgeRepeats(runs, repeat);
  const stands = runs[index] as SavedRun;
  const { completion } = stands.record.measurement;
  return {
    ...stands,
    judgement,
    exitCode: exitCodeOf(judgement.verdict, completion, judgement.onInconclusive),
    repeats,
    problems: problemsOf(runs),
  };
}

const problemsOf = (runs: readonly SavedRun[]) => runs.flatMap(({ problems }) => problems);
