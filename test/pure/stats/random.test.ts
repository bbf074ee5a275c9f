import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash, uniform } from '../../../src/stats/random.ts';

const draws = 100_000;

describe('random numbers by hash', () => {
  it('depend on seed, stream and index alone', () => {
    assert.equal(hash(1, 2, 3), hash(1, 2, 3));
    assert.equal(uniform(7, 0, 10), hash(7, 0, 10) / 2 ** 32);
    assert.equal(new Set([hash(1, 2, 3), hash(1, 3, 2), hash(2, 1, 3), hash(3, 2, 1)]).size, 4);
  });

  it('lie in [0, 1) for any integers, large ones too', () => {
    for (const seed of [0, 1, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]) {
      for (const index of [0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 45 + 3]) {
        const value = uniform(seed, 4_294_967_295, index);
        assert.ok(value >= 0 && value < 1, `${seed} ${index} ${value}`);
      }
    }
    assert.notEqual(hash(1, 0, 5), hash(1 + 2 ** 32, 0, 5));
    assert.notEqual(hash(1, 0, 5), hash(1, 0, 5 + 2 ** 32));
  });

  it('are uniform: a chi-squared of 256 bins stays within its 99.99 % range, for plain and for odd seeds', () => {
    for (const [seed, stream] of [
      [0, 0],
      [1, 0],
      [1, 1],
      [0xffffffff, 77],
      [2 ** 40, 3],
    ] as const) {
      const bins = new Array<number>(256).fill(0);
      for (let index = 0; index < draws; index += 1) {
        const bin = Math.floor(uniform(seed, stream, index) * 256);
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
      assertChiSquared255(bins, `seed ${seed} stream ${stream}`);
    }
  });

  const neighbours = [
    ['index', (index: number) => [uniform(1, 1, index), uniform(1, 1, index + 1)]],
    ['stream', (index: number) => [uniform(1, 1, index), uniform(1, 2, index)]],
    ['seed', (index: number) => [uniform(1, 1, index), uniform(2, 1, index)]],
    ['seed and index at once', (index: number) => [uniform(1, 1, index), uniform(2, 1, index + 1)]],
    [
      'two streams of one index far apart',
      (index: number) => [uniform(9, 0, index), uniform(9, 65_536, index)],
    ],
    ['streams as indexes', (index: number) => [uniform(5, index, 0), uniform(5, index + 1, 0)]],
    ['seeds as indexes', (index: number) => [uniform(index, 0, 0), uniform(index + 1, 0, 0)]],
  ] as const;
  for (const [name, pair] of neighbours) {
    it(`are independent of their neighbour by ${name}`, () => {
      const bins = new Array<number>(256).fill(0);
      let products = 0;
      for (let index = 0; index < draws; index += 1) {
        const [one = 0, other = 0] = pair(index);
        const bin = Math.floor(one * 16) * 16 + Math.floor(other * 16);
        bins[bin] = (bins[bin] ?? 0) + 1;
        products += (one - 0.5) * (other - 0.5);
      }
      assertChiSquared255(bins, name);
      const correlation = (products / draws) * 12;
      assert.ok(Math.abs(correlation) < 4 / Math.sqrt(draws), `correlation ${correlation}`);
    });
  }

  it('flip each output bit in about half of all cases when one input bit flips', () => {
    const trials = 2_000;
    for (const flip of [
      (bit: number, n: number) => hash(1, 1, n) ^ hash(1, 1, n ^ (1 << bit)),
      (bit: number, n: number) => hash(n, 1, 1) ^ hash((n ^ (1 << bit)) >>> 0, 1, 1),
      (bit: number, n: number) => hash(1, n, 1) ^ hash(1, (n ^ (1 << bit)) >>> 0, 1),
    ]) {
      for (let bit = 0; bit < 32; bit += 1) {
        const flips = new Array<number>(32).fill(0);
        for (let n = 0; n < trials; n += 1) {
          const changed = flip(bit, n);
          for (let out = 0; out < 32; out += 1) flips[out] = (flips[out] ?? 0) + ((changed >>> out) & 1);
        }
        for (const count of flips) assert.ok(Math.abs(count / trials - 0.5) < 0.07, `bit ${bit}: ${count}`);
      }
    }
  });
});

/** 255 degrees of freedom: mean 255, standard deviation 22.6. */
function assertChiSquared255(bins: readonly number[], what: string): void {
  const total = bins.reduce((sum, count) => sum + count, 0);
  const expected = total / bins.length;
  const chiSquared = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert.ok(chiSquared > 178 && chiSquared < 346, `${what}: chi-squared ${chiSquared}`);
}
