import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type InstanceValues, labelDraws, labelTest } from '../../../src/stats/flips/label-permutations.ts';
import { hash } from '../../../src/stats/random.ts';
import { normal } from './simulation.ts';

const terms = { level: 0.004, tail: 0.05 };
const column = (values: readonly number[]): readonly InstanceValues[] => values.map(value => [value]);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Two groups of instances that differ by a shift, cells of one instance by a half of its own. */
function drawn(instances: number, cells: number, shift: number, seed: number) {
  const side = (which: number): readonly InstanceValues[] =>
    Array.from({ length: instances }, (_, instance) => {
      const common = normal(seed, 10 + which, instance);
      return Array.from(
        { length: cells },
        (_, cell) => common + normal(seed, 100 * (which + 1) + cell, instance) + which * shift,
      );
    });
  return { base: side(0), head: side(1) };
}

describe('labels of instances', () => {
  it('are drawn in all ways of up to seven a side, the real one first', () => {
    for (const [instances, count] of [
      [2, 6],
      [5, 252],
      [6, 924],
      [7, 3_432],
    ] as const) {
      const draws = labelDraws(instances, 1);
      const all = Array.from({ length: draws.count }, (_, draw) =>
        [...draws.heads(draw)].sort((a, b) => a - b).join(),
      );
      assert.equal(draws.count, count);
      assert.equal(new Set(all).size, count);
      assert.deepEqual(
        draws.heads(0),
        Array.from({ length: instances }, (_, head) => instances + head),
      );
    }
    const sampled = labelDraws(8, 1);
    assert.equal(sampled.count, 9_999);
    assert.deepEqual(sampled.heads(0), [8, 9, 10, 11, 12, 13, 14, 15]);
    for (let draw = 0; draw < 50; draw += 1) assert.equal(new Set(sampled.heads(draw)).size, 8);
  });

  it('establish a difference of five a side where all of one are above all of the other, and nowhere else', () => {
    const of = (base: readonly number[], head: readonly number[]) =>
      labelTest({ base: column(base), head: column(head) }, labelDraws(base.length, 1), terms)[0];
    const apart = of([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]);
    assert.equal(apart?.isEstablished, true);
    assert.equal(apart?.pValue, 1 / 252);
    assert.equal(apart?.estimate, 5);
    assert.equal(of([1, 2, 3, 4, 6], [5, 7, 8, 9, 10])?.isEstablished, false);
    assert.equal(of([6, 7, 8, 9, 10], [1, 2, 3, 4, 5])?.isEstablished, false);
    // A tie at the edge makes two ways equally great.
    assert.equal(of([1, 2, 3, 4, 6], [6, 7, 8, 9, 10])?.isEstablished, false);
    // The best of 70 ways is 1.4 %.
    assert.equal(of([1, 2, 3, 4], [6, 7, 8, 9])?.isEstablished, false);
    assert.equal(of([3, 3, 3, 3, 3], [3, 3, 3, 3, 3])?.isEstablished, false);
  });

  it('step down: what one cell established leaves the test of the others', () => {
    const base = [1, 2, 3, 4, 5].map(value => [value, value]);
    const head = [106, 107, 108, 109, 110].map(value => [value, value - 100]);
    const [first, second] = labelTest({ base, head }, labelDraws(5, 1), terms);
    assert.deepEqual([first?.isEstablished, second?.isEstablished], [true, true]);
  });

  it('tell nothing of a cell that some instance does not know', () => {
    const base = [1, 2, 3, 4, 5].map(value => [value, value === 3 ? null : value]);
    const head = [6, 7, 8, 9, 10].map(value => [value, value]);
    const [known, unknown] = labelTest({ base, head }, labelDraws(5, 1), terms);
    assert.equal(known?.isEstablished, true);
    assert.equal(unknown, null);
  });

  it('bound the shift by what their test does not reject: against a search by brute force', () => {
    const draws = labelDraws(5, 1);
    for (let seed = 0; seed < 12; seed += 1) {
      const { base, head } = drawn(5, 1, 0.5, seed);
      const values = [...base, ...head].map(([value]) => value as number);
      const isRejected = (shift: number) => {
        const moved = values.map((value, at) => (at < 5 ? value : value - shift));
        const difference = (heads: readonly number[]) =>
          meanOf(heads.map(at => moved[at] as number)) - meanOf(moved.filter((_, at) => !heads.includes(at)));
        const seen = difference(draws.heads(0));
        let atMost = 0;
        for (let draw = 0; draw < draws.count; draw += 1)
          if (difference(draws.heads(draw)) <= seen + 1e-12) atMost += 1;
        return atMost <= Math.floor(0.05 * draws.count + 1e-9);
      };
      const bound = labelTest({ base, head }, draws, terms)[0]?.upperBound ?? Number.NaN;
      assert.equal(isRejected(bound - 1e-6), false, `${bound - 1e-6} is rejected`);
      assert.equal(isRejected(bound + 1e-6), true, `${bound + 1e-6} is not rejected`);
    }
  });

  it('accuse equal builds no oftener than the level, whatever their cells have in common', () => {
    for (const instances of [5, 6]) {
      const draws = labelDraws(instances, 1);
      let accused = 0;
      for (let seed = 0; seed < 2_000; seed += 1) {
        const found = labelTest(drawn(instances, 4, 0, hash(5, instances, seed)), draws, terms);
        if (found.some(of => of?.isEstablished)) accused += 1;
      }
      // 8 are expected at most, with a standard deviation of 2.8.
      assert.ok(accused <= 19, `${accused} of 2,000 with ${instances} instances a side`);
    }
  });

  it('cover the shift as often as they say', () => {
    const draws = labelDraws(5, 1);
    let covered = 0;
    for (let seed = 0; seed < 1_000; seed += 1) {
      const bound = labelTest(drawn(5, 1, 0.7, hash(6, 1, seed)), draws, terms)[0]?.upperBound ?? 0;
      if (bound >= 0.7) covered += 1;
    }
    // 950 are expected, with a standard deviation of 7.
    assert.ok(covered >= 922, `${covered} of 1,000`);
  });
});
