import { medianOf } from '../order-statistic.ts';

/** How values scatter about a level that may change now and then. */
export interface LevelNoise {
  /** The standard deviation of a value. */
  readonly deviation: number;
  /** By how much a mean of many values varies more than one of independent ones: 1, and more where neighbours resemble each other. */
  readonly memory: number;
}

/** The greatest correlation of neighbours that is reckoned with: a random walk has no level. */
const mostCorrelated = 0.8;

/**
 * The noise of a series as differences tell it, robust against changes of the level and wild values. With v₁ and v₂ the variances
 * of the differences of neighbours, and of every other value, a first-order autoregression has the correlation r = v₂ / v₁ − 1
 * and the variance v₂ / (2 (1 − r²)); a mean varies (1 + r) / (1 − r) times as much. An r within two standard errors of 0, 2/√n,
 * counts as 0, and a greater one as so much less.
 *
 * Source: G. E. P. Box, G. M. Jenkins and G. C. Reinsel, "Time Series Analysis", 3rd ed., 1994, chapter 3. Rough below some
 * thirty values.
 */
export function levelNoise(values: readonly number[]): LevelNoise {
  const [v1, v2] = [1, 2].map(lag => differenceVariance(values, lag)) as [number, number];
  if (!(v1 > 0 && v2 > 0)) return { deviation: Math.sqrt(Math.max(v1, v2, 0) / 2), memory: 1 };
  const seen = v2 / v1 - 1 - 2 / Math.sqrt(values.length);
  const correlation = Math.min(mostCorrelated, Math.max(0, seen));
  return {
    deviation: Math.sqrt((correlation > 0 ? v2 / (1 - correlation ** 2) : v1) / 2),
    memory: (1 + correlation) / (1 - correlation),
  };
}

/** The variance of differences, from the mean of their sizes, of which none counts more than three robust deviations. */
function differenceVariance(values: readonly number[], lag: number): number {
  const sizes = values.slice(lag).map((value, index) => Math.abs(value - (values[index] as number)));
  if (sizes.length === 0) return 0;
  const most = 3 * 1.4826 * medianOf(sizes);
  const mean = sizes.reduce((sum, size) => sum + Math.min(size, most), 0) / sizes.length;
  return (Math.PI / 2) * mean ** 2;
}
