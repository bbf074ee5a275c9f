import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { micros } from '../../../src/model/units.ts';
import { bottomOf, bucketOf, topOf } from '../../../src/stats/buckets.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import {
  logRatioBootstrap,
  quantileBootstrap,
  type SliceTimes,
} from '../../../src/stats/intervals/slice-bootstrap.ts';
import { normal, shareOf } from './simulation.ts';

const resampling = { confidence: 0.95, seed: 7 };

/** Slices of lognormal times about 10 ms, each with a level of its own that remembers the one before. */
function run(
  trial: number,
  stream: number,
  { slices = 60, requests = 40, spread = 0.1, memory = 0, scale = 1 } = {},
) {
  let level = normal(trial, stream, 0);
  return Array.from({ length: slices }, (_, slice): SliceTimes => {
    level = memory * level + Math.sqrt(1 - memory ** 2) * normal(trial, stream, slice + 1);
    const counts = new Map<number, number>();
    for (let request = 0; request < requests; request += 1) {
      const noise = normal(trial, stream + 100, slice * requests + request);
      const bucket = bucketOf(Math.round(10_000 * scale * Math.exp(spread * level + 0.3 * noise)));
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    const buckets = [...counts.keys()].sort((a, b) => a - b);
    return {
      tops: Float64Array.from(buckets, topOf),
      counts: Float64Array.from(buckets, bucket => counts.get(bucket) ?? 0),
    };
  });
}

describe('the bootstrap of a quantile over slices', () => {
  it('estimates the very quantile of the merged histogram', () => {
    const slices = run(1, 1);
    const merged = new Histogram();
    for (const { tops, counts } of slices) {
      tops.forEach((top, index) => {
        for (let count = 0; count < (counts[index] ?? 0); count += 1)
          merged.record(micros(bottomOf(bucketOf(top))));
      });
    }
    for (const q of [0.5, 0.9, 0.95, 0.99]) {
      assert.equal(quantileBootstrap([slices], q, resampling)?.estimate, Math.log(merged.quantile(q)));
    }
  });

  it('holds its estimate, widens with the confidence, and comes out the same every time', () => {
    const slices = run(2, 1, { memory: 0.5 });
    const narrow = quantileBootstrap([slices], 0.95, { ...resampling, confidence: 0.8 });
    const wide = quantileBootstrap([slices], 0.95, resampling);
    assert.ok(narrow && wide, 'both have an interval');
    assert.ok(
      wide.low < narrow.low && narrow.low < narrow.estimate,
      `wide.low ${wide.low}, narrow.low ${narrow.low}, estimate ${narrow.estimate}`,
    );
    assert.ok(
      narrow.estimate < narrow.high && narrow.high < wide.high,
      `estimate ${narrow.estimate}, narrow.high ${narrow.high}, wide.high ${wide.high}`,
    );
    assert.deepEqual(quantileBootstrap([slices], 0.95, resampling), wide);
    assert.notDeepEqual(quantileBootstrap([slices], 0.95, { ...resampling, seed: 8 }), wide);
  });

  it('is of no width where every slice is alike', () => {
    const slice = { tops: Float64Array.of(100, 200, 300), counts: Float64Array.of(10, 8, 2) };
    const interval = quantileBootstrap([Array(12).fill(slice)], 0.5, resampling);
    assert.deepEqual(interval, { estimate: Math.log(100), low: Math.log(100), high: Math.log(100) });
  });

  it('takes stages that differ for what was asked for, not for spread', () => {
    const quiet = run(3, 1, { slices: 30, spread: 0.02 });
    const busy = run(3, 2, { slices: 30, spread: 0.02, scale: 2 });
    const apart = quantileBootstrap([quiet, busy], 0.5, resampling);
    const mixed = quantileBootstrap([[...quiet, ...busy]], 0.5, resampling);
    assert.ok(apart && mixed, 'both have an interval');
    assert.ok(
      apart.high - apart.low < 0.6 * (mixed.high - mixed.low),
      `apart.high ${apart.high}, apart.low ${apart.low}, mixed.high ${mixed.high}, mixed.low ${mixed.low}`,
    );
  });

  it('tells nothing of fewer than ten slices that hold anything, or five times above', () => {
    assert.equal(quantileBootstrap([run(4, 1, { slices: 9 })], 0.5, resampling), null);
    const empty = { tops: new Float64Array(), counts: new Float64Array() };
    assert.equal(
      quantileBootstrap([[...run(4, 1, { slices: 9 }), ...Array(9).fill(empty)]], 0.5, resampling),
      null,
    );
    assert.equal(quantileBootstrap([run(4, 1, { slices: 12, requests: 8 })], 0.95, resampling), null);
    assert.notEqual(quantileBootstrap([run(4, 1, { slices: 13, requests: 8 })], 0.95, resampling), null);
    assert.equal(logRatioBootstrap([run(4, 1)], [], 0.5, resampling), null);
    assert.equal(quantileBootstrap([], 0.5, resampling), null);
  });

  it('covers a true log ratio no less often than it says, of as few slices as there may be', () => {
    const covered = shareOf(150, trial => {
      const [base, head] = [1, 2].map(stream => run(trial, stream, { slices: 10, requests: 20 }));
      const interval = logRatioBootstrap([base ?? []], [head ?? []], 0.95, { confidence: 0.95, seed: trial });
      return interval !== null && interval.low <= 0 && 0 <= interval.high;
    });
    assert.ok(covered >= 0.93, `${covered}`);
  });

  it('covers a true log ratio as often as it says, of slices that remember one another too', () => {
    for (const [memory, q, least] of [
      [0, 0.95, 0.92],
      [0.5, 0.5, 0.88],
    ] as const) {
      const covered = shareOf(300, trial => {
        const interval = logRatioBootstrap(
          [run(trial, 1, { memory, requests: 20 })],
          [run(trial, 2, { memory, requests: 20, scale: 1.1 })],
          q,
          { confidence: 0.95, seed: trial, resamples: 399 },
        );
        return interval !== null && interval.low <= Math.log(1.1) && Math.log(1.1) <= interval.high;
      });
      assert.ok(covered >= least && covered <= 0.985, `memory ${memory}, q ${q}: ${covered}`);
    }
  });
});
