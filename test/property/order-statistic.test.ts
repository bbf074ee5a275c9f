import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { geometricMeanBetween, greatest, rankOf } from '../../src/stats/order-statistic.ts';
import fc, { cases } from '../seeded.ts';

describe('the k-th greatest', () => {
  it('is the k-th from the end of the sorted numbers, ties and infinities among them', () => {
    const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), fc.nat(), (numbers, drawn) => {
        const k = 1 + (drawn % numbers.length);
        const sorted = numbers.toSorted((a, b) => b - a);
        assert.ok(
          greatest(Float64Array.from(numbers), k) === sorted[k - 1],
          `rank ${k} of ${numbers.length}`,
        );
      }),
      cases(1_000),
    );
  });

  it('is infinite outside the numbers there are', () => {
    assert.equal(greatest(Float64Array.of(1, 2), 0), Number.POSITIVE_INFINITY);
    assert.equal(greatest(Float64Array.of(1, 2), 3), Number.NEGATIVE_INFINITY);
  });
});

describe('the geometric mean between two quantiles', () => {
  const times = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 400 });
  const sorted = (values: readonly number[]) => Float64Array.from(values).sort();

  it('lies between them, and is scaled as the times are', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 2, max: 50 }), (values, factor) => {
        const of = sorted(values);
        const mean = geometricMeanBetween(of, 0.9, 0.98);
        const [after, last] = [rankOf(0.9, of.length), rankOf(0.98, of.length)];
        assert.equal(mean === null, last <= after, `${mean} of ${of.length}`);
        if (mean === null) return;
        const [low, high] = [of[after] as number, of[last - 1] as number];
        assert.ok(mean >= low * (1 - 1e-9) && mean <= high * (1 + 1e-9), `${low}, ${mean}, ${high}`);
        const scaled =
          geometricMeanBetween(
            of.map(time => factor * time),
            0.9,
            0.98,
          ) ?? 0;
        assert.ok(Math.abs(scaled / mean / factor - 1) < 1e-9, `${scaled} of ${mean}`);
      }),
      cases(300),
    );
  });

  it('is of the ranks after the first quantile up to the second: by hand', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    const logs = [91, 92, 93, 94, 95, 96, 97, 98].map(Math.log);
    const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / 8);
    assert.ok(Math.abs((geometricMeanBetween(hundred, 0.9, 0.98) ?? 0) - mean) < 1e-9, `${mean}`);
    assert.equal(geometricMeanBetween(new Float64Array(), 0.9, 0.98), null);
  });
});
