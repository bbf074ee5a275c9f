import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ratioEstimate, studentQuantile } from '../../../src/stats/intervals/mean-interval.ts';
import { uniform } from '../../../src/stats/random.ts';
import { isClose, normal, shareOf } from './simulation.ts';

describe("the quantiles of Student's t", () => {
  it('agree with SciPy 1.17 (t.ppf)', () => {
    for (const [p, degrees, expected] of [
      [0.975, 1, 12.706204736174694],
      [0.975, 2, 4.302652729749462],
      [0.975, 9, 2.262157162798205],
      [0.975, 119, 1.9800998764569397],
      [0.9, 4, 1.533206274058944],
    ] as const) {
      assert.ok(isClose(studentQuantile(p, degrees), expected, 1e-9), `${p}, ${degrees}`);
      assert.ok(
        isClose(studentQuantile(1 - p, degrees), -expected, 1e-9),
        `studentQuantile(1 - p, degrees) ${studentQuantile(1 - p, degrees)}`,
      );
    }
  });
});

describe('the interval of a ratio', () => {
  it('of equal slices is the t interval of their means', () => {
    // Means 1 to 5: 3 ± 2.776445 · √2.5 / √5.
    const estimate = ratioEstimate([[1, 2, 3, 4, 5].map(mean => ({ sum: mean * 10, over: 10 }))], 0.95);
    assert.equal(estimate?.ratio, 3);
    assert.ok(isClose(estimate?.low ?? null, 3 - 1.963243, 1e-6), `estimate.low ${estimate?.low}`);
    assert.ok(isClose(estimate?.high ?? null, 3 + 1.963243, 1e-6), `estimate.high ${estimate?.high}`);
  });

  it('has no bounds of one slice, and is nothing of none', () => {
    assert.deepEqual(ratioEstimate([[{ sum: 6, over: 2 }]], 0.95), {
      ratio: 3,
      low: null,
      high: null,
      standardError: null,
      degreesOfFreedom: 0,
    });
    assert.equal(ratioEstimate([[{ sum: 0, over: 0 }]], 0.95), null);
  });

  it('never reaches below 0', () => {
    assert.equal(
      ratioEstimate(
        [
          [
            { sum: 0, over: 1 },
            { sum: 9, over: 1 },
          ],
        ],
        0.95,
      )?.low,
      0,
    );
  });

  it('covers a true mean as often as it says, of clustered times in slices of unequal size too', () => {
    const truth = Math.exp(0.5 * (0.5 ** 2 + 0.3 ** 2));
    const covered = shareOf(800, trial => {
      const slices = Array.from({ length: 30 }, (_, slice) => {
        const over = 30 + Math.floor(uniform(trial, 1, slice) * 40);
        const level = 0.3 * normal(trial, 2, slice);
        let sum = 0;
        for (let index = 0; index < over; index += 1) {
          sum += Math.exp(level + 0.5 * normal(trial, 3, slice * 100 + index));
        }
        return { sum, over };
      });
      const estimate = ratioEstimate([slices], 0.95);
      return (estimate?.low ?? truth + 1) <= truth && truth <= (estimate?.high ?? 0);
    });
    assert.ok(covered >= 0.92 && covered <= 0.975, `${covered}`);
  });

  it('is no wider for stages that differ, and still covers their rate', () => {
    const rates = [50, 200];
    let width = 0;
    const covered = shareOf(600, trial => {
      const stages = rates.map((rate, stage) =>
        Array.from({ length: 15 }, (_, slice) => ({
          sum: rate + 0.1 * rate * normal(trial, stage, slice),
          over: 1,
        })),
      );
      const estimate = ratioEstimate(stages, 0.95);
      assert.equal(estimate?.degreesOfFreedom, 28);
      width += ((estimate.high ?? 0) - (estimate.low ?? 0)) / 600;
      return (estimate.low ?? 0) <= 125 && 125 <= (estimate.high ?? 0);
    });
    assert.ok(covered >= 0.92 && covered <= 0.975, `${covered}`);
    assert.ok(width < 20, `${width}`);
  });
});
