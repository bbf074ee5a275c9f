import type { SignFlips } from './sign-flips.ts';

/** Restarts whose sums are looked up at once: 2⁸ sums of each column fit into a processor's nearest memory. */
const restartsAtOnce = 8;

/** A range of restarts, the last one exclusive. */
export interface UnitRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Adds to `sums`, pattern by pattern, the sum of each column over the restarts of the range that the pattern flips.
 * `values` are restart by restart. Each few restarts are summed in all ways beforehand, so that a pattern costs a look-up for
 * them instead of an addition a restart.
 */
export function addFlippedSums(
  sums: Float64Array,
  values: Float64Array,
  columns: number,
  flips: SignFlips,
  { from, to }: UnitRange,
): void {
  const parts = Math.ceil((to - from) / restartsAtOnce);
  for (let part = 0; part < parts; part += 1) {
    const first = from + Math.floor((part * (to - from)) / parts);
    const count = from + Math.floor(((part + 1) * (to - from)) / parts) - first;
    const table = sumsOfSubsets(values.subarray(first * columns, (first + count) * columns), columns, count);
    for (let flip = 0; flip < flips.count; flip += 1) {
      const [at, row] = [flip * columns, flips.flippedAmong(flip, first, count) * columns];
      for (let column = 0; column < columns; column += 1) {
        sums[at + column] = (sums[at + column] as number) + (table[row + column] as number);
      }
    }
  }
}

/** The sums over each subset of the restarts, subsets as bits, the first restart's the lowest. */
function sumsOfSubsets(values: Float64Array, columns: number, restarts: number): Float64Array {
  const table = new Float64Array(2 ** restarts * columns);
  for (let restart = 0; restart < restarts; restart += 1) {
    const half = 2 ** restart;
    for (let subset = 0; subset < half; subset += 1) {
      for (let column = 0; column < columns; column += 1) {
        table[(half + subset) * columns + column] =
          (table[subset * columns + column] as number) + (values[restart * columns + column] as number);
      }
    }
  }
  return table;
}
