import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chiSquareQuantile, fisherQuantile } from '../../../src/stats/intervals/chi-square.ts';
import { varianceComponents } from '../../../src/stats/intervals/variance-component.ts';
import { isClose, normal, shareOf } from './simulation.ts';

describe('the quantiles of chi-square and F', () => {
  it('agree with SciPy 1.17 (chi2.ppf)', () => {
    for (const [p, degrees, expected] of [
      [0.05, 1, 0.003932140000019522],
      [0.05, 19, 10.117013063859044],
      [0.95, 19, 30.14352720564616],
      [0.5, 2, 1.386294361119891],
      [0.025, 7, 1.689869180677355],
      [0.05, 120, 95.70463704168404],
      [0.99, 400, 468.7244983740365],
    ] as const) {
      assert.ok(isClose(chiSquareQuantile(p, degrees), expected, 1e-9), `${p}, ${degrees}`);
    }
  });

  it('agree with SciPy 1.17 (f.ppf)', () => {
    for (const [p, numerator, denominator, expected] of [
      [0.05, 19, 114, 0.5173573524284933],
      [0.95, 3, 7, 4.346831399907814],
      [0.5, 1, 1, 1],
      [0.01, 9, 9, 0.18687645652871748],
    ] as const) {
      const found = fisherQuantile(p, numerator, denominator);
      assert.ok(isClose(found, expected, 1e-9), `${p}, ${numerator}, ${denominator}: ${found}`);
    }
  });
});

describe('the spread between groups', () => {
  // Computed with NumPy and SciPy from the mean squares 0.0697333 and 0.00459833.
  const table = [
    [1.02, 1.15, 0.9],
    [0.8, 1.1, 0.7],
    [1.3, 1.32, 1.21],
    [0.95, 1.2, 1.0],
    [1.1, 1.3, 1.05],
  ];

  it('is what the analysis of variance gives', () => {
    const found = varianceComponents(table, 0.95);
    assert.ok(isClose(found?.between ?? null, 0.14734879255245587, 1e-9), `${found?.between}`);
    assert.ok(isClose(found?.within ?? null, 0.06781101188843397, 1e-9), `${found?.within}`);
    assert.ok(isClose(found?.upper ?? null, 0.35971294201575854, 1e-9), `${found?.upper}`);
  });

  it('does not depend on what each condition adds to all groups', () => {
    const shifted = table.map(row => row.map((value, column) => value + 10 * column));
    const [one, other] = [varianceComponents(table, 0.9), varianceComponents(shifted, 0.9)];
    for (const part of ['between', 'upper', 'within'] as const) {
      assert.ok(isClose(one?.[part] ?? null, other?.[part] ?? Number.NaN, 1e-9), part);
    }
  });

  it('of groups measured once is their standard deviation with its chi-square bound', () => {
    const found = varianceComponents(
      [0.3, -0.1, 0.2, 0.05].map(value => [value]),
      0.95,
    );
    assert.ok(isClose(found?.between ?? null, 0.175, 1e-12), `${found?.between}`);
    assert.ok(isClose(found?.upper ?? null, 0.5110014952217419, 1e-9), `${found?.upper}`);
    assert.equal(found?.within, null);
  });

  it('is nothing where errors alone make more difference, and its bound is what errors let it be', () => {
    const found = varianceComponents(
      [
        [1, -1],
        [-1, 1],
        [1, -1],
      ],
      0.95,
    );
    assert.equal(found?.between, 0);
    // E = 8/3, and √(E (1 − 1/19) 2 / (2 · 0.1025866)) with the 5 % quantiles of F(2, 2) and of chi-square.
    assert.ok(
      isClose(found?.upper ?? null, Math.sqrt(((8 / 3) * (18 / 19)) / 0.10258658877510106), 1e-9),
      `upper ${found?.upper}`,
    );
    assert.equal(varianceComponents([[1, 2]], 0.95), null);
  });

  for (const spread of [0, 0.02, 0.05]) {
    it(`lies under its bound in at least 95 of 100 calibrations of 20 starts that differ by ${spread}`, () => {
      const covered = shareOf(2_000, trial => {
        const rows = Array.from({ length: 20 }, (_, group) => {
          const own = spread * normal(trial, 1, group);
          return Array.from({ length: 8 }, (__, column) => {
            return 0.1 * column + own + 0.05 * normal(trial, 2, group * 8 + column);
          });
        });
        return (varianceComponents(rows, 0.95)?.upper ?? 0) >= spread;
      });
      assert.ok(covered > 0.935, `${covered}`);
      if (spread > 0.02) assert.ok(covered < 0.965, `${covered}`);
    });
  }
});
