import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  counted,
  duration,
  number,
  observation,
  percent,
  range,
  size,
  span,
} from '../../../src/words/quantity-text.ts';

const table = (show: (value: number) => string, cases: readonly (readonly [number, string])[]) => {
  for (const [value, text] of cases) assert.equal(show(value), text);
};

describe('a quantity', () => {
  test('has three significant digits and thousands separators, and keeps every integer digit', () => {
    table(number, [
      [0, '0'],
      [1_234_567, '1,234,567'],
      [1_234.56, '1,235'],
      [199.83, '200'],
      [12.345, '12.3'],
      [0.012345, '0.0123'],
    ]);
  });
  test('of time is in the unit that reads best, and what rounds up to the next unit is in that', () => {
    table(duration, [
      [0, '0 ms'],
      [0.0042, '4.2 µs'],
      [0.85, '850 µs'],
      [0.9996, '1 ms'],
      [12.345, '12.3 ms'],
      [999.4, '999 ms'],
      [999.6, '1 s'],
      [10_000, '10 s'],
      [75_250, '75.3 s'],
      [3_600_000, '3,600 s'],
    ]);
  });
  test('of a long stretch is said as a person says it', () => {
    table(span, [
      [0, '0 s'],
      [12_340, '12.3 s'],
      [59_600, '1 min'],
      [90_000, '1 min 30 s'],
      [3_600_000, '1 h'],
      [7_500_000, '2 h 5 min'],
    ]);
  });
  test('of a share is a percentage', () => {
    table(percent, [
      [0, '0%'],
      [0.01, '1%'],
      [0.0025, '0.25%'],
      [1, '100%'],
      [0.0000004, '0.00004%'],
    ]);
  });
  test('of bytes is in decimal units', () => {
    table(size, [
      [0, '0 B'],
      [999, '999 B'],
      [30_000, '30 kB'],
      [4_361_000, '4.36 MB'],
    ]);
  });
  test('counts one thing in the singular', () => {
    assert.equal(counted(1, 'request'), '1 request');
    assert.equal(counted(1_200, 'request'), '1,200 requests');
  });
});

describe('an observation', () => {
  test('says that it is a lower bound', () => {
    assert.equal(observation({ value: 10_000, atLeast: true }, 'ms'), '≥ 10 s');
  });
  test('gets as many digits as it takes to tell it from its limit', () => {
    assert.equal(observation({ value: 100.4, atLeast: false }, 'ms', 100), '100.4 ms');
    assert.equal(observation({ value: 0.010001, atLeast: false }, 'ratio', 0.01), '1.0001%');
    assert.equal(observation({ value: 379.9, atLeast: false }, 'perSecond', 380), '379.9/s');
    assert.equal(observation({ value: 100, atLeast: false }, 'ms', 100), '100 ms');
  });
  test('past its limit by one part in a million never reads like the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), limit => {
        const over = { value: limit * (1 + 1e-6), atLeast: false };
        assert.notEqual(observation(over, 'ms', limit), observation({ value: limit, atLeast: false }, 'ms'));
      }),
    );
  });
});

describe('an interval', () => {
  const of = (low: number | null, high: number | null) => range({ low, high, confidence: 0.95 }, 'ms');
  test('says its unit once where both ends share it', () => {
    assert.equal(of(126, 139), '126–139 ms');
    assert.equal(of(980, 1_020), '980 ms – 1.02 s');
    assert.equal(range({ low: 0.01, high: 0.02, confidence: 0.95 }, 'ratio'), '1–2%');
    assert.equal(range({ low: 118, high: 121.4, confidence: 0.95 }, 'perSecond'), '118–121/s');
  });
  test('is open on the side that has too few samples', () => {
    assert.equal(of(126, null), '≥ 126 ms');
    assert.equal(of(null, 139), '≤ 139 ms');
    assert.equal(of(null, null), '–');
    assert.equal(range(null, 'ms'), '–');
  });
});
