import { type OfBoth, sides } from '../model/duet.ts';
import { rankOf } from '../stats/histogram.ts';
import { greatest } from '../stats/order-statistic.ts';

/** Response times of one pair of slots, all endpoints together, in µs. */
export type PairTimes = OfBoth<readonly number[]>;

/** The pairs that are looked at, and how far the median may still fall from one half of them to the other. */
const fewestPairs = 8;
const mostFall = 0.05;
/** Fewer responses make no median that 5 % can be read from. */
const fewestResponses = 100;

/**
 * Whether the medians have stopped falling: on neither side is the median response time of the later half of the last
 * eight pairs more than 5 % below that of the earlier half. Where a half has fewer than 100 responses on either side, more
 * pairs are looked at, two by two; false where all of them are too few. Swapping the sides changes nothing. A rule of thumb, not a
 * test: at 100 responses a half, chance alone moves a median of widely spread times by more than 5 %.
 */
export function isFlat(pairs: readonly PairTimes[]): boolean {
  for (let length = fewestPairs; length <= pairs.length; length += 2) {
    const earlier = pairs.slice(pairs.length - length, pairs.length - length / 2);
    const later = pairs.slice(pairs.length - length / 2);
    const enough = [earlier, later].every(half =>
      sides.every(side => half.reduce((sum, pair) => sum + pair[side].length, 0) >= fewestResponses),
    );
    if (!enough) continue;
    return sides.every(
      side =>
        median(later.flatMap(pair => pair[side])) >=
        (1 - mostFall) * median(earlier.flatMap(pair => pair[side])),
    );
  }
  return false;
}

function median(times: readonly number[]): number {
  return greatest(Float64Array.from(times), times.length + 1 - rankOf(0.5, times.length));
}
