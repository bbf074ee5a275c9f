import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatQuantity, parseQuantity, parseRange } from '../../../src/config/grammar/quantity.ts';
import {
  durationKind,
  percentage,
  type Quantity,
  rate,
  shortDuration,
  sizeKind,
} from '../../../src/config/grammar/quantity-kind.ts';
import { bytes, millis, perSecond, ratio } from '../../../src/model/units.ts';
import { lines, messageOf } from './workspace.ts';

describe('a quantity', () => {
  test('is read in its unit', () => {
    assert.equal(parseQuantity(durationKind, '500us'), 0.5);
    assert.equal(parseQuantity(durationKind, '100ms'), 100);
    assert.equal(parseQuantity(durationKind, '1.5s'), 1_500);
    assert.equal(parseQuantity(durationKind, '1.1h'), 3_960_000);
    assert.equal(parseQuantity(durationKind, '1m30s'), 90_000);
    assert.equal(parseQuantity(durationKind, '1h30m'), 5_400_000);
    assert.equal(parseQuantity(durationKind, '2m1.5s'), 121_500);
    assert.deepEqual(parseRange(durationKind, '1m30s..2m'), { from: 90_000, to: 120_000 });
    assert.equal(parseQuantity(rate, '1.5/s'), 1.5);
    assert.equal(parseQuantity(rate, '600/m'), 10);
    assert.equal(parseQuantity(percentage, '0.5%'), 0.005);
    assert.equal(parseQuantity(sizeKind, '30kB'), 30_000);
    assert.equal(parseQuantity(sizeKind, '64MiB'), 67_108_864);
    assert.deepEqual(parseRange(rate, '200/s..400/s'), { from: 200, to: 400 });
    assert.deepEqual(parseRange(durationKind, '1s'), { from: 1_000, to: 1_000 });
  });

  test('is written as a person would', () => {
    const durations = [0, 0.5, 100, 999.5, 1_000, 1_500, 90_000, 120_000, 3_600_000].map(millis);
    assert.deepEqual(
      durations.map(value => formatQuantity(durationKind, value)),
      ['0ms', '0.5ms', '100ms', '999.5ms', '1s', '1.5s', '90s', '2m', '1h'],
    );
    assert.equal(formatQuantity(rate, perSecond(0.5)), '0.5/s');
    assert.equal(formatQuantity(rate, parseQuantity(rate, '1/m')), '1/m');
    assert.equal(formatQuantity(percentage, ratio(0.005)), '0.5%');
    assert.equal(formatQuantity(sizeKind, bytes(67_108_864)), '64MiB');
  });

  const slips: readonly (readonly [Quantity<number>, string, string | undefined])[] = [
    [shortDuration, '100', '"100ms"'],
    [durationKind, '30', '"30s" or "30ms"'],
    [durationKind, '-5s', '"5s"'],
    [durationKind, '1,5s', '"1.5s"'],
    [durationKind, '1e3ms', '"1000ms"'],
    [durationKind, '.5s', '"0.5s"'],
    [durationKind, '10 seconds', '"10s"'],
    [durationKind, '10 min', '"10m"'],
    [durationKind, '10µs', '"10us"'],
    [durationKind, '100MS', '"100ms"'],
    [durationKind, '100/s', undefined],
    [durationKind, 'fast', undefined],
    [durationKind, '３０s', undefined],
    [durationKind, 'NaN', undefined],
    [durationKind, 'Infinity', undefined],
    [durationKind, '', undefined],
    [durationKind, '30s1m', '"1m30s"'],
    [durationKind, '1m30', '"1m30s"'],
    [durationKind, '1h30', '"1h30m"'],
    [durationKind, '1s500', '"1.5s"'],
    [durationKind, '1 hour 30 min', '"1h30m"'],
    [durationKind, '90m1h', '"2h30m"'],
    [durationKind, '5us3', undefined],
    [durationKind, '1m1m', undefined],
    [durationKind, '1.5m30s', '"2m"'],
    [rate, '100/s30/m', undefined],
    [rate, '1,000/s', '"1000/s"'],
    [rate, '1_000/s', '"1000/s"'],
    [rate, '10,000 rps', '"10000/s"'],
    [rate, '1,5/s', '"1.5/s"'],
    [rate, '200', '"200/s"'],
    [rate, '200rps', '"200/s"'],
    [rate, '200 req/s', '"200/s"'],
    [rate, '600/min', '"600/m"'],
    [rate, '100ms', undefined],
    [percentage, '1', '"1%"'],
    [percentage, '0.01', '"1%" or "0.01%"'],
    [percentage, '1 %', '"1%"'],
    [percentage, '1 percent', '"1%"'],
    [sizeKind, '30', '"30kB" or "30B"'],
    [sizeKind, '30KB', '"30kB"'],
    [sizeKind, '30 kb', '"30kB"'],
    [sizeKind, '1gb', '"1GB"'],
  ];
  for (const [kind, text, instead] of slips) {
    test(`is not ${JSON.stringify(text)} where ${kind.expected} is expected`, async () => {
      const advice = instead === undefined ? [] : [`  instead   ${instead}`];
      assert.equal(
        await messageOf(() => parseQuantity(kind, text)),
        lines(
          'invalid quantity [value.invalid-quantity]',
          `  found     ${JSON.stringify(text)}`,
          `  expected  ${kind.expected}`,
          ...advice,
        ),
      );
    });
  }

  test('has an end', async () => {
    for (const text of ['25h', '99999999999999h', `${'9'.repeat(400)}ms`]) {
      assert.match(await messageOf(() => parseQuantity(durationKind, text)), /expected {2}at most 24h/);
    }
    assert.match(await messageOf(() => parseQuantity(rate, '2000000/s')), /at most 1000000\/s/);
    assert.match(await messageOf(() => parseQuantity(percentage, '101%')), /at most 100%/);
  });
});

describe('a range', () => {
  const slips = [
    ['200..800ms', '200ms..800ms'],
    ['200ms-800ms', '200ms..800ms'],
    ['200ms - 800ms', '200ms..800ms'],
    ['200ms to 800ms', '200ms..800ms'],
    ['200ms .. 800ms', '200ms..800ms'],
    ['200ms...800ms', '200ms..800ms'],
    ['200ms..', undefined],
    ['..', undefined],
  ] as const;
  for (const [text, instead] of slips) {
    test(`is not written ${text}`, async () => {
      const advice = instead === undefined ? [] : [`  instead   "${instead}"`];
      assert.equal(
        await messageOf(() => parseRange(shortDuration, text)),
        lines(
          'invalid quantity [value.invalid-quantity]',
          `  found     "${text}"`,
          '  expected  a duration, such as 100ms or 1.5s; or a range of two, joined by two dots',
          ...advice,
        ),
      );
    });
  }
});
