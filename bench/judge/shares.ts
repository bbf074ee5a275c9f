import { clopperPearson, shareUpperBound } from '../../src/stats/intervals/binomial.ts';
import { percent } from '../../src/words/quantity-text.ts';

/** How sure the bounds of all tables are. */
const confidence = 0.95;

/** A share with its two-sided 95 % bounds: `97% (96.3–97.6)`. */
export function shareText(hits: number, of: number): string {
  const { low, high } = clopperPearson(hits, of, confidence);
  return `${percent(hits / of)} (${points(low)}–${points(high)})`;
}

/** The one-sided 95 % upper bound of a share, in words: `≤ 0.0998%`. */
export function upperText(hits: number, of: number): string {
  return `≤ ${percent(shareUpperBound(hits, of, confidence))}`;
}

/** Whether a share is at most so great, by its one-sided 95 % upper bound. */
export function isAtMost(hits: number, of: number, share: number): boolean {
  return shareUpperBound(hits, of, confidence) <= share;
}

/** A tick where a goal is met. */
export const mark = (isMet: boolean) => (isMet ? '✓' : '✗');

const points = (share: number) => percent(share).slice(0, -1);
