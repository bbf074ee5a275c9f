import type { Evidence } from '../model/verdict.ts';
import { isClustered } from './reading.ts';
import { counted, countText, lengthText } from './wording.ts';

/**
 * How a thin finding would be settled, to follow a comma or a dash: the samples it needs if they cluster as they did,
 * and the length of a run that brings them at this run's rate.
 */
export function settlingText(needed: number, evidence: Evidence, seconds: number): string {
  const samples = Math.ceil(needed * evidence.designEffect);
  const clustered = isClustered(evidence) ? ', as they come in bursts,' : '';
  const length = lengthText((seconds * samples) / evidence.samples);
  return (
    `${counted(evidence.samples, 'sample')} ${evidence.samples === 1 ? 'is' : 'are'} too few: ` +
    `about ${countText(samples)}${clustered} would settle it, so measure for about ${length} at this rate`
  );
}
