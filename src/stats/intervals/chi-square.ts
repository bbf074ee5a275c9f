import { bisect, inverseRegularizedBeta, logGamma } from './beta.ts';

/**
 * The p-quantile of the chi-square distribution with the given degrees of freedom, 0 < p < 1, by bisection of its
 * distribution function P(ν/2, x/2).
 */
export function chiSquareQuantile(p: number, degreesOfFreedom: number): number {
  const most = degreesOfFreedom + 20 * Math.sqrt(degreesOfFreedom) + 100;
  return bisect(x => regularizedGamma(degreesOfFreedom / 2, x / 2) < p, 0, most);
}

/**
 * The p-quantile of Fisher's F with the given degrees of freedom, 0 < p < 1: d₂X / (d₁(1 − X)) with X the quantile of
 * Beta(d₁/2, d₂/2) (Abramowitz and Stegun 26.6.2).
 */
export function fisherQuantile(p: number, numerator: number, denominator: number): number {
  const x = inverseRegularizedBeta(p, numerator / 2, denominator / 2);
  return (denominator * x) / (numerator * (1 - x));
}

/**
 * The regularised lower incomplete gamma function P(a, x) = xᵃ e⁻ˣ / Γ(a + 1) · Σ xⁿ / ((a + 1) … (a + n)), NIST DLMF
 * 8.11.4: all terms are positive, so that no digits are lost; about x + 10√x of them are needed.
 */
function regularizedGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  let [sum, term] = [1, 1];
  for (let n = 1; n < 100_000 && term > sum * 1e-17; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(a * Math.log(x) - x - logGamma(a + 1)));
}
