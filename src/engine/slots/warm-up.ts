import type { OfEach, Side } from '../../model/duet/duet.ts';
import { greatest, rankOf } from '../../stats/order-statistic.ts';

/** Response times of one row of slots by side, all endpoints together, in µs. */
export type PairTimes<Name extends string = Side> = OfEach<Name, readonly number[]>;

/** Whether the medians have stopped falling; of `tooFew` answers it cannot be seen. */
export type Warmth = 'flat' | 'moving' | 'tooFew';

/** What is looked at: of a side's own time, and the pairs that are enough of short slots. */
const windowMs = 2_000;
const windowPairs = 8;
/** How far the median may still fall from one half of the window to the other. */
const mostFall = 0.05;
/** Fewer responses make no median that 5 % can be read from. */
const fewestResponses = 100;

/**
 * Whether the medians have stopped falling: on neither side is the median response time of the later half of the last
 * eight pairs (fewer of slots so long that those would be more than 2 s of a side's own time, but two) more than 5 % below
 * that of the earlier half. Where a half has fewer than 100 responses on either side, more pairs are looked at, two by
 * two; `tooFew` where all of them are too few. Swapping the sides changes nothing. A rule of thumb, not a test: at 100
 * responses a half, chance alone moves a median of widely spread times by more than 5 %.
 */
export function warmthOf<Name extends string>(pairs: readonly PairTimes<Name>[], slotMs: number): Warmth {
  const sides = Object.keys(pairs[0] ?? {}) as Name[];
  const timesOf = (half: readonly PairTimes<Name>[], side: Name) => half.flatMap(pair => pair[side]);
  for (let length = fewestPairs(slotMs); length <= pairs.length; length += 2) {
    const earlier = pairs.slice(pairs.length - length, pairs.length - length / 2);
    const later = pairs.slice(pairs.length - length / 2);
    const enough = [earlier, later].every(half =>
      sides.every(side => timesOf(half, side).length >= fewestResponses),
    );
    if (!enough) continue;
    const isFlat = sides.every(
      side => median(timesOf(later, side)) >= (1 - mostFall) * median(timesOf(earlier, side)),
    );
    return isFlat ? 'flat' : 'moving';
  }
  return 'tooFew';
}

/** How long too few answers are waited for: three times the least warm-up, or the pairs that are looked at. */
export function patientPairs(leastPairs: number, slotMs: number): number {
  return 3 * Math.max(leastPairs, fewestPairs(slotMs));
}

/** An even number, for two halves. */
function fewestPairs(slotMs: number): number {
  return Math.min(windowPairs, 2 * Math.ceil(windowMs / slotMs / 2 - 1e-9));
}

function median(times: readonly number[]): number {
  return greatest(Float64Array.from(times), times.length + 1 - rankOf(0.5, times.length));
}
