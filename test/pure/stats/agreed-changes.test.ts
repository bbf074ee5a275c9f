import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agreedChanges } from '../../../src/stats/changes/agreed-changes.ts';
import { changePoints } from '../../../src/stats/changes/change-points.ts';
import { leastCostCuts } from '../../../src/stats/changes/least-cost-cuts.ts';
import { levelNoise } from '../../../src/stats/changes/level-noise.ts';
import { rankCuts } from '../../../src/stats/changes/rank-cuts.ts';
import { scanBound } from '../../../src/stats/changes/scan-bound.ts';
import { isClose, normal, shareOf } from './simulation.ts';

const terms = { part: 4, significance: 0.005 };

/** Runs of so many at each level, whose neighbours correlate. */
function series(seed: number, levels: readonly (readonly [runs: number, level: number])[], correlation = 0) {
  let noise = 0;
  return levels
    .flatMap(([runs, level]) => new Array<number>(runs).fill(level))
    .map((level, run) => {
      const own = normal(seed, 1, run);
      noise = run === 0 ? own : correlation * noise + Math.sqrt(1 - correlation ** 2) * own;
      return level + 0.05 * noise;
    });
}

const indicesOf = (points: readonly { readonly index: number }[]) => points.map(({ index }) => index);

describe('the changes that two of three detectors see', () => {
  it('are a regression and its repair, by all three or by two, with their levels', () => {
    const values = series(3, [
      [60, 0],
      [40, 0.2],
      [60, 0],
    ]);
    const [up, down, ...others] = agreedChanges(values);
    assert.deepEqual(others, []);
    assert.ok(up && Math.abs(up.index - 60) <= 1 && Math.abs(up.size - 0.2) < 0.04, JSON.stringify(up));
    assert.ok(
      down && Math.abs(down.index - 100) <= 1 && Math.abs(down.size + 0.2) < 0.04,
      JSON.stringify(down),
    );
    assert.equal(up.detectors, 3);
  });
  it('are none of a series too short, alike, empty, or with a few wild runs', () => {
    for (const values of [
      [],
      [1, 1, 1],
      new Array<number>(50).fill(7),
      [1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9],
    ]) {
      assert.deepEqual(agreedChanges(values), [], values.join());
    }
    const wild = series(4, [[200, 0]]).map((value, run) => (run % 45 === 20 ? value + 2 : value));
    assert.deepEqual(agreedChanges(wild), []);
  });
  it('are seen in half as many steady series whose neighbours resemble each other as by one detector', () => {
    const falsely = (changes: (values: readonly number[]) => readonly unknown[]) =>
      shareOf(60, trial => changes(series(trial, [[150, 0]], 0.5)).length > 0);
    const [one, two] = [falsely(changePoints), falsely(agreedChanges)];
    assert.ok(one > 0.15 && two <= one / 2, `${one}, then ${two}`);
  });
  it('are found as often as by one where runs are independent', () => {
    const found = shareOf(40, trial =>
      indicesOf(
        agreedChanges(
          series(trial, [
            [100, 0],
            [25, 0.1],
          ]),
        ),
      ).some(index => Math.abs(index - 100) <= 3),
    );
    assert.ok(found >= 0.85, `${found}`);
  });
  it('come out the same in any unit', () => {
    const values = series(5, [
      [50, 1],
      [50, 1.2],
    ]);
    assert.deepEqual(
      indicesOf(agreedChanges(values.map(value => 8 * value))),
      indicesOf(agreedChanges(values)),
    );
  });
});

describe('a detector by itself', () => {
  for (const [name, cuts] of [
    ['by ranks', rankCuts],
    ['by squares', leastCostCuts],
  ] as const) {
    it(`${name} cuts hardly any steady series, whatever its length`, () => {
      for (const length of [20, 60, 300]) {
        const falsely = shareOf(300, trial => cuts(series(1_000 + trial, [[length, 0]]), terms).length > 0);
        assert.ok(falsely <= 0.03, `${length}: ${falsely}`);
      }
    });
  }
  it('by squares finds the cheapest partition: by brute force over all of them', () => {
    const values = series(7, [
      [7, 0],
      [6, 0.4],
      [7, 0.1],
    ]);
    const { deviation, memory } = levelNoise(values);
    const penalty = memory * scanBound(values.length, 4, 0.005) ** 2;
    const costOf = (cuts: readonly number[]) => {
      const edges = [0, ...cuts, values.length];
      return edges.slice(1).reduce((sum, to, index) => {
        const part = values.slice(edges[index], to).map(value => value / deviation);
        const mean = part.reduce((total, value) => total + value, 0) / part.length;
        return sum + part.reduce((total, value) => total + (value - mean) ** 2, 0) + penalty;
      }, 0);
    };
    const partitions = (from: number): readonly (readonly number[])[] => [
      [],
      ...Array.from(
        { length: Math.max(0, values.length - 3 - (from + 4)) },
        (_, step) => from + 4 + step,
      ).flatMap(cut => partitions(cut).map(rest => [cut, ...rest])),
    ];
    const cheapest = partitions(0).toSorted((one, other) => costOf(one) - costOf(other))[0];
    assert.deepEqual(leastCostCuts(values, terms), cheapest);
  });
});

describe('the noise of a series', () => {
  it('is that of its values, whatever its levels, and knows how far neighbours resemble each other', () => {
    for (const [correlation, memory] of [
      [0, 1],
      [0.6, 4],
    ] as const) {
      const levels = [
        [1_000, 0],
        [1_000, 0.5],
      ] as const;
      const noise = levelNoise(series(2, levels, correlation));
      assert.ok(isClose(noise.deviation, 0.05, 0.1), `${correlation}: ${noise.deviation}`);
      assert.ok(isClose(noise.memory, memory, 0.3), `${correlation}: ${noise.memory}`);
    }
  });
});
