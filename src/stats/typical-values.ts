import type { UnitEffects } from './flip-statistics.ts';
import { greatest } from './order-statistic.ts';
import type { SignFlips } from './sign-flips.ts';

/**
 * The upper confidence bounds of the centres that each cell's values are symmetric about: the greatest θ that the
 * one-sided sign-flip test on the sum of `xᵢ − θ` does not reject at level `tail`. In closed form: the pattern that
 * flips the units A is no greater than the identity just where the mean of x over A is at least θ, so the bound is
 * the ⌊tail · F⌋-th greatest of the means over A, with F patterns; patterns that flip none of the values count as
 * infinite.
 *
 * Source: J. A. Hartigan, "Using subsample values as typical values", Journal of the American Statistical Association
 * 64 (1969) 1303–1317. Exact for independent values that are each symmetric about one centre, of whatever spread;
 * skewed ones move it as they move the mean. Infinite where too few units allow no bound at that level (5 % takes
 * five, 0.5 % eight). In the unit of the values, one a cell.
 */
export function upperBounds(
  units: readonly UnitEffects[],
  cells: number,
  flips: SignFlips,
  tail: number,
): readonly number[] {
  const allowed = Math.floor(tail * flips.count + 1e-9);
  const at = (unit: number, cell: number) => units[unit]?.[cell] ?? null;
  const values = Float64Array.from(
    { length: units.length * cells },
    (_, index) => at(Math.floor(index / cells), index % cells) ?? 0,
  );
  const told = Uint8Array.from(values, (_, index) =>
    at(Math.floor(index / cells), index % cells) === null ? 0 : 1,
  );
  const means = Array.from({ length: cells }, () => new Float64Array(flips.count));
  const sums = new Float64Array(cells);
  const counts = new Float64Array(cells);
  for (let flip = 0; flip < flips.count; flip += 1) {
    sums.fill(0);
    counts.fill(0);
    for (let unit = 0; unit < units.length; unit += 1) {
      if (!flips.isFlipped(flip, unit)) continue;
      for (let cell = 0; cell < cells; cell += 1) {
        sums[cell] = (sums[cell] as number) + (values[unit * cells + cell] as number);
        counts[cell] = (counts[cell] as number) + (told[unit * cells + cell] as number);
      }
    }
    for (let cell = 0; cell < cells; cell += 1) {
      const count = counts[cell] as number;
      (means[cell] as Float64Array)[flip] =
        count === 0 ? Number.POSITIVE_INFINITY : (sums[cell] as number) / count;
    }
  }
  return means.map(ofCell => greatest(ofCell, allowed + 1));
}
