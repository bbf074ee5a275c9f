import { inverseRegularizedBeta } from './beta.ts';

/** What a slice adds to a ratio: a sum, over the requests (for a mean) or the seconds (for a rate) that it spans. */
export interface SliceSum {
  readonly sum: number;
  readonly over: number;
}

/** A ratio of two sums with its interval; the bounds are null where fewer than two slices hold anything. */
export interface RatioEstimate {
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Standard error; null where there are fewer than two slices. */
  readonly standardError: number | null;
}

/**
 * The ratio r = Σ yᵢ / Σ xᵢ over S slices, for a mean (total time over requests) or a rate (requests over seconds),
 * with the interval r ± t · SE, where SE² = S / (S − 1) · Σ (yᵢ − r xᵢ)² / (Σ xᵢ)² and t is Student's with S − 1
 * degrees of freedom.
 *
 * Source: W. G. Cochran, "Sampling Techniques", 3rd ed., 1977, section 6.3 (ratio estimator), with slices as the
 * batches of B. Schmeiser, "Batch size effects in the analysis of simulation output", Operations Research 30 (1982).
 * Valid where a slice is longer than the requests' memory of one another and there are some ten slices; a ramp counts
 * as spread and widens it; with heavy tails in few slices it covers less than it says. Sums are taken to be at least
 * 0, and so is the lower bound. Slices over nothing are skipped; null of none.
 */
export function ratioEstimate(slices: readonly SliceSum[], confidence: number): RatioEstimate | null {
  const filled = slices.filter(slice => slice.over > 0);
  const over = filled.reduce((total, slice) => total + slice.over, 0);
  if (over === 0) return null;
  const ratio = filled.reduce((total, slice) => total + slice.sum, 0) / over;
  const count = filled.length;
  if (count < 2) return { ratio, low: null, high: null, standardError: null };
  const squares = filled.reduce((total, slice) => total + (slice.sum - ratio * slice.over) ** 2, 0);
  const standardError = Math.sqrt((count / (count - 1)) * squares) / over;
  const reach = studentQuantile((1 + confidence) / 2, count - 1) * standardError;
  return { ratio, low: Math.max(0, ratio - reach), high: ratio + reach, standardError };
}

/**
 * The p-quantile of Student's t with the given degrees of freedom, through the beta distribution: for p > ½,
 * x = ν / (ν + t²) is the quantile 2(1 − p) of Beta(ν/2, ½) (NIST DLMF 8.17, Abramowitz and Stegun 26.7.1).
 */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  const x = inverseRegularizedBeta(2 * (1 - p), degreesOfFreedom / 2, 0.5);
  return Math.sqrt((degreesOfFreedom * (1 - x)) / x);
}
