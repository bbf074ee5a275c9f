import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serialCorrelation } from '../../../src/stats/flips/serial-correlation.ts';
import { normal } from './simulation.ts';

/** Rows of an autoregression, each value of which is `by` times the one before and fresh noise. */
function row(by: number, length: number, seed: number): readonly number[] {
  const values = [normal(seed, 1, 0)];
  while (values.length < length) {
    const fresh = Math.sqrt(1 - by * by) * normal(seed, 1, values.length);
    values.push(by * (values.at(-1) as number) + fresh);
  }
  return values;
}

const rows = (by: number, length: number) =>
  Array.from({ length: 2_000 }, (_, seed) => serialCorrelation(row(by, length, seed)));

/** As independent values are in 5 % of cases. */
const isClear = (found: ReturnType<typeof serialCorrelation>) => (found?.deviations ?? 0) > 1.645;

describe('the correlation of values with the ones before', () => {
  it('is what the definition says', () => {
    // Mean 4.5; the products of neighbors add up to 26.25 and the squares to 42.
    const rising = serialCorrelation([1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(rising?.value.toFixed(6), (26.25 / 42).toFixed(6));
    assert.equal(rising?.deviations.toFixed(6), ((26.25 / 42 + 1 / 8) / (6 / (8 * Math.sqrt(7)))).toFixed(6));
    const swinging = serialCorrelation([1, -1, 1, -1, 1, -1, 1, -1]);
    assert.equal(swinging?.value, -7 / 8);
    assert.equal(swinging?.inflation, 1);
  });

  it('is not told of seven values, nor of equal ones', () => {
    assert.equal(serialCorrelation([1, 2, 3, 4, 5, 6, 7]), null);
    assert.equal(serialCorrelation(Array.from({ length: 10 }, () => 3)), null);
  });

  it('is clear in at most about 5% of rows of independent values', () => {
    for (const length of [10, 13, 20, 26]) {
      const clear = rows(0, length).filter(isClear).length;
      assert.ok(clear / 2_000 < 0.065, `${clear} of 2,000 rows of ${length}`);
    }
  });

  it('is clear more often the more there is of it, and widens the error by about as much as it costs', () => {
    const share = (by: number, length: number) => rows(by, length).filter(isClear).length / 2_000;
    assert.ok(share(0.8, 10) > 0.3, `${share(0.8, 10)}`);
    assert.ok(share(0.8, 26) > 0.9, `${share(0.8, 26)}`);
    const inflations = rows(0.5, 26).map(found => found?.inflation ?? 1);
    const [median = 0] = inflations.toSorted((one, other) => one - other).slice(1_000);
    assert.ok(median > 2 && median < 4.5, `(1 + 0.5) / (1 − 0.5) is 3, and the median is ${median}`);
  });
});
