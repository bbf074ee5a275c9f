import type { Side } from '../../model/duet/duet.ts';
import { hash } from '../../stats/random.ts';

/** Streams of a duet's own coins: each coin is a hash of its seed. */
export const coins = { first: 1, slots: 2, requests: 3, folders: 4, base: 5, head: 6, control: 7 } as const;

/** Which side comes first in something that a coin decides. */
export function sideByCoin(seed: number, what: 'first' | 'folders', index: number): Side {
  return hash(seed, coins[what], index) % 2 === 0 ? 'base' : 'head';
}

/**
 * Which of so many builds a side runs at its start number `start`, both from 0. The first starts run one after another, so that a build is
 * made when it is needed; from then on all of them run in a drawn order before any runs again.
 */
export function buildByCoin(seed: number, side: Side, start: number, builds: number): number {
  const [round, place] = [Math.floor(start / builds), start % builds];
  if (round === 0) return place;
  return (
    Array.from({ length: builds }, (_, build) => ({
      build,
      key: hash(seed, coins[side], round * builds + build),
    })).sort((one, other) => one.key - other.key)[place]?.build ?? 0
  );
}
