/** How values in a row resemble the one before. */
export interface SerialCorrelation {
  /** From −1 to 1; about −1/n of independent values. */
  readonly value: number;
  /** How many standard deviations that is above what independent values show on the average. */
  readonly deviations: number;
  /** How many times as great the variance of the mean is as that of independent values; at least 1. */
  readonly inflation: number;
}

/** Of fewer values next to nothing can be told. */
const fewest = 8;
/** The greatest correlation that is reckoned with: the inflation has a pole at 1. */
const most = 0.95;

/**
 * The lag-1 correlation of values in order; null of fewer than eight, or of values that are all the same. Independent normal
 * values have a mean of −1/n and a variance of (n − 2)² / (n² (n − 1)). The inflation is (1 + ρ) / (1 − ρ) of a
 * first-order autoregression, with ρ = (n r + 1) / (n − 4) for the bias of r.
 *
 * Source: P. A. P. Moran, "Some theorems on time series II: the significance of the serial correlation coefficient", Biometrika 35
 * (1948) 255–260; of the bias, M. G. Kendall, "Note on bias in the estimation of autocorrelation", Biometrika 41 (1954) 403–404.
 * Ten values show a correlation of 0.8 in about half of all cases, so this makes dependent values less dangerous and not safe.
 */
export function serialCorrelation(values: readonly number[]): SerialCorrelation | null {
  const n = values.length;
  if (n < fewest) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [squares, products, before] = [0, 0, 0];
  for (const value of values) {
    const from = value - mean;
    squares += from ** 2;
    products += from * before;
    before = from;
  }
  if (squares === 0) return null;
  const value = products / squares;
  const scale = (n - 2) / (n * Math.sqrt(n - 1));
  const likely = Math.min(most, Math.max(0, (n * value + 1) / (n - 4)));
  return {
    value,
    deviations: (value + 1 / n) / scale,
    inflation: (1 + likely) / (1 - likely),
  };
}
