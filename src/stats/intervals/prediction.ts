import { bisect } from './beta.ts';
import { studentQuantile } from './mean-interval.ts';
import { normalTail } from './normal.ts';

/** The fewest earlier runs from which the next one is predicted: with fewer, the spread is a guess. */
export const fewestRuns = 8;

/** What the next run may show where nothing changed; all in natural logarithms of the quantile. */
export interface PredictionBound {
  /** The mean of the earlier runs. */
  readonly centre: number;
  /** The standard deviation from run to run. */
  readonly spread: number;
  /** The value that one new run exceeds with probability 1 − confidence. */
  readonly bound: number;
  /** The smallest true change, a log ratio above 0, that a new run shows past the bound with the stated power. */
  readonly detectable: number;
}

/**
 * The one-sided prediction bound of one new run from k earlier ones, each given as the natural logarithm of the run's
 * quantile: `x̄ + t · s · √(1 + 1/k)` with Student's t at `confidence` and k − 1 degrees of freedom; and the smallest
 * change δ that would be seen with probability `power`.
 *
 * Source: G. J. Hahn and W. Q. Meeker, "Statistical Intervals", 1991, chapter 4 (one future observation). With the
 * change δ, (x − x̄) / (s √(1 + 1/k)) is noncentral t with δ / (σ √(1 + 1/k)), and `detectable` solves P(T > t) =
 * power for it, σ taken to be s; s itself is uncertain by a factor of 1 ± 1/√(2(k − 1)). Null of fewer than
 * `fewestRuns` runs. Valid where the runs are independent, of one machine and one level, and their log quantile is
 * about normal: a drift or a change point among them widens the bound, runs that resemble their neighbours narrow it
 * wrongly, and one outlying run hides changes. The confidence holds for one new run at one metric; of m of them each
 * exceeds by itself. Earlier runs all alike give a bound that equals them.
 */
export function predictionOf(
  logQuantiles: readonly number[],
  { confidence, power }: { readonly confidence: number; readonly power: number },
): PredictionBound | null {
  const k = logQuantiles.length;
  if (k < fewestRuns) return null;
  const centre = logQuantiles.reduce((sum, value) => sum + value, 0) / k;
  const squares = logQuantiles.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const spread = Math.sqrt(squares / (k - 1));
  const t = studentQuantile(confidence, k - 1);
  const unit = spread * Math.sqrt(1 + 1 / k);
  const shift = bisect(x => noncentralTail(t, x, k - 1) < power, 0, t + 40);
  return { centre, spread, bound: centre + t * unit, detectable: shift * unit };
}

/**
 * P(T > t) of a noncentral t: (Z + shift) / U with U = √(χ²_ν / ν), so the mean of P(Z > t·U − shift) over U, whose
 * density is proportional to u^(ν−1) exp(−νu²/2); by the trapezoidal rule over ten standard deviations about 1, at
 * whose ends the density vanishes, so that it is good to some ten digits.
 */
function noncentralTail(t: number, shift: number, degreesOfFreedom: number): number {
  const steps = 120;
  const reach = 10 / Math.sqrt(2 * degreesOfFreedom);
  let [sum, weight] = [0, 0];
  for (let step = 1; step < steps; step += 1) {
    const u = 1 + reach * ((2 * step) / steps - 1);
    if (u <= 0) continue;
    const density = Math.exp((degreesOfFreedom - 1) * Math.log(u) - (degreesOfFreedom * (u * u - 1)) / 2);
    sum += density * normalTail(t * u - shift);
    weight += density;
  }
  return sum / weight;
}
