import { bisect } from './beta.ts';

/**
 * P(Z > x) of a standard normal Z, to about 14 significant digits for any x, small tails included: for |x| < 3 by the
 * series φ(x) · Σ x²ⁿ⁺¹ / (1 · 3 · 5 … (2n + 1)) taken from ½, beyond by Laplace's continued fraction.
 *
 * Source: M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 1964, 26.2.11 and 26.2.14.
 */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    let sum = 0;
    let term = x;
    for (let odd = 3; sum + term !== sum; odd += 2) {
      sum += term;
      term *= (x * x) / odd;
    }
    return 0.5 - density * sum;
  }
  let fraction = x;
  for (let step = 60; step >= 1; step -= 1) fraction = x + step / fraction;
  return density / fraction;
}

/** The p-quantile of the standard normal distribution, 0 < p < 1, by bisection of `normalTail`; infinite at 0 and 1. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  return p <= 0 ? Number.NEGATIVE_INFINITY : -bisect(x => normalTail(x) > p, 0, 40);
}
