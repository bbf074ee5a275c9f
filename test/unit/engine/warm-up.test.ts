import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFlat, type PairTimes } from '../../../src/engine/warm-up.ts';

const slot = (medianUs: number, count = 30) =>
  Array.from({ length: count }, (_, index) => medianUs + index - (count - 1) / 2);
/** Pairs whose medians are these, the same on both sides unless head's are given. */
const pairsOf = (base: readonly number[], head = base, count = 30): PairTimes[] =>
  base.map((medianUs, pair) => ({ base: slot(medianUs, count), head: slot(head[pair] ?? 0, count) }));
const steady = (pairs: number) => new Array<number>(pairs).fill(10_000);
const fallen = [...steady(4), 9_300, 9_300, 9_300, 9_300];

describe('the warm-up', () => {
  it('is over where the later half of eight pairs is no more than 5 % faster than the earlier', () => {
    assert.ok(isFlat(pairsOf(steady(8))), 'steady');
    assert.ok(isFlat(pairsOf([...steady(4), 9_600, 9_600, 9_600, 9_600])), '4 % faster');
    assert.ok(isFlat(pairsOf([...steady(4), 20_000, 20_000, 20_000, 20_000])), 'slower');
    assert.ok(!isFlat(pairsOf(fallen)), '7 % faster');
  });

  it('looks at the last pairs alone', () => {
    assert.ok(isFlat(pairsOf([90_000, 80_000, 30_000, ...steady(8)])), 'steady by now');
    assert.ok(!isFlat(pairsOf([...steady(20), ...fallen])), 'falling by now');
  });

  it('waits for both sides', () => {
    assert.ok(!isFlat(pairsOf(steady(8), fallen)), 'head still falls');
    assert.ok(!isFlat(pairsOf(fallen, steady(8))), 'base still falls');
  });

  it('wants eight pairs and a hundred responses a half of each side, from more pairs where there are few', () => {
    assert.ok(!isFlat(pairsOf(steady(7))), 'seven pairs');
    assert.ok(isFlat(pairsOf(steady(8), steady(8), 25)), 'a hundred');
    assert.ok(!isFlat(pairsOf(steady(8), steady(8), 24)), 'ninety-six');
    assert.ok(isFlat(pairsOf(steady(10), steady(10), 24)), 'a hundred and twenty of ten pairs');
    const lopsided = pairsOf(steady(8)).map(({ base }) => ({ base, head: base.slice(0, 5) }));
    assert.ok(!isFlat(lopsided), 'few of one side');
  });

  it('is not over where nothing was answered', () => {
    assert.ok(!isFlat([]), 'nothing yet');
    assert.ok(!isFlat(pairsOf(steady(40)).map(({ base }) => ({ base, head: [] }))), 'one side is dead');
  });

  it('does not care which side is which', () => {
    const times = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 0, maxLength: 60 });
    const pairs = fc.array(fc.record({ base: times, head: times }), { maxLength: 24 });
    fc.assert(
      fc.property(pairs, drawn => {
        const swapped = drawn.map(({ base, head }) => ({ base: head, head: base }));
        assert.equal(isFlat(drawn), isFlat(swapped));
      }),
    );
  });
});
