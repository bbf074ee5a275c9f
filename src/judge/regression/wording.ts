import type { FingerprintDifference } from '../../model/judgement/baseline.ts';
import type { Interval, Observed } from '../../model/judgement/evidence.ts';
import type { MetricUnit } from '../../model/judgement/metric.ts';
import type { Change } from '../../model/judgement/regression.ts';
import { changeRange, changeText } from '../../words/change-text.ts';
import { number, percent, quantity } from '../../words/quantity-text.ts';

/** A change with its interval: `+33%, 95% interval +25% to +41%`. */
export function withInterval({ value, kind, interval }: Change & { readonly interval: Interval }): string {
  return `${changeText(value, kind)}, ${percent(interval.confidence)} interval ${changeRange(interval, kind)}`;
}

/** How a value went: `p95 rose from 12 ms to 16 ms`. */
export function movedText(name: string, from: Observed, to: Observed, unit: MetricUnit): string {
  const [was, is] = [from, to].map(({ value }) => quantity(value, unit));
  const least = to.atLeast ? 'at least ' : '';
  if (was === is && !to.atLeast) return `${name} stayed at ${is}`;
  const went = to.value > from.value ? 'rose' : to.value < from.value ? 'fell' : 'went';
  return `${name} ${went} from ${was} to ${least}${is}`;
}

/** How many of the stored runs besides the reference: `the other stored run`, `2 of the 5 other stored runs`. */
export function othersText(count: number, others: number): string {
  return others === 1 ? 'the other stored run' : `${count} of the ${others} other stored runs`;
}

/** A probability as one in so many: `one of 1,200`. */
export function oneIn(chance: number): string {
  return `one of ${number(Math.round(1 / chance))}`;
}

/** How machines differ, for a sentence. */
export function differencesText(differences: readonly FingerprintDifference[]): string {
  return differences
    .map(({ part, baseline, run }) => `${partNames[part]} ${baseline}, now ${run}`)
    .join('; ');
}

const partNames: { readonly [part in FingerprintDifference['part']]: string } = {
  cpu: 'processor',
  cores: 'cores',
  memory: 'memory',
  os: 'operating system',
  node: 'Node',
  ci: 'CI',
  targetHost: 'target host',
};
