import type { JudgedRun, Repeats } from '../../../model/judgement/judged-run.ts';
import { counted, number } from '../../../words/quantity-text.ts';
import { type Inline, line, name, plainText } from '../inline.ts';
import { runSentence } from './run-sentence.ts';

/** Which attempt a run is, and why those before it were no measurement, each in a line; nothing of a first one. */
export function attemptLines({ earlier = [] }: JudgedRun): readonly Inline[] {
  return earlier.map(
    (run, index) =>
      line`attempt ${index + 1} of ${earlier.length + 1} (${name(run.record.header.id)}): ${runSentence(run).said}`,
  );
}

/** How a load that was played several times is judged. */
export function repeatsText({ asked, runs }: Repeats): string {
  const judged = runs.filter(({ isJudged }) => isJudged).length;
  const cut = runs.length < asked ? ` of ${number(asked)} that were asked for` : '';
  const left = runs.length - judged;
  const without =
    left === 0 ? '' : ` ${counted(left, 'run')} ${left === 1 ? 'is' : 'are'} not a measurement and left out.`;
  const verdicts = runs.map(({ verdict }) => verdict).join(', ');
  const even = judged % 2 === 0 && judged > 0 ? ', the worse of the two in the middle' : '';
  const how =
    judged * 2 > runs.length
      ? `Each budget is judged by its median${even}; other figures are those of the run that the worst finding is from.`
      : 'Too few are measurements to judge any by its median.';
  return `The load was played ${counted(runs.length, 'time')}${cut} (${verdicts}). ${how}${without}`;
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
