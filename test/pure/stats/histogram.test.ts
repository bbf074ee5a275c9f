import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { decoder } from '../../../src/analysis/decoder.ts';
import type { EncodedHistogram } from '../../../src/model/run/record.ts';
import { micros, millis, millisToMicros } from '../../../src/model/units.ts';
import { bucketOf, topOf } from '../../../src/stats/buckets.ts';
import { Histogram, longest, shortest } from '../../../src/stats/histogram.ts';
import { rankOf } from '../../../src/stats/order-statistic.ts';

const histogramOf = (...values: readonly number[]) => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(micros(value));
  return histogram;
};

describe('a histogram', () => {
  it('reads quantiles by nearest rank', () => {
    const histogram = histogramOf(...Array.from({ length: 100 }, (_, index) => index + 1));
    assert.equal(histogram.quantile(0.5), 50);
    assert.equal(histogram.quantile(0.95), 95);
    assert.equal(histogram.quantile(0.951), 96);
    assert.equal(histogram.valueAtRank(100), 100);
    assert.deepEqual([histogram.min, histogram.max, histogram.mean], [1, 100, 50.5]);
    assert.ok(
      Math.abs(histogram.standardDeviation - 28.866) < 0.001,
      `standardDeviation ${histogram.standardDeviation}`,
    );
  });

  it('is not fooled by rounding at whole ranks', () => {
    assert.equal(rankOf(0.07, 100), 7);
    assert.equal(rankOf(0.29, 100), 29);
    assert.equal(rankOf(0.999, 1_000_000), 999_000);
    assert.equal(rankOf(0.5, 1), 1);
  });

  it('holds one hour, and clamps what lies outside', () => {
    const histogram = histogramOf(3_600_000_000, 3_600_000_001, 1e12, -5, Number.NaN);
    assert.equal(histogram.count, 5);
    assert.ok(Math.abs(histogram.max / longest - 1) < 0.001, `max ${histogram.max}, longest ${longest}`);
    assert.equal(histogram.min, shortest);
  });

  it('takes times under a microsecond as one', () => {
    const histogram = histogramOf(0, 0.4, 0.6);
    assert.deepEqual([histogram.count, histogram.min, histogram.max], [3, 1, 1]);
  });

  it('equals another of the same values, in whatever order', () => {
    assert.equal(histogramOf(100, 200, 200).equals(histogramOf(200, 100, 200)), true);
    assert.equal(histogramOf(100, 200, 200).equals(histogramOf(100, 100, 200)), false);
    assert.equal(histogramOf(100, 200).equals(histogramOf(100, 200, 200)), false);
    assert.equal(histogramOf().equals(histogramOf()), true);
    assert.equal(histogramOf().equals(histogramOf(1)), false);
  });

  it('counts what lies above a time', () => {
    const histogram = histogramOf(100, 200, 200, 300);
    assert.equal(histogram.countAbove(micros(199)), 3);
    assert.equal(histogram.countAbove(micros(200)), 1);
    assert.equal(histogram.countAbove(micros(0)), 4);
    assert.equal(histogram.countAbove(micros(1e12)), 0);
  });

  it('lists its occupied buckets in rising order', () => {
    const { tops, counts } = histogramOf(300, 100, 300, 2_000_000).occupied();
    assert.deepEqual([...counts], [1, 2, 1]);
    assert.deepEqual([...tops.subarray(0, 2)], [100, 300]);
    assert.ok((tops[2] ?? 0) >= 2_000_000 && (tops[2] ?? 0) < 2_002_000, `tops ${tops[2]}`);
    assert.equal(new Histogram().occupied().tops.length, 0);
  });

  it('of no values reads 0 everywhere and survives encoding', () => {
    const empty = Histogram.decode(new Histogram().encode());
    assert.deepEqual([empty.count, empty.quantile(0.5), empty.min, empty.max, empty.mean], [0, 0, 0, 0, 0]);
    assert.equal(decoder().merged([]).count, 0);
  });

  it('refuses to decode what is no histogram of this kind', () => {
    const good = histogramOf(1, 10, 1_000).encode();
    for (const text of [
      '',
      'AAAA',
      'not base64!',
      good.slice(0, -8),
      `${good.slice(0, 20)}AAAA${good.slice(24)}`,
      // A sound histogram of 1 µs to 1 h, but with two significant digits.
      'HISTFAAAACF4nJNpmSzMwMDAxMDAwAilGaBshmuTlzDA+MJMAE93A3A=',
    ]) {
      assert.throws(() => Histogram.decode(text as EncodedHistogram), Error, text);
    }
  });

  it('survives encoding with counts of one byte and of five, side by side and far apart', () => {
    const tops = Float64Array.from(
      [1, 2, 3, 700, 1_800, 4_000_000, 3_600_000_000].map(value => topOf(bucketOf(value))),
    );
    const counts = Float64Array.from([1, 63, 64, 127, 128, 16_384, 2 ** 31 - 1]);
    const back = Histogram.decode(Histogram.of({ tops, counts }).encode());
    assert.deepEqual(back.occupied(), { tops, counts });
  });

  it('keeps a stall of seconds beside times of microseconds', () => {
    const histogram = histogramOf(...new Array<number>(990).fill(80), ...new Array<number>(10).fill(2e6));
    assert.equal(histogram.quantile(0.99), 80);
    assert.ok(
      Math.abs(histogram.quantile(0.991) / millisToMicros(millis(2_000)) - 1) < 0.001,
      `quantile(0.991) ${histogram.quantile(0.991)}, millisToMicros(millis(2_000)) ${millisToMicros(millis(2_000))}`,
    );
  });
});

describe('an encoded histogram that is not what it says', () => {
  /** What a header of version 2 says, and what follows it. */
  const encoded = (digits: number, highest: bigint, counts: Buffer) => {
    const head = Buffer.alloc(40);
    head.writeUInt32BE(0x1c849313, 0);
    head.writeUInt32BE(counts.length, 4);
    head.writeUInt32BE(digits, 12);
    head.writeBigUInt64BE(1n, 16);
    head.writeBigUInt64BE(highest, 24);
    head.writeDoubleBE(1, 32);
    const deflated = deflateSync(Buffer.concat([head, counts]));
    const front = Buffer.alloc(8);
    front.writeUInt32BE(0x1c849314, 0);
    front.writeUInt32BE(deflated.length, 4);
    return Buffer.concat([front, deflated]).toString('base64') as EncodedHistogram;
  };

  it('decodes where it is what it says', () => {
    assert.equal(Histogram.decode(encoded(3, 3_600_000_000n, Buffer.from([2]))).count, 1);
  });

  it('is refused where a small text expands to much', () => {
    const bomb = encoded(3, 3_600_000_000n, Buffer.alloc(20_000_000));
    assert.ok(bomb.length < 60_000, 'the text is short');
    assert.throws(() => Histogram.decode(bomb), RangeError);
  });

  it('is refused where it asks for more memory than one of these takes', () => {
    assert.throws(() => Histogram.decode(encoded(5, 3_600_000_000n, Buffer.from([2]))), RangeError);
    assert.throws(() => Histogram.decode(encoded(3, 2n ** 60n, Buffer.from([2]))), RangeError);
  });

  it('is refused where a count lies beyond an hour, ends early, or is larger than any', () => {
    const far = Buffer.from([0xff, 0xff, 0x7f, 2]);
    for (const counts of [far, Buffer.from([0x82]), Buffer.alloc(9, 0xfe)])
      assert.throws(
        () => Histogram.decode(encoded(3, 3_600_000_000n, counts)),
        RangeError,
        counts.toString('hex'),
      );
    assert.equal(Histogram.decode(encoded(3, 3_600_000_000n, Buffer.from([0xff, 0x7f]))).count, 0);
  });
});
