import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hypergeometricTail } from '../../../../bench/judge/fisher.ts';
import { mannWhitneyTest } from '../../../../bench/judge/mann-whitney.ts';
import { welchTest } from '../../../../bench/judge/welch.ts';

const near = (actual: number, expected: number, within: number) =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual}, and not ${expected} ± ${within}`);
const sorted = (...values: readonly number[]) => Float64Array.from(values).sort();

describe("Welch's t-test", () => {
  // Student's sleep data, as in R's `t.test(extra ~ group, data = sleep)`: t = −1.8608, df = 17.776, p = 0.07939.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  it('gives the published t, degrees of freedom and p-value', () => {
    const { t, degreesOfFreedom, pValue } = welchTest(first, second);
    near(t, 1.8608, 5e-5);
    near(degreesOfFreedom, 17.776, 5e-4);
    near(pValue, 0.07939 / 2, 5e-6);
  });
  it('asks whether the second is the greater', () => {
    near(welchTest(second, first).pValue, 1 - 0.07939 / 2, 5e-6);
  });
});

describe("Mann and Whitney's U test", () => {
  it('gives the published U and p-value of a few values', () => {
    // SciPy's example of `mannwhitneyu(males, females)`: U = 17, and 0.1113 by the normal approximation, two-sided.
    const [males, females] = [sorted(19, 22, 16, 29, 24), sorted(20, 11, 17, 12)];
    const { u, pValue } = mannWhitneyTest(females, males);
    assert.equal(u, 17);
    near(pValue, 0.11134688653314041 / 2, 1e-12);
  });
  it('gives the published ones where values are tied', () => {
    // Ozone in R's `wilcox.test(Ozone ~ Month, data = airquality, subset = Month %in% c(5, 8))`: W = 127.5, p = 0.0001208.
    const may = sorted(
      ...[41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37],
    );
    const august = sorted(
      ...[39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118],
      ...[84, 85],
    );
    const { u, pValue } = mannWhitneyTest(may, august);
    assert.equal(may.length * august.length - u, 127.5);
    near(pValue, 0.0001208 / 2, 5e-8);
  });
  it('says nothing of values that are all alike', () => {
    assert.equal(mannWhitneyTest(sorted(1, 1, 1), sorted(1, 1)).pValue, 1);
  });
});

describe('Fisher’s exact test', () => {
  it('is the tail of the hypergeometric distribution: tea of which four cups of eight were told, by hand', () => {
    // Of 4 and 4 cups: all told 1 of 70, three or more 17 of 70.
    assert.ok(Math.abs(hypergeometricTail(0, 4, 4) - 1 / 70) < 1e-12, `${hypergeometricTail(0, 4, 4)}`);
    assert.ok(Math.abs(hypergeometricTail(1, 3, 4) - 17 / 70) < 1e-12, `${hypergeometricTail(1, 3, 4)}`);
    assert.equal(hypergeometricTail(0, 0, 675), 1);
  });
});
