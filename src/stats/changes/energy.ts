/** Where a series is best cut in two: the index of the first value after it, and how far the parts differ there. */
export interface Split {
  readonly index: number;
  /** mn / (m + n) times the energy distance of the parts, in the unit of the values. */
  readonly statistic: number;
}

/**
 * The cut of a series into two parts of at least `smallest` values with the greatest `mn / (m + n) · (2/(mn) ΣΣ|xᵢ −
 * yⱼ| − Σ|xᵢ − xₖ| / C(m, 2) − Σ|yⱼ − yₖ| / C(n, 2))`, the inner sums over pairs; null where the series is shorter
 * than two such parts. Takes time as the square of the length.
 *
 * Source: D. S. Matteson and N. A. James, "A nonparametric approach for multiple change point analysis of
 * multivariate data", Journal of the American Statistical Association 109 (2014) 334–345, section 2, with α = 1.
 * `smallest` is at least 2.
 */
export function bestSplit(values: readonly number[], smallest: number): Split | null {
  const length = values.length;
  if (length < 2 * smallest) return null;
  const toEarlier = values.map((value, index) => {
    let sum = 0;
    for (let other = 0; other < index; other += 1) sum += Math.abs(value - (values[other] as number));
    return sum;
  });
  const toLater = values.map((value, index) => {
    let sum = 0;
    for (let other = index + 1; other < length; other += 1)
      sum += Math.abs(value - (values[other] as number));
    return sum;
  });
  const all = toEarlier.reduce((sum, distance) => sum + distance, 0);
  let best: Split | null = null;
  let [within, beyond] = [0, all];
  for (let m = 1; m <= length - smallest; m += 1) {
    within += toEarlier[m - 1] as number;
    beyond -= toLater[m - 1] as number;
    if (m < smallest) continue;
    const n = length - m;
    const between = all - within - beyond;
    const distance = (2 * between) / (m * n) - (2 * within) / (m * (m - 1)) - (2 * beyond) / (n * (n - 1));
    const statistic = ((m * n) / (m + n)) * distance;
    if (best === null || statistic > best.statistic) best = { index: m, statistic };
  }
  return best;
}
