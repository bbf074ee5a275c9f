import { greatest } from '../order-statistic.ts';
import type { RestartEffects } from './flip-statistics.ts';
import { addFlippedSums } from './flipped-sums.ts';
import type { SignFlips } from './sign-flips.ts';

/**
 * The upper confidence bounds of the centres that each cell's values are symmetric about: the greatest θ that the
 * one-sided sign-flip test on the sum of `xᵢ − θ` does not reject at level `tail`. In closed form: the pattern that
 * flips the restarts A is no greater than the identity just where the mean of x over A is at least θ, so the bound is
 * the greatest of the means over A but ⌊tail · F⌋, with F patterns; patterns that flip none of the values count as
 * infinite.
 *
 * Source: J. A. Hartigan, "Using subsample values as typical values", Journal of the American Statistical Association
 * 64 (1969) 1303–1317. Exact for independent values that are each symmetric about one centre, of whatever spread;
 * skewed ones move it as they move the mean. Infinite where too few restarts allow no bound at that level (5 % takes
 * five, 0.5 % eight). In the restart of the values, one a cell.
 */
export function upperBounds(
  restarts: readonly RestartEffects[],
  cells: number,
  flips: SignFlips,
  tail: number,
): readonly number[] {
  const allowed = Math.floor(tail * flips.count + 1e-9);
  const values = new Float64Array(restarts.length * cells);
  const told = new Float64Array(restarts.length * cells);
  restarts.forEach((restart, row) => {
    for (let cell = 0; cell < cells; cell += 1) {
      const value = restart[cell] ?? null;
      if (value === null) continue;
      values[row * cells + cell] = value;
      told[row * cells + cell] = 1;
    }
  });
  const all = { from: 0, to: restarts.length };
  const sums = new Float64Array(flips.count * cells);
  const counts = new Float64Array(flips.count * cells);
  addFlippedSums(sums, values, cells, flips, all);
  addFlippedSums(counts, told, cells, flips, all);
  const means = new Float64Array(flips.count);
  return Array.from({ length: cells }, (_, cell) => {
    for (let flip = 0; flip < flips.count; flip += 1) {
      const count = counts[flip * cells + cell] as number;
      means[flip] = count === 0 ? Number.POSITIVE_INFINITY : (sums[flip * cells + cell] as number) / count;
    }
    return greatest(means, allowed + 1);
  });
}

/** The lower confidence bounds of the same centres: the upper ones of the negated values, negated. */
export function lowerBounds(
  restarts: readonly RestartEffects[],
  cells: number,
  flips: SignFlips,
  tail: number,
): readonly number[] {
  const negated = restarts.map(restart => restart.map(value => (value === null ? null : -value)));
  return upperBounds(negated, cells, flips, tail).map(bound => -bound);
}
