/** A stream of numbers that is the same for the same seed on every machine. */
export interface Random {
  /** The next number, from 0 up to and without 1. */
  next(): number;
  /** The next whole number, from 0 up to and without `below`. */
  integer(below: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/**
 * sfc32 by Chris Doty-Humphrey (PractRand), seeded by its counter. What is built on it may use only
 * + - * / floor and sqrt, whose results IEEE 754 fixes; `Math.pow` and its kind differ between engines.
 */
export function createRandom(seed: number): Random {
  let a = 0;
  let b = 0;
  let c = seed | 0;
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  };
  for (let i = 0; i < 12; i++) next();
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    next,
    integer,
    pick: items => {
      const item = items[integer(items.length)];
      if (item === undefined) throw new RangeError('cannot pick from an empty list');
      return item;
    },
  };
}
