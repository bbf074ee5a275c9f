import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync, inflateSync } from 'node:zlib';
import { build, encodeIntoCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import { decoder } from '../../src/analysis/decoder.ts';
import type { EncodedHistogram } from '../../src/model/run/record.ts';
import { micros } from '../../src/model/units.ts';
import { Histogram, longest, significantDigits } from '../../src/stats/histogram.ts';
import { rankOf } from '../../src/stats/order-statistic.ts';
import fc, { cases } from '../seeded.ts';

const times = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: longest }),
    fc.integer({ min: 1, max: 5_000 }),
    fc.integer({ min: 0, max: 31 }).map(power => Math.min(longest, 2 ** power)),
  ),
  { minLength: 1, maxLength: 200 },
);

const histogramOf = (values: readonly number[]) => {
  const histogram = new Histogram();
  for (const value of values) histogram.record(micros(value));
  return histogram;
};

describe('any histogram', () => {
  it('reads every quantile within the promised digits of the recorded value, and never under it', () => {
    fc.assert(
      fc.property(times, fc.double({ min: 0.0001, max: 1, noNaN: true }), (values, q) => {
        const sorted = Float64Array.from(values).sort();
        const truth = sorted[rankOf(q, values.length) - 1] ?? 0;
        const read = histogramOf(values).quantile(q);
        assert.ok(read >= truth && read <= truth * (1 + 10 ** -significantDigits), `${read} for ${truth}`);
      }),
      cases(300),
    );
  });

  it('that was cleared is, byte for byte, a new one', () => {
    fc.assert(
      fc.property(times, times, (before, after) => {
        const histogram = histogramOf(before);
        histogram.clear();
        for (const value of after) histogram.record(micros(value));
        assert.equal(histogram.encode(), histogramOf(after).encode());
        assert.deepEqual([histogram.count, histogram.max], [after.length, histogramOf(after).max]);
      }),
      cases(100),
    );
  });

  it('merged of parts is, byte for byte, the one that recorded everything', () => {
    fc.assert(
      fc.property(fc.array(times, { maxLength: 4 }), parts => {
        const merged = decoder().merged(parts.map(part => histogramOf(part).encode()));
        const whole = histogramOf(parts.flat());
        assert.equal(merged.encode(), whole.encode());
        assert.equal(merged.count, whole.count);
        assert.equal(merged.max, whole.max);
        assert.equal(merged.min, whole.min);
        assert.equal(merged.mean, whole.mean);
      }),
      cases(100),
    );
  });

  it('comes back from its encoding unchanged', () => {
    fc.assert(
      fc.property(times, values => {
        const histogram = histogramOf(values);
        const back = Histogram.decode(histogram.encode());
        assert.equal(back.encode(), histogram.encode());
        assert.deepEqual(back.occupied(), histogram.occupied());
      }),
      cases(100),
    );
  });

  it('is read as the standard reads it, in any counts', () => {
    const counts = fc.array(
      fc.tuple(fc.integer({ min: 1, max: longest }), fc.integer({ min: 1, max: 2 ** 31 - 1 })),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(counts, pairs => {
        const standard = build({
          ...{ bitBucketSize: 64, autoResize: false, useWebAssembly: false },
          ...{ lowestDiscernibleValue: 1, highestTrackableValue: longest },
          numberOfSignificantValueDigits: significantDigits,
        }) as JsHistogram;
        const times = new Map(pairs.map(([value, count]) => [standard.lowestEquivalentValue(value), count]));
        for (const [value, count] of times) standard.recordValueWithCount(value, count);
        const read = Histogram.decode(encodeIntoCompressedBase64(standard) as EncodedHistogram);
        const { tops, counts } = read.occupied();
        const found = new Map(
          [...tops].map((top, index) => [standard.lowestEquivalentValue(top), counts[index]]),
        );
        assert.deepEqual(
          [...found],
          [...times].sort(([one], [other]) => one - other),
        );
      }),
      cases(50),
    );
  });

  it('that was damaged anywhere is refused, or is a histogram all the same', () => {
    const damage = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(times, damage, (values, [place, byte]) => {
        const whole = Buffer.from(histogramOf(values).encode(), 'base64');
        const expanded = inflateSync(whole.subarray(8));
        expanded[place % expanded.length] = byte;
        const compressed = deflateSync(expanded);
        const head = Buffer.from(whole.subarray(0, 8));
        head.writeUInt32BE(compressed.length, 4);
        const text = Buffer.concat([head, compressed]).toString('base64') as EncodedHistogram;
        try {
          const { counts } = Histogram.decode(text).occupied();
          assert.ok(
            counts.every(count => count > 0),
            counts.join(),
          );
        } catch (error) {
          assert.ok(error instanceof RangeError, String(error));
        }
      }),
      cases(200),
    );
  });

  it('comes back from its buckets unchanged', () => {
    fc.assert(
      fc.property(times, values => {
        const histogram = histogramOf(values);
        assert.ok(Histogram.of(histogram.occupied()).equals(histogram), values.join(', '));
      }),
      cases(100),
    );
  });

  it('accounts for every value in its buckets and above any time', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: longest }), (values, time) => {
        const histogram = histogramOf(values);
        const { tops, counts } = histogram.occupied();
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          values.length,
        );
        const clearlyAbove = values.filter(value => value > time * 1.001).length;
        const notBelow = values.filter(value => value > time).length;
        const above = histogram.countAbove(micros(time));
        assert.ok(above >= clearlyAbove && above <= notBelow, `${above}`);
        assert.ok(
          tops.every((top, index) => index === 0 || top > (tops[index - 1] ?? 0)),
          'the tops do not rise',
        );
      }),
      cases(100),
    );
  });
});
