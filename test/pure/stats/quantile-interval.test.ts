import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bisect } from '../../../src/stats/intervals/beta.ts';
import { clustering } from '../../../src/stats/intervals/design-effect.ts';
import {
  effectiveSamplesForUpperBound,
  quantileRanks,
} from '../../../src/stats/intervals/quantile-interval.ts';
import { rankOf } from '../../../src/stats/order-statistic.ts';
import { uniform } from '../../../src/stats/random.ts';
import { normal, shareOf } from './simulation.ts';

describe('the order-statistic interval of a quantile', () => {
  it('has the exact binomial ranks (SciPy 1.17, binom.cdf) of independent values', () => {
    for (const [q, n, low, high] of [
      [0.5, 100, 40, 61],
      [0.95, 1_000, 936, 964],
      [0.99, 368, 360, 368],
      [0.95, 72, 64, 72],
      [0.99, 10_000, 9_880, 9_920],
    ] as const) {
      assert.deepEqual(quantileRanks(q, n, 1, 0.95), { low, high }, `${q} of ${n}`);
    }
  });

  it('has no upper bound below ln(α/2)/ln(q) effective samples, and one from there on', () => {
    assert.equal(Math.ceil(effectiveSamplesForUpperBound(0.95, 0.95)), 72);
    assert.equal(Math.ceil(effectiveSamplesForUpperBound(0.99, 0.95)), 368);
    assert.equal(quantileRanks(0.99, 367, 1, 0.95).high, null);
    assert.equal(quantileRanks(0.99, 368, 1, 0.95).high, 368);
    assert.equal(quantileRanks(0.99, 3_680, 10, 0.95).high, 3_680);
    assert.equal(quantileRanks(0.99, 3_660, 10, 0.95).high, null);
  });

  it('has no lower bound of very few values', () => {
    assert.deepEqual(quantileRanks(0.5, 4, 1, 0.95), { low: null, high: null });
    assert.deepEqual(quantileRanks(0.5, 0, 1, 0.95), { low: null, high: null });
  });

  it('widens with the design effect', () => {
    const independent = quantileRanks(0.95, 10_000, 1, 0.95);
    const clustered = quantileRanks(0.95, 10_000, 4, 0.95);
    const width = ({ low, high }: typeof independent) => (high ?? 0) - (low ?? 0);
    assert.ok(
      Math.abs(width(clustered) / width(independent) - 2) < 0.1,
      `width(clustered) ${width(clustered)}, width(independent) ${width(independent)}`,
    );
  });

  it('covers the true quantile of independent values as often as it says', () => {
    for (const [q, n] of [
      [0.5, 50],
      [0.95, 200],
      [0.99, 600],
    ] as const) {
      const { low, high } = quantileRanks(q, n, 1, 0.95);
      assert.ok(low !== null && high !== null, `low ${low}, high ${high}`);
      const covered = shareOf(2_000, trial => {
        const values = Float64Array.from({ length: n }, (_, index) => uniform(trial, 2, index)).sort();
        return (values[low - 1] ?? 1) <= q && q <= (values[high - 1] ?? 0);
      });
      assert.ok(covered >= 0.94 && covered < 0.985, `${q} of ${n}: ${covered}`);
    }
  });

  it('covers it for clustered values too, by their design effect, where plain ranks fail', () => {
    const [slices, perSlice, q] = [60, 50, 0.95];
    const count = slices * perSlice;
    const trials = 400;
    const between = 0.8;
    const truth = 1.6448536269514722 * Math.hypot(1, between);
    const coverage = (effect: (values: Float64Array, at: number) => number) =>
      shareOf(trials, trial => {
        const values = Float64Array.from(
          { length: count },
          (_, index) => normal(trial, 3, index) + between * normal(trial, 4, Math.floor(index / perSlice)),
        );
        const sorted = values.slice().sort();
        const { low, high } = quantileRanks(
          q,
          count,
          effect(values, sorted[rankOf(q, count) - 1] ?? 0),
          0.95,
        );
        assert.ok(low !== null && high !== null, `low ${low}, high ${high}`);
        return (sorted[low - 1] ?? 0) <= truth && truth <= (sorted[high - 1] ?? 0);
      });
    const deflated = coverage(
      (values, at) =>
        clustering([
          Array.from({ length: slices }, (_, slice) => ({
            size: perSlice,
            hits: values.subarray(slice * perSlice, (slice + 1) * perSlice).filter(value => value > at)
              .length,
          })),
        ]).forQuantile,
    );
    assert.ok(deflated >= 0.92, `with the design effect ${deflated}`);
    const plain = coverage(() => 1);
    assert.ok(plain < 0.75, `without it ${plain}`);
  });

  for (const { what, levels, floor } of [
    { what: 'independent times', levels: [1], floor: 0.94 },
    { what: 'times that cluster within its slices', levels: [0.5, 1.5], floor: 0.92 },
  ]) {
    it(`covers the true p95 of stages that differ, of ${what}, and is no wider for their difference`, () => {
      const [slices, perSlice, q, trials] = [20, 50, 0.95, 300];
      const [means, stage] = [[10, 20, 80], slices * perSlice];
      const count = means.length * stage;
      const above = (time: number) =>
        means.reduce(
          (sum, mean) =>
            sum + levels.reduce((part, level) => part + Math.exp(-time / (mean * level)) / levels.length, 0),
          0,
        ) / means.length;
      const truth = bisect(time => above(time) > 1 - q, 0, 10_000);
      let [effect, naive] = [0, 0];
      const covered = shareOf(trials, trial => {
        const values = Float64Array.from({ length: count }, (_, index) => {
          const level = levels[Math.floor(uniform(trial, 5, Math.floor(index / perSlice)) * levels.length)];
          const mean = means[Math.floor(index / stage)] ?? 0;
          return -Math.log(1 - uniform(trial, 6, index)) * mean * (level ?? 1);
        });
        const sorted = values.slice().sort();
        const at = sorted[rankOf(q, count) - 1] ?? 0;
        const stages = means.map((_, number) =>
          Array.from({ length: slices }, (_, slice) => {
            const from = number * stage + slice * perSlice;
            const hits = values.subarray(from, from + perSlice).filter(value => value > at).length;
            return { size: perSlice, hits };
          }),
        );
        effect += clustering(stages).designEffect / trials;
        naive += clustering([stages.flat()]).designEffect / trials;
        const { low, high } = quantileRanks(q, count, clustering(stages).forQuantile, 0.95);
        assert.ok(low !== null && high !== null, `low ${low}, high ${high}`);
        return (sorted[low - 1] ?? 0) <= truth && truth <= (sorted[high - 1] ?? 0);
      });
      assert.ok(covered >= floor, `${covered} with ${effect}`);
      assert.ok(naive > 3 * effect, `${effect}, taken for one stage ${naive}`);
    });
  }
});
