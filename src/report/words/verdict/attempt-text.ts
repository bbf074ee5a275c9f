import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { type Inline, line, name, plainText } from '../inline.ts';
import { runSentence } from './run-sentence.ts';

/** Which attempt a run is, and why those before it were no measurement, each in a line; nothing of a first one. */
export function attemptLines({ earlier = [] }: JudgedRun): readonly Inline[] {
  return earlier.map(
    (run, index) =>
      line`attempt ${index + 1} of ${earlier.length + 1} (${name(run.record.header.id)}): ${runSentence(run).said}`,
  );
}

/** That a run is made again, and why. */
export function repeatingText({
  attempt,
  attempts,
  last,
}: {
  readonly attempt: number;
  readonly attempts: number;
  readonly last: JudgedRun;
}): string {
  return `${plainText(runSentence(last).said)} This is attempt ${attempt} of ${attempts}.`;
}
