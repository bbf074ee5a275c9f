import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flipStatistics, maximaOf } from '../../../src/stats/flips/flip-statistics.ts';
import { type SignFlips, signFlips } from '../../../src/stats/flips/sign-flips.ts';
import { upperBounds } from '../../../src/stats/flips/typical-values.ts';
import { simulatedRestarts } from './effects.ts';
import { shareOf } from './simulation.ts';

const patternsOf = (restarts: number, seed: number) => {
  const flips = signFlips(restarts, seed);
  return Array.from({ length: flips.count }, (_, flip) =>
    Array.from({ length: restarts }, (_, restart) => (flips.isFlipped(flip, restart) ? '-' : '+')).join(''),
  );
};

describe('the sign patterns', () => {
  it('of up to twelve restarts are all there are, the identity first', () => {
    const patterns = patternsOf(12, 1);
    assert.equal(new Set(patterns).size, 4_096);
    assert.equal(patterns.length, 4_096);
    assert.equal(patterns[0], '+'.repeat(12));
  });

  it('of more are the identity and 9,998 that depend on the seed', () => {
    const patterns = patternsOf(40, 1);
    assert.equal(patterns.length, 9_999);
    assert.equal(patterns[0], '+'.repeat(40));
    assert.equal(new Set(patterns).size, 9_999);
    assert.deepEqual(patternsOf(40, 1), patterns);
    assert.notDeepEqual(patternsOf(40, 2), patterns);
  });

  it('turn each restart in half of them, and each pair alike in half of them', () => {
    const patterns = patternsOf(40, 5);
    for (let restart = 0; restart < 40; restart += 1) {
      const turned = patterns.filter(pattern => pattern[restart] === '-').length;
      const alike = patterns.filter(pattern => pattern[restart] === pattern[(restart + 7) % 40]).length;
      assert.ok(Math.abs(turned / 9_999 - 0.5) < 0.02, `${restart}: ${turned}`);
      assert.ok(Math.abs(alike / 9_999 - 0.5) < 0.02, `${restart}: ${alike}`);
    }
  });

  it('of a later look continue those of an earlier one', () => {
    const later = patternsOf(26, 3).map(pattern => pattern.slice(0, 13));
    assert.deepEqual(patternsOf(13, 3), later);
  });
});

describe('the statistic of a cell', () => {
  const restarts = [
    [3, 1, null],
    [4, -1, 2],
    [0, 1, 2],
  ];

  it('is the sum over its length: by hand', () => {
    const all = flipStatistics(restarts, signFlips(3, 1), [0, 0, 0]);
    assert.ok(all, 'the flips are not all');
    const identity = [...all.values.subarray(0, 3)];
    assert.deepEqual(identity, [7 / 5, 1 / Math.sqrt(3), 4 / Math.sqrt(8)]);
    // Pattern 2 turns the second restart alone.
    assert.deepEqual([...all.values.subarray(6, 9)], [-1 / 5, 3 / Math.sqrt(3), 0]);
    assert.deepEqual([...maximaOf(all, [0, 1, 2])].slice(0, 3), [
      4 / Math.sqrt(8),
      4 / Math.sqrt(8),
      3 / Math.sqrt(3),
    ]);
    assert.equal(maximaOf(all, [0])[2], -1 / 5);
  });

  it('counts from what the cell is tested against, in the first restarts alone', () => {
    const [two, three] = [2, 3].map(size =>
      flipStatistics(restarts.slice(0, size), signFlips(3, 1), [1, 0, 2]),
    );
    assert.deepEqual([...(two?.values.subarray(0, 3) ?? [])], [5 / Math.sqrt(13), 0, 0]);
    assert.deepEqual([...(three?.values.subarray(0, 3) ?? [])], [4 / Math.sqrt(14), 1 / Math.sqrt(3), 0]);
  });

  it("orders the patterns of one cell as Student's t does", () => {
    const values = simulatedRestarts(4, { restarts: 9, cells: 1, tails: 'heavy' }).map(
      ([value]) => value ?? 0,
    );
    const flips = signFlips(9, 1);
    const all = flipStatistics(
      values.map(value => [value]),
      flips,
      [0],
    );
    const students = Array.from({ length: flips.count }, (_, flip) => {
      const turned = values.map((value, restart) => (flips.isFlipped(flip, restart) ? -value : value));
      const mean = turned.reduce((sum, value) => sum + value, 0) / 9;
      const variance = turned.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8;
      return (mean * 3) / Math.sqrt(variance);
    });
    const ranked = (statistics: ArrayLike<number>) =>
      Array.from({ length: flips.count }, (_, flip) => flip).sort(
        (a, b) => (statistics[a] ?? 0) - (statistics[b] ?? 0),
      );
    assert.deepEqual(ranked(all?.values ?? []), ranked(students));
  });
});

const upperBound = (values: readonly (number | null)[], flips: SignFlips, tail: number) =>
  upperBounds(
    values.map(value => [value]),
    1,
    flips,
    tail,
  )[0] ?? Number.NaN;

describe('the upper bound of a cell', () => {
  it('is where the test of a shift turns: against a search by brute force', () => {
    for (const seed of [1, 2, 3]) {
      const values = simulatedRestarts(seed, { restarts: 10, cells: 1, tails: 'heavy' }).map(
        ([value]) => value ?? 0,
      );
      const bound = upperBound(values, signFlips(10, 1), 0.02);
      const isRejected = (centre: number) => {
        const sum = values.reduce((total, value) => total + value - centre, 0);
        let reached = 0;
        for (let pattern = 0; pattern < 1_024; pattern += 1) {
          const turned = values.reduce(
            (total, value, restart) =>
              total + (value - centre) * (Math.floor(pattern / 2 ** restart) % 2 === 1 ? -1 : 1),
            0,
          );
          if (turned <= sum + 1e-12) reached += 1;
        }
        return reached / 1_024 <= 0.02;
      };
      assert.ok(isRejected(bound + 1e-6) && !isRejected(bound - 1e-6), `${seed}: ${bound}`);
    }
  });

  it('is infinite where the restarts allow none, and rises with the confidence', () => {
    const values = [0.1, 0.2, -0.1, 0.3, 0.05, 0.12, 0.07, 0.3];
    assert.equal(upperBound(values, signFlips(8, 1), 1 / 257), Number.POSITIVE_INFINITY);
    assert.equal(upperBound(values, signFlips(8, 1), 2 / 256), 0.3);
    assert.ok(
      upperBound(values, signFlips(8, 1), 0.2) < upperBound(values, signFlips(8, 1), 0.05),
      `upperBound ${upperBound(values, signFlips(8, 1), 0.2)}, upperBound ${upperBound(values, signFlips(8, 1), 0.05)}`,
    );
    assert.equal(upperBound([null, null, 0.1, 0.1], signFlips(4, 1), 3 / 16), Number.POSITIVE_INFINITY);
    assert.equal(upperBound([null, null, 0.1, 0.1], signFlips(4, 1), 4 / 16), 0.1);
  });

  it('is that of each cell by itself', () => {
    const restarts = simulatedRestarts(8, { restarts: 10, cells: 3, missing: 0.2 });
    assert.deepEqual(
      upperBounds(restarts, 3, signFlips(10, 1), 0.05),
      [0, 1, 2].map(cell =>
        upperBound(
          restarts.map(restart => restart[cell] ?? null),
          signFlips(10, 1),
          0.05,
        ),
      ),
    );
  });

  it('lies below the truth exactly as often as it says, of ten restarts of heavy tails, and of sampled patterns', () => {
    for (const [restarts, trials] of [
      [10, 2_000],
      [14, 300],
    ] as const) {
      const flips = signFlips(restarts, 9);
      const below = shareOf(trials, trial => {
        const values = simulatedRestarts(trial, { restarts, cells: 1, tails: 'heavy' }).map(
          ([value]) => value ?? 0,
        );
        return upperBound(values, flips, 0.1) < 0;
      });
      assert.ok(Math.abs(below - 0.1) < (restarts === 10 ? 0.02 : 0.045), `${restarts}: ${below}`);
    }
  });
});
