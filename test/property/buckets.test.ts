import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { build, type JsHistogram } from 'hdr-histogram-js';
import { bottomOf, bucketCount, bucketOf, middleOf, topOf } from '../../src/stats/buckets.ts';
import fc, { cases } from '../seeded.ts';

describe('the buckets', () => {
  const reference = build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  }) as JsHistogram;

  it('are those of hdr-histogram-js', () => {
    assert.equal(bucketCount, reference.countsArrayLength);
    const values = fc.oneof(
      fc.integer({ min: 0, max: 3_600_000_000 }),
      fc.integer({ min: 0, max: 31 }).map(power => Math.min(2 ** power, 3_600_000_000)),
      fc.integer({ min: 1, max: 31 }).map(power => Math.min(2 ** power - 1, 3_600_000_000)),
      fc.integer({ min: 0, max: 5_000 }),
    );
    fc.assert(
      fc.property(values, value => {
        const bucket = bucketOf(value);
        assert.equal(bucket, reference.countsArrayIndex(value));
        assert.equal(bottomOf(bucket), reference.lowestEquivalentValue(value));
        assert.equal(topOf(bucket), reference.highestEquivalentValue(value));
        assert.equal(middleOf(bucket), reference.medianEquivalentValue(value));
      }),
      cases(20_000),
    );
  });
});
