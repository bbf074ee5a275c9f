import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { designEffect } from '../../../src/stats/intervals/design-effect.ts';
import { newcombe, wilson } from '../../../src/stats/intervals/share-difference.ts';
import { uniform } from '../../../src/stats/random.ts';
import { shareOf } from './simulation.ts';

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

describe("Wilson's interval", () => {
  it("gives the values of Newcombe's first paper of 1998 (score method)", () => {
    for (const [hits, trials, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilson({ hits, trials }, 0.95);
      assert.deepEqual([rounded(interval.low), rounded(interval.high)], [low, high], `${hits} of ${trials}`);
    }
  });

  it('of no trials knows nothing, and of hits alone reaches 1', () => {
    assert.deepEqual(wilson({ hits: 0, trials: 0 }, 0.95), { low: 0, high: 1 });
    assert.equal(wilson({ hits: 7, trials: 7 }, 0.95).high, 1);
  });

  it('of clustered trials is that of as many independent ones as they are worth', () => {
    const clustered = wilson({ hits: 40, trials: 400, designEffect: 4 }, 0.95);
    const { low, high } = wilson({ hits: 10, trials: 100 }, 0.95);
    assert.ok(
      Math.abs(clustered.low - low) < 1e-15 && Math.abs(clustered.high - high) < 1e-15,
      `clustered.low ${clustered.low}, low ${low}, clustered.high ${clustered.high}, high ${high}`,
    );
  });
});

describe("Newcombe's interval of a difference", () => {
  it('gives the values of his second paper of 1998 (method 10)', () => {
    for (const [head, of, base, to, low, high] of [
      [56, 70, 48, 80, 0.0524, 0.3339],
      [9, 10, 3, 10, 0.1705, 0.809],
      [6, 7, 2, 7, 0.0582, 0.8062],
      [5, 56, 0, 29, -0.0381, 0.1926],
      [0, 10, 0, 20, -0.1611, 0.2775],
      [0, 10, 0, 10, -0.2775, 0.2775],
      [10, 10, 0, 20, 0.6791, 1],
      [10, 10, 0, 10, 0.6075, 1],
    ] as const) {
      const interval = newcombe({ hits: base, trials: to }, { hits: head, trials: of }, 0.95);
      assert.deepEqual(
        [rounded(interval.low), rounded(interval.high)],
        [low, high],
        `${head}/${of} ${base}/${to}`,
      );
    }
  });

  it('covers the true difference about as often as it says, summed over every outcome', () => {
    for (const [baseShare, headShare, trials] of [
      [0.1, 0.15, 60],
      [0.02, 0.05, 100],
      [0.5, 0.5, 40],
    ] as const) {
      let covered = 0;
      for (let base = 0; base <= trials; base += 1) {
        for (let head = 0; head <= trials; head += 1) {
          const { low, high } = newcombe({ hits: base, trials }, { hits: head, trials }, 0.95);
          const holds = low <= headShare - baseShare && headShare - baseShare <= high;
          if (holds) covered += binomial(base, trials, baseShare) * binomial(head, trials, headShare);
        }
      }
      assert.ok(covered > 0.94 && covered < 0.975, `${baseShare} ${headShare}: ${covered}`);
    }
  });

  it('accuses clustered trials of one share about as seldom as it says, and far too often where n is not deflated', () => {
    const sideOf = (trial: number, stream: number) =>
      Array.from({ length: 30 }, (_, slice) => {
        const share = uniform(trial, stream, 100 * slice) < 0.2 ? 0.4 : 0.05;
        let hits = 0;
        for (let index = 1; index <= 50; index += 1)
          if (uniform(trial, stream, 100 * slice + index) < share) hits += 1;
        return { size: 50, hits };
      });
    const excludesNull = (trial: number, isDeflated: boolean) => {
      const observed = (stream: number) => {
        const slices = sideOf(trial, stream);
        const hits = slices.reduce((sum, slice) => sum + slice.hits, 0);
        return { hits, trials: 1_500, designEffect: isDeflated ? designEffect([slices]) : 1 };
      };
      const { low, high } = newcombe(observed(1), observed(2), 0.95);
      return low > 0 || high < 0;
    };
    const deflated = shareOf(1_000, trial => excludesNull(trial, true));
    assert.ok(deflated > 0.025 && deflated < 0.085, `${deflated}`);
    const share = shareOf(300, trial => excludesNull(trial, false));
    assert.ok(share > 0.3, `${share} of trials`);
  });

  it('of no trials knows nothing', () => {
    const { low, high, difference } = newcombe({ hits: 0, trials: 0 }, { hits: 0, trials: 0 }, 0.95);
    assert.deepEqual([low, high, difference], [-1, 1, Number.NaN]);
  });
});

function binomial(hits: number, trials: number, share: number): number {
  let log = 0;
  for (let index = 1; index <= hits; index += 1) log += Math.log((trials - hits + index) / index);
  return Math.exp(log + hits * Math.log(share) + (trials - hits) * Math.log(1 - share));
}
