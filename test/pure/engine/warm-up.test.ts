import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type PairTimes, patientPairs, warmthOf } from '../../../src/engine/slots/warm-up.ts';

const slot = (medianUs: number, count = 30) =>
  Array.from({ length: count }, (_, index) => medianUs + index - (count - 1) / 2);
/** Pairs whose medians are these, the same on both sides unless head's are given. */
const pairsOf = (base: readonly number[], head = base, count = 30): PairTimes[] =>
  base.map((medianUs, pair) => ({ base: slot(medianUs, count), head: slot(head[pair] ?? 0, count) }));
const steady = (pairs: number) => new Array<number>(pairs).fill(10_000);
/** Of slots of 250 ms. */
const at = (pairs: readonly PairTimes[]) => warmthOf(pairs, 250);
const fallen = [...steady(4), 9_300, 9_300, 9_300, 9_300];

describe('the warm-up', () => {
  it('is over where the later half of eight pairs is no more than 5 % faster than the earlier', () => {
    assert.equal(at(pairsOf(steady(8))), 'flat', 'steady');
    assert.equal(at(pairsOf([...steady(4), 9_600, 9_600, 9_600, 9_600])), 'flat', '4 % faster');
    assert.equal(at(pairsOf([...steady(4), 20_000, 20_000, 20_000, 20_000])), 'flat', 'slower');
    assert.equal(at(pairsOf(fallen)), 'moving', '7 % faster');
  });

  it('looks at the last pairs alone', () => {
    assert.equal(at(pairsOf([90_000, 80_000, 30_000, ...steady(8)])), 'flat', 'steady by now');
    assert.equal(at(pairsOf([...steady(20), ...fallen])), 'moving', 'falling by now');
  });

  it('waits for both sides', () => {
    assert.equal(at(pairsOf(steady(8), fallen)), 'moving', 'head still falls');
    assert.equal(at(pairsOf(fallen, steady(8))), 'moving', 'base still falls');
  });

  it('wants eight pairs and a hundred responses a half of each side, from more pairs where there are few', () => {
    assert.equal(at(pairsOf(steady(7))), 'tooFew', 'seven pairs');
    assert.equal(at(pairsOf(steady(8), steady(8), 25)), 'flat', 'a hundred');
    assert.equal(at(pairsOf(steady(8), steady(8), 24)), 'tooFew', 'ninety-six');
    assert.equal(at(pairsOf(steady(10), steady(10), 24)), 'flat', 'a hundred and twenty of ten pairs');
    const lopsided = pairsOf(steady(8)).map(({ base }) => ({ base, head: base.slice(0, 5) }));
    assert.equal(at(lopsided), 'tooFew', 'few of one side');
  });

  it('is not over where nothing was answered', () => {
    assert.equal(at([]), 'tooFew', 'nothing yet');
    assert.equal(
      at(pairsOf(steady(40)).map(({ base }) => ({ base, head: [] }))),
      'tooFew',
      'one side is dead',
    );
  });

  it('looks at fewer pairs of long slots, and at no fewer answers', () => {
    const slots = (slotMs: number, pairs: number, count = 100) =>
      warmthOf(pairsOf(steady(pairs), steady(pairs), count), slotMs);
    assert.deepEqual([slots(500, 3), slots(500, 4)], ['tooFew', 'flat']);
    assert.deepEqual([slots(10_000, 1), slots(10_000, 2)], ['tooFew', 'flat']);
    assert.deepEqual([slots(10_000, 2, 99), slots(10_000, 4, 99)], ['tooFew', 'flat']);
    assert.deepEqual([slots(20, 7), slots(20, 8)], ['tooFew', 'flat']);
  });

  it('waits for too few answers three times as long as the least, or as what is looked at', () => {
    assert.equal(patientPairs(8, 250), 24);
    assert.equal(patientPairs(1, 250), 24);
    assert.equal(patientPairs(40, 50), 120);
    assert.equal(patientPairs(2, 1_000), 6);
  });

  it('does not care which side is which', () => {
    const times = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 0, maxLength: 60 });
    const pairs = fc.array(fc.record({ base: times, head: times }), { maxLength: 24 });
    fc.assert(
      fc.property(pairs, drawn => {
        const swapped = drawn.map(({ base, head }) => ({ base: head, head: base }));
        assert.equal(at(drawn), at(swapped));
      }),
    );
  });
});
