import { bisect, regularizedBeta } from './beta.ts';

/** The ranks, from 1, of the two values between which a quantile lies; null where there are too few for a bound. */
export interface RankInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The ranks among `count` values between which the q-quantile lies with the given confidence, two-sided with equal
 * tails and free of any assumption on the distribution of the values.
 *
 * Of n independent values, the number below the quantile is binomial with n and q, so the value of rank r lies above
 * the quantile with probability P(B < r) and the value of rank s below it with P(B ≥ s) = I_q(s, n − s + 1): the
 * widest r and the narrowest s with no more than α/2 each (H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed.,
 * 2003, section 7.1; the bounds are those of Clopper and Pearson on the share). Clustered values carry the evidence
 * of n = count / designEffect independent ones; the ranks are solved for that n, which need not be whole, and scaled
 * to the values at hand, rounded outwards. Valid where the design effect holds at this quantile; the first and last
 * few values of a run that drifts belong to different distributions, and no interval tells that.
 */
export function quantileRanks(
  q: number,
  count: number,
  designEffect: number,
  confidence: number,
): RankInterval {
  const n = count / designEffect;
  const tail = (1 - confidence) / 2;
  const atLeast = (rank: number) => regularizedBeta(q, rank, n - rank + 1);
  let low: number | null = null;
  if (n >= 1 && 1 - atLeast(1) <= tail) {
    const rank = bisect(x => 1 - atLeast(x) <= tail, 1, n);
    low = Math.max(1, Math.floor((rank - 1) * designEffect + 1e-9) + 1);
  }
  let high: number | null = null;
  if (n >= effectiveSamplesForUpperBound(q, confidence)) {
    const rank = bisect(x => atLeast(x) > tail, 0, n);
    high = Math.min(count, Math.ceil(rank * designEffect - 1e-9 * count));
  }
  return { low, high };
}

/**
 * The fewest independent values for which an upper bound of the q-quantile exists: ln(α/2) / ln(q), the n at which
 * the greatest value itself lies below the quantile with probability qⁿ = α/2. For 95 %: 72 at p95, 368 at p99.
 */
export function effectiveSamplesForUpperBound(q: number, confidence: number): number {
  return Math.log((1 - confidence) / 2) / Math.log(q);
}
