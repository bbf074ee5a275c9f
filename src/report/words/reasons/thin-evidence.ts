import { type Evidence, isClustered } from '../../../model/judgement/evidence.ts';
import { counted, number, span } from '../../../words/quantity-text.ts';

/** Of fewer samples their rate is a guess, and so is every length that is drawn from it. */
const fewestForRate = 10;

/**
 * The length of a run, in words, that brings `needed` samples if `samples` come in `seconds`; rounded up, to whole
 * minutes past three of them and to whole hours past three of those.
 */
export function lengthFor(needed: number, samples: number, seconds: number): string {
  const exact = Math.ceil((seconds * needed) / samples - 1e-9);
  const unit = exact < 180 ? 1 : exact < 180 * 60 ? 60 : 3_600;
  return span(Math.ceil(exact / unit) * unit * 1_000);
}

/**
 * How a thin finding would be settled, to follow a comma or a dash: the samples it needs if they cluster as they did,
 * and the length of a run that brings them at this run's rate, where that is known.
 */
export function settlingText(
  { needed, seconds }: { readonly needed: number; readonly seconds: number },
  evidence: Evidence,
): string {
  const { samples, designEffect } = evidence;
  const enough = Math.ceil(needed * designEffect);
  const clustered = isClustered(evidence) ? ', as they come in bursts,' : '';
  const advice =
    samples < fewestForRate
      ? 'measure for longer'
      : `measure for about ${lengthFor(enough, samples, seconds)} at this rate`;
  return (
    `${counted(samples, 'sample')} ${samples === 1 ? 'is' : 'are'} too few: ` +
    `about ${number(enough)}${clustered} would settle it, so ${advice}`
  );
}
