const twoTo32 = 4_294_967_296;

/**
 * Mixes 32 bits so that each input bit flips each output bit in about half of all cases: `lowbias32` of Chris Wellons
 * (https://nullprogram.com/blog/2018/07/31/), in the form with the least measured bias.
 */
function mix(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return x ^ (x >>> 15);
}

/**
 * 32 random bits, as an integer from 0 to 2³² − 1, that depend on the three numbers alone: a counter-based generator, so
 * that any draw can be made anywhere, in any order, and always comes out the same.
 *
 * Seed and stream make two keys, between which the index passes through a mixer, so that no two streams are
 * rearrangements of one another. The three are integers: seed and index up to 2⁵³, stream up to 2³². Not for secrets.
 */
export function hash(seed: number, stream: number, index: number): number {
  const first = mix((fold(seed) + 0x1e3779b9) | 0);
  const inner = mix(first ^ Math.imul(stream, 0xc2b2ae35));
  const outer = mix((inner + stream + 0x7f4a7c15) | 0);
  return mix(mix((mix(fold(index) ^ inner) + outer) | 0) ^ inner) >>> 0;
}

/** The low 32 bits of an integer, stirred with those above them. */
function fold(integer: number): number {
  const high = Math.floor(integer / twoTo32);
  return high === 0 ? integer | 0 : integer ^ mix(high);
}

/** A random number in [0, 1) with 32 bits of resolution, that depends on the three integers alone: see `hash`. */
export function uniform(seed: number, stream: number, index: number): number {
  return hash(seed, stream, index) / twoTo32;
}

/** Values in a random order that depends on the three integers alone; every order is as likely as any other. */
export function shuffled<Value>(
  values: readonly Value[],
  seed: number,
  stream: number,
  index: number,
): readonly Value[] {
  const order = [...values].reverse();
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = hash(seed, stream, index * (values.length - 1) + last - 1) % (last + 1);
    [order[last], order[other]] = [order[other] as Value, order[last] as Value];
  }
  return order;
}

/**
 * Where an integer below `count` stands in a random order of all of them, without the others: a Feistel network of four rounds
 * over the least even number of bits that holds them all, gone through until the result is below `count`.
 */
export function permuted(value: number, count: number, seed: number, stream: number): number {
  let half = 1;
  while (4 ** half < count) half += 1;
  const mask = 2 ** half - 1;
  let result = value;
  do {
    let [left, right] = [Math.floor(result / (mask + 1)), result & mask];
    for (let round = 0; round < 4; round += 1) {
      [left, right] = [right, (left ^ hash(seed, stream, right * 4 + round)) & mask];
    }
    result = left * (mask + 1) + right;
  } while (result >= count);
  return result;
}

/** A seed that depends on a text alone. */
export function seedOf(text: string): number {
  let seed = 0;
  for (let index = 0; index < text.length; index += 1) seed = hash(seed, 1, text.charCodeAt(index));
  return seed;
}
