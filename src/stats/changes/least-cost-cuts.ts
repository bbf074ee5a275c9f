import { medianOf } from '../order-statistic.ts';
import { levelNoise } from './level-noise.ts';
import { scanBound } from './scan-bound.ts';

/** How many deviations from the median around it a value counts at most. */
const reach = 3;
/** The values on either side that the median around a value is of. */
const around = 4;

/**
 * The cuts of a series that cost least, rising: the sum of squares about the means of all parts, in the variance from one run to
 * the next, and for each cut what a single one has to gain, `scanBound` squared. Parts hold `part` values or more. A value counts
 * up to three deviations from the median of the nine around it, so that a wild one makes no part.
 *
 * Source: B. Jackson et al., "An algorithm for optimal partitioning of data on an interval", IEEE Signal Processing Letters 12
 * (2005) 105–108; what cannot be a last cut any more is left out, R. Killick, P. Fearnhead and I. A. Eckley, "Optimal
 * detection of changepoints with a linear computational cost", Journal of the American Statistical Association 107 (2012)
 * 1590–1598. It sees all cuts together, as a repair soon after a regression.
 */
export function leastCostCuts(
  values: readonly number[],
  { part, significance }: { readonly part: number; readonly significance: number },
): readonly number[] {
  const n = values.length;
  const { deviation, memory } = levelNoise(values);
  if (n < 2 * part || !(deviation > 0)) return [];
  const tamed = tamedValues(values, deviation);
  const penalty = memory * scanBound(n, part, significance) ** 2;
  const sums = new Float64Array(n + 1);
  const squares = new Float64Array(n + 1);
  tamed.forEach((value, index) => {
    sums[index + 1] = (sums[index] as number) + value;
    squares[index + 1] = (squares[index] as number) + value * value;
  });
  const costOf = (from: number, to: number) => {
    const sum = (sums[to] as number) - (sums[from] as number);
    return (squares[to] as number) - (squares[from] as number) - (sum * sum) / (to - from);
  };
  const least = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  least[0] = -penalty;
  const last = new Int32Array(n + 1);
  let candidates = [0];
  for (let to = part; to <= n; to += 1) {
    for (const from of candidates) {
      const cost = (least[from] as number) + costOf(from, to) + penalty;
      if (cost < (least[to] as number)) [least[to], last[to]] = [cost, from];
    }
    const here = least[to] as number;
    candidates = candidates.filter(from => (least[from] as number) + costOf(from, to) <= here);
    const next = to + 1 - part;
    if (next >= part && Number.isFinite(least[next] as number)) candidates.push(next);
  }
  const cuts: number[] = [];
  for (let to = last[n] as number; to > 0; to = last[to] as number) cuts.unshift(to);
  return cuts;
}

/** The values in deviations, none farther than three from the median around it. */
function tamedValues(values: readonly number[], deviation: number): readonly number[] {
  const origin = medianOf(values);
  return values.map((value, index) => {
    const middle = medianOf(values.slice(Math.max(0, index - around), index + around + 1));
    const near = Math.min(middle + reach * deviation, Math.max(middle - reach * deviation, value));
    return (near - origin) / deviation;
  });
}
