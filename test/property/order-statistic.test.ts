import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { greatest } from '../../src/stats/order-statistic.ts';

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
      { numRuns: 1_000 },
    );
  });

  it('is infinite outside the numbers there are', () => {
    assert.equal(greatest(Float64Array.of(1, 2), 0), Number.POSITIVE_INFINITY);
    assert.equal(greatest(Float64Array.of(1, 2), 3), Number.NEGATIVE_INFINITY);
  });
});
