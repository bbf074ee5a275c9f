import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evennessOf } from '../../../bench/arrivals.ts';

describe('evenness', () => {
  const even = Array.from({ length: 1_000 }, (_, index) => 7_000 + index * 5);

  it('is one share in each window where arrivals follow their schedule', () => {
    const { perSecond, busiest10Ms, behindMs } = evennessOf(even, 200);
    assert.deepEqual([perSecond, busiest10Ms, behindMs.p99], [200, 1, 0]);
  });
  it('finds a burst at the start of each second', () => {
    const bursts = even.map((_, index) => Math.floor(index / 200) * 1_000);
    const { busiest10Ms, behindMs } = evennessOf(bursts, 200);
    assert.equal(busiest10Ms, 100);
    // The schedule starts when the last of a burst was due: the first of it is latest, by all but a second.
    assert.equal(Math.round(behindMs.p50), 498);
  });
  it('counts a late arrival against its own moment alone', () => {
    const late = even.with(500, (even[500] ?? 0) + 4);
    assert.deepEqual(evennessOf(late, 200).behindMs, { p50: 0, p99: 0 });
    assert.equal(evennessOf(late, 200).busiest10Ms, 1.5);
  });
  it('shows a rate that is not reached', () => {
    const slow = even.map((_, index) => index * 6);
    const { perSecond, behindMs } = evennessOf(slow, 200);
    assert.ok(Math.abs(perSecond - 1_000 / 6) < 1e-9, `perSecond ${perSecond}`);
    assert.ok(behindMs.p99 > 980, `p99 ${behindMs.p99}`);
  });
});
