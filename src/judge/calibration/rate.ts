import type { AlarmCount, Rate } from '../../model/duet/calibration.ts';
import { clopperPearson, shareUpperBound } from '../../stats/intervals/binomial.ts';
import { confidence } from '../budgets/reading.ts';

/** How often something happened, with its interval. */
export function rateOf(hits: number, of: number): Rate {
  return { hits, of, ...clopperPearson(hits, of, confidence) };
}

/** How many duets of a build against itself failed, with the bound of their share. */
export function alarmsOf(accused: number, duets: number): AlarmCount {
  return { duets, accused, upper: shareUpperBound(accused, duets, confidence) };
}
