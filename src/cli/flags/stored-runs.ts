import type { SkippedRun } from '../../app.ts';
import type { Session } from '../streams/session.ts';

/** So many runs, in words. */
export const countedRuns = (count: number): string => (count === 1 ? '1 run' : `${count} runs`);

/** What cannot be read must not go unseen, though a command can do without it. */
export function nameSkipped(skipped: readonly SkippedRun[], { stderr }: Session): void {
  for (const { error } of skipped) stderr.write(`${error.message}\n`);
}
