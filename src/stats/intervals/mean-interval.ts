import { inverseRegularizedBeta } from './beta.ts';
import { strataOf } from './strata.ts';

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
  /** Those of the standard error; 0 where there is none. */
  readonly degreesOfFreedom: number;
}

/**
 * The ratio r = Σ yᵢ / Σ xᵢ over all slices, for a mean (total time over requests) or a rate (requests over seconds),
 * with the interval r ± t · SE. Each stage of S slices and ratio rₛ adds S / (S − 1) · Σ (yᵢ − rₛ xᵢ)² / (Σ xᵢ)² to SE²,
 * the last sum over all slices; t is Student's with one degree of freedom for each slice, less one for each stage.
 *
 * Source: W. G. Cochran, "Sampling Techniques", 3rd ed., 1977, sections 6.3 and 6.10 (ratio estimator, in strata), with
 * slices as the batches of B. Schmeiser, "Batch size effects in the analysis of simulation output", Operations Research
 * 30 (1982). It holds for the requests that each stage had: that stages differ does not widen it. Valid where a slice
 * is longer than the requests' memory of one another and there are some ten slices; a ramp within a stage counts as
 * spread and widens it; with heavy tails in few slices it covers less than it says. Sums are taken to be at least 0,
 * and so is the lower bound. Slices over nothing are skipped; null of none.
 */
export function ratioEstimate(
  stages: readonly (readonly SliceSum[])[],
  confidence: number,
): RatioEstimate | null {
  const strata = strataOf(stages, slice => slice.over > 0);
  const over = totalOf(strata.flat(), 'over');
  if (over === 0) return null;
  const ratio = totalOf(strata.flat(), 'sum') / over;
  const degreesOfFreedom = strata.reduce((total, slices) => total + Math.max(0, slices.length - 1), 0);
  if (degreesOfFreedom === 0) return { ratio, low: null, high: null, standardError: null, degreesOfFreedom };
  const standardError = Math.sqrt(strata.reduce((total, slices) => total + spreadOf(slices), 0)) / over;
  const reach = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return { ratio, low: Math.max(0, ratio - reach), high: ratio + reach, standardError, degreesOfFreedom };
}

function spreadOf(slices: readonly SliceSum[]): number {
  const count = slices.length;
  if (count < 2) return 0;
  const ratio = totalOf(slices, 'sum') / totalOf(slices, 'over');
  const squares = slices.reduce((total, slice) => total + (slice.sum - ratio * slice.over) ** 2, 0);
  return (count / (count - 1)) * squares;
}

function totalOf(slices: readonly SliceSum[], what: keyof SliceSum): number {
  return slices.reduce((total, slice) => total + slice[what], 0);
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
