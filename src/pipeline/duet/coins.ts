import { hash, shuffled } from '../../stats/random.ts';

/** Streams of a duet's own coins: each coin is a hash of its seed. */
export const coins = { first: 1, slots: 2, requests: 3, folders: 4, base: 5, head: 6, control: 7 } as const;

/** The order of what takes turns in something that a coin decides: which starts first, or runs in which folder. */
export function orderByCoin(
  seed: number,
  what: 'first' | 'folders',
  index: number,
  among: readonly string[],
): readonly string[] {
  return shuffled(among, seed, coins[what], index);
}

/**
 * Which of so many builds a side runs at its start number `start`, both from 0. The first starts run one after another, so that a build is
 * made when it is needed; from then on all of them run in a drawn order before any runs again.
 */
export function buildByCoin(seed: number, side: string, start: number, builds: number): number {
  const [round, place] = [Math.floor(start / builds), start % builds];
  if (round === 0) return place;
  return (
    Array.from({ length: builds }, (_, build) => ({
      build,
      key: hash(seed, streamOf(side), round * builds + build),
    })).sort((one, other) => one.key - other.key)[place]?.build ?? 0
  );
}

/** Of several heads each has a stream of its own: `head 1`, `head 2` and so on. */
function streamOf(side: string): number {
  if (side === 'base') return coins.base;
  const number = Number(side.replace('head', '')) || 0;
  return number === 0 ? coins.head : furtherHeads + number;
}

const furtherHeads = 100;
