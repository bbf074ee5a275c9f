import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changePoints } from '../../../src/stats/changes/change-points.ts';
import { bestSplit } from '../../../src/stats/changes/energy.ts';
import { scanOf } from '../../../src/stats/changes/energy-scan.ts';
import { uniform } from '../../../src/stats/random.ts';
import { normal, shareOf } from './simulation.ts';

/** The flow of the Nile at Aswan, 1871 to 1970, in 10⁸ m³ (R's `datasets::Nile`); it fell after 1898. */
const nile = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
  1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040,
  759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
  744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

/** Runs about levels that each hold for so many of them. */
function series(seed: number, levels: readonly (readonly [runs: number, level: number])[], spread = 0.05) {
  return levels
    .flatMap(([runs, level]) => Array<number>(runs).fill(level))
    .map((level, run) => level + spread * normal(seed, 1, run));
}

const indicesOf = (values: readonly number[]) => changePoints(values).map(({ index }) => index);

describe('the cut of a series', () => {
  it('is the one of the greatest energy statistic: by the definition, over all pairs', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const values = series(seed, [
        [9 + seed, 0],
        [12, 0.06],
      ]);
      let best = { index: 0, statistic: Number.NEGATIVE_INFINITY };
      for (let m = 4; m <= values.length - 4; m += 1) {
        const [left, right] = [values.slice(0, m), values.slice(m)];
        const n = right.length;
        const between = mean(left.flatMap(x => right.map(y => Math.abs(x - y))));
        const within = (side: readonly number[]) =>
          mean(side.flatMap((x, i) => side.slice(i + 1).map(y => Math.abs(x - y))));
        const statistic = ((m * n) / (m + n)) * (2 * between - within(left) - within(right));
        if (statistic > best.statistic) best = { index: m, statistic };
      }
      const split = bestSplit(values, 4);
      assert.equal(split?.index, best.index);
      assert.ok(
        Math.abs((split?.statistic ?? 0) - best.statistic) < 1e-12,
        `statistic ${split?.statistic}, statistic ${best.statistic}`,
      );
    }
  });

  it('of the Nile is the dam of 1898', () => {
    assert.equal(bestSplit(nile, 6)?.index, 1899 - 1871);
  });

  it('needs two parts', () => {
    assert.equal(bestSplit([1, 2, 3, 4, 5, 6, 7], 4), null);
    assert.equal(bestSplit([1, 1, 1, 1, 9, 9, 9, 9], 4)?.index, 4);
  });
});

describe('the scan of a series', () => {
  it('measures the energy distance of each window over all pairs, where values are few', () => {
    const values = Array.from(
      { length: 41 },
      (_, run) => [1, 2.5, 3, 7][Math.floor(4 * uniform(1, 1, run))] ?? 0,
    );
    const { windows, measure } = scanOf(values);
    const statistics = measure();
    assert.ok(windows.length > 30, `${windows.length} windows`);
    for (const [window, { from, cut, to }] of windows.entries()) {
      const [left, right] = [values.slice(from, cut), values.slice(cut, to)];
      const apart = (one: readonly number[], other: readonly number[]) =>
        mean(one.flatMap(x => other.map(y => Math.abs(x - y))));
      const distance = 2 * apart(left, right) - apart(left, left) - apart(right, right);
      const expected = ((left.length * right.length) / (to - from)) * distance;
      assert.ok(Math.abs((statistics[window] ?? 0) - expected) < 1e-9, `${from} ${cut} ${to}`);
    }
  });

  it('has windows that keep in step with the length', () => {
    const per = (length: number) => scanOf(series(1, [[length, 0]])).windows.length / length;
    assert.ok(per(8_000) < 1.1 * per(1_000), `${per(1_000)} ${per(8_000)}`);
  });

  it('leaves no inner run without a window, and reaches the last six', () => {
    for (const length of [12, 13, 57, 400, 1_001]) {
      const { windows } = scanOf(series(1, [[length, 0]]));
      assert.ok(
        windows.every(({ from, cut, to }) => from >= 0 && cut - from >= 6 && to - cut >= 6 && to <= length),
        `too short a side, or past ${length}`,
      );
      assert.ok(
        windows.some(({ cut }) => cut >= length - 7),
        'no window reaches the end',
      );
      assert.ok(
        windows.some(({ cut }) => cut <= 7),
        'no window reaches the beginning',
      );
    }
    assert.equal(scanOf([1, 2, 3]).windows.length, 0);
  });
});

describe('the change points of a history', () => {
  it('are none of a series too short, alike, or empty', () => {
    assert.deepEqual(changePoints([]), []);
    assert.deepEqual(changePoints([1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9]), []);
    assert.deepEqual(changePoints(Array(200).fill(3)), []);
  });

  it('find the dam of 1898, with its size and a confidence', () => {
    const [point, ...others] = changePoints(nile);
    assert.deepEqual(others, []);
    assert.equal(point?.index, 28);
    assert.deepEqual([point?.before, point?.after, point?.size], [1_130, 842.5, -287.5]);
    assert.equal(point?.confidence, 0.999);
  });

  it('find a regression, its repair, and a last change of a dozen runs', () => {
    const points = changePoints(
      series(3, [
        [300, 0],
        [40, 0.1],
        [300, 0],
        [12, 0.12],
      ]),
    );
    assert.equal(points.length, 3);
    for (const [position, expected] of [300, 340, 640].entries()) {
      assert.ok(Math.abs((points[position]?.index ?? 0) - expected) <= 3, `${points[position]?.index}`);
    }
    for (const [position, expected] of [0.1, -0.1, 0.12].entries()) {
      assert.ok(Math.abs((points[position]?.size ?? 0) - expected) < 0.03, `${points[position]?.size}`);
    }
  });

  it('name the first run of a great change, however few runs it has held for', () => {
    for (const [steady, slow, indices] of [
      [60, 4, [60]],
      [61, 5, [61]],
      [61, 6, [61]],
      [60, 7, [60]],
    ] as const) {
      const levels = [
        [steady, 0],
        [slow, 0.3],
      ] as const;
      assert.deepEqual(indicesOf(series(3, levels, 0.02)), indices, `${slow} runs after ${steady}`);
    }
    const bump = [
      [31, 0],
      [8, 0.3],
      [40, 0],
    ] as const;
    assert.deepEqual(indicesOf(series(3, bump, 0.02)), [31, 39]);
  });

  it('are none of a few wild runs', () => {
    const values = series(4, [[200, 0]]).map((value, run) => (run % 45 === 20 ? value + 2 : value));
    assert.deepEqual(indicesOf(values), []);
  });

  it('come out the same every time, and whatever the unit', () => {
    const values = series(5, [
      [50, 0],
      [50, 0.08],
    ]);
    assert.deepEqual(changePoints(values), changePoints([...values]));
    assert.deepEqual(indicesOf(values.map(value => 8 * value)), indicesOf(values));
  });

  for (const [name, draw] of [
    ['normal', (seed: number, run: number) => normal(seed, 1, run)],
    ['skewed', (seed: number, run: number) => Math.exp(1.5 * normal(seed, 1, run))],
  ] as const) {
    it(`accuse a steady ${name} series as seldom as they say`, () => {
      const accused = shareOf(600, trial => {
        const values = Array.from({ length: 90 }, (_, run) => draw(trial, run));
        return changePoints(values, { significance: 0.05, permutations: 199 }).length > 0;
      });
      // Three standard errors about what may be: 0.05, less one permutation of 200.
      assert.ok(accused < 0.05 + 0.027 && accused > 0.05 - 0.027, `${accused}`);
    });
  }

  it('find 10 % at a spread of 5 % from run to run, 30 runs on either side, nearly always', () => {
    const found = shareOf(60, trial => {
      const indices = indicesOf(
        series(trial, [
          [150, 0],
          [30, 0.1],
        ]),
      );
      return indices.some(index => Math.abs(index - 150) <= 3);
    });
    assert.ok(found >= 0.9, `${found}`);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
