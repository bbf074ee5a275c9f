import { hash } from '../random.ts';

/** The most restarts of which every pattern of signs is tried: 4,096 patterns. */
export const enumeratedRestarts = 12;
const sampledFlips = 9_999;

/** A set of sign patterns over restarts; pattern 0 flips nothing. */
export interface SignFlips {
  readonly count: number;
  /** Whether a pattern turns the sign of a restart. */
  isFlipped(flip: number, restart: number): boolean;
  /** Which of at most 16 restarts from the first on a pattern turns, as bits, the first restart's the lowest. */
  flippedAmong(flip: number, first: number, restarts: number): number;
}

/**
 * The sign patterns of a randomisation test: all 2ⁿ of up to twelve restarts, otherwise the identity and 9,998 that
 * depend on the seed alone. A pattern's sign of a restart does not depend on how many restarts there are, so that the
 * patterns of a later look continue those of an earlier one.
 *
 * Source: E. S. Edgington and P. Onghena, "Randomization Tests", 4th ed., 2007; that random patterns with the
 * identity among them give an exact level, J. Hemerik and J. Goeman, "Exact testing with random permutations", TEST
 * 27 (2018) 811–825.
 */
export function signFlips(restarts: number, seed: number): SignFlips {
  if (restarts <= enumeratedRestarts) {
    return {
      count: 2 ** restarts,
      isFlipped: (flip, restart) => ((flip >>> restart) & 1) === 1,
      flippedAmong: (flip, first, among) => (flip >>> first) & ((1 << among) - 1),
    };
  }
  const words = Array.from({ length: Math.ceil(restarts / 32) }, (_, word) =>
    Uint32Array.from({ length: sampledFlips }, (_, flip) => (flip === 0 ? 0 : hash(seed, word, flip))),
  );
  const flippedAmong = (flip: number, first: number, among: number) => {
    const [word, bit] = [first >>> 5, first & 31];
    const here = ((words[word] as Uint32Array)[flip] as number) >>> bit;
    const beyond = bit + among > 32 ? ((words[word + 1] as Uint32Array)[flip] as number) << (32 - bit) : 0;
    return (here | beyond) & ((1 << among) - 1);
  };
  return {
    count: sampledFlips,
    isFlipped: (flip, restart) => flippedAmong(flip, restart, 1) === 1,
    flippedAmong,
  };
}
