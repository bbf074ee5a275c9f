import { inverseRegularizedBeta } from './beta.ts';

/** A two-sided interval of a share, 0 to 1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * The exact interval of a share from `k` hits in `n` independent trials, two-sided with equal tails: its bounds are
 * the quantiles α/2 of Beta(k, n − k + 1) and 1 − α/2 of Beta(k + 1, n − k).
 *
 * Source: C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
 * binomial", Biometrika 26 (1934) 404–413. It covers with at least the given confidence, mostly with more. `k` and
 * `n` need not be whole: dividing both by a design effect gives the interval of clustered trials (E. L. Korn and
 * B. I. Graubard, Survey Methodology 24 (1998) 193–201). Of no trials it is 0 to 1.
 */
export function clopperPearson(k: number, n: number, confidence: number): ShareInterval {
  const tail = (1 - confidence) / 2;
  return {
    low: k <= 0 ? 0 : inverseRegularizedBeta(tail, k, n - k + 1),
    high: k >= n ? 1 : inverseRegularizedBeta(1 - tail, k + 1, n - k),
  };
}

/**
 * The exact one-sided upper bound of a share from `k` hits in `n` independent trials: the `confidence` quantile of
 * Beta(k + 1, n − k), the upper end of a `clopperPearson` interval with all of 1 − confidence in that tail. Of no hits
 * it is 1 − (1 − confidence)^(1/n), about 3/n at 95 %.
 */
export function shareUpperBound(k: number, n: number, confidence: number): number {
  return clopperPearson(k, n, 2 * confidence - 1).high;
}
