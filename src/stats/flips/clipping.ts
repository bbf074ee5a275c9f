import { medianOf } from '../order-statistic.ts';
import type { RestartEffects } from './flip-statistics.ts';
import { addFlippedSums } from './flipped-sums.ts';
import { signFlips } from './sign-flips.ts';

/** How many standard deviations a restart may lie from its null before it counts no farther. */
const reach = 2.5;
/** A normal distribution's standard deviation, in medians of the absolute value. */
const deviationsOfMedian = 1.4826;

/**
 * How far from its null each cell's values count: 2.5 standard deviations, as the median of |x − c| tells them; infinite for
 * cells that are not clipped, and where more than half of the values are the null itself.
 *
 * The limit depends on the sizes alone and clipping is symmetric, so that flipping a restart flips its clipped value: the sign
 * flips stay exact. Source of the robust scale: F. R. Hampel, "The influence curve and its role in robust estimation", Journal
 * of the American Statistical Association 69 (1974) 383–393; of the clipping, P. J. Huber, "Robust estimation of a location
 * parameter", Annals of Mathematical Statistics 35 (1964) 73–101.
 */
export function clipLimits(
  restarts: readonly RestartEffects[],
  nulls: readonly number[],
  isClipped: readonly boolean[],
): readonly number[] {
  return nulls.map((none, cell) => {
    if (!isClipped[cell]) return Number.POSITIVE_INFINITY;
    const sizes = restarts.flatMap(restart => {
      const value = restart[cell] ?? null;
      return value === null ? [] : [Math.abs(value - none)];
    });
    const limit = reach * deviationsOfMedian * medianOf(sizes);
    return limit > 0 ? limit : Number.POSITIVE_INFINITY;
  });
}

/** Which cells a restart is disturbed in: it lies beyond twice the limit, where one of two million normal ones would. */
export function disturbedCells(
  restart: RestartEffects,
  nulls: readonly number[],
  limits: readonly number[],
): readonly boolean[] {
  return restart.map((value, cell) => {
    const [none, limit] = [nulls[cell] ?? 0, limits[cell] ?? Number.POSITIVE_INFINITY];
    return value !== null && Math.abs(value - none) > 2 * limit;
  });
}

/** The values with those that lie beyond the limit of their cell brought back to it. */
export function clipped(
  restarts: readonly RestartEffects[],
  nulls: readonly number[],
  limits: readonly number[],
): readonly RestartEffects[] {
  return restarts.map(restart =>
    restart.map((value, cell) => {
      const [none, limit] = [nulls[cell] ?? 0, limits[cell] ?? Number.POSITIVE_INFINITY];
      if (value === null || Math.abs(value - none) <= limit) return value;
      return none + Math.sign(value - none) * limit;
    }),
  );
}

/** How the values of a cell that lie beyond its limit fall to both sides. */
export interface Excess {
  /** Restarts beyond the limit for the worse, and for the better. */
  readonly above: number;
  readonly below: number;
  /** The chance of at least so much beyond it for the worse, were the sides of each restart drawn by coin. */
  readonly pValue: number;
}

/**
 * Whether what clipping cuts off leans to the worse side, cell by cell: the sum of `x − clipped(x)`, by sign flips of the
 * restarts beyond the limit. Which these are depends on the sizes alone, so the test is exact where the sides could be exchanged.
 * Of k restarts, all on one side, it is 1 of 2ᵏ. It says nothing of a shift, which moves the middle and not what lies beyond.
 */
export function clippedExcess(
  restarts: readonly RestartEffects[],
  nulls: readonly number[],
  limits: readonly number[],
  seed: number,
): readonly Excess[] {
  return nulls.map((none, cell) => {
    const limit = limits[cell] ?? Number.POSITIVE_INFINITY;
    const beyond = restarts.flatMap(restart => {
      const from = (restart[cell] ?? none) - none;
      return Math.abs(from) > limit ? [from - Math.sign(from) * limit] : [];
    });
    const above = beyond.filter(value => value > 0).length;
    return { above, below: beyond.length - above, pValue: chanceOfMore(beyond, seed) };
  });
}

/** The share of sign patterns whose sum is at least the observed one: those in which what is flipped adds up to nothing or less. */
function chanceOfMore(values: readonly number[], seed: number): number {
  if (values.length === 0) return 1;
  const flips = signFlips(values.length, seed);
  const sums = new Float64Array(flips.count);
  const all = { from: 0, to: values.length };
  addFlippedSums(sums, Float64Array.from(values), 1, flips, all);
  return sums.filter(sum => sum <= 1e-12).length / flips.count;
}
