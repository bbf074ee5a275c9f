import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inverseRegularizedBeta, regularizedBeta } from '../../../src/stats/intervals/beta.ts';
import { clopperPearson, shareUpperBound } from '../../../src/stats/intervals/binomial.ts';
import { uniform } from '../../../src/stats/random.ts';
import { isClose, shareOf } from './simulation.ts';

describe('the regularised incomplete beta function', () => {
  it('agrees with SciPy 1.17 (betainc), small and large', () => {
    for (const [x, a, b, expected] of [
      [0.3, 2, 5, 0.579825],
      [0.95, 380, 20, 0.4725270549499266],
      [0.01, 0.5, 200, 0.9549058928629202],
      [0.99, 990.5, 12.3, 0.7261687707735687],
      [0.5, 100_000, 100_000, 0.5],
      [0.05, 50_010, 950_000, 0.48316520814474695],
    ] as const) {
      assert.ok(isClose(regularizedBeta(x, a, b), expected, 1e-8), `I_${x}(${a}, ${b})`);
    }
  });

  it('runs from 0 to 1', () => {
    assert.equal(regularizedBeta(0, 2, 3), 0);
    assert.equal(regularizedBeta(1, 2, 3), 1);
  });

  it('has the inverse that SciPy 1.17 gives (betaincinv)', () => {
    for (const [p, a, b, expected] of [
      [0.025, 2, 5, 0.043271868292741676],
      [0.975, 0.5, 0.5, 0.9984586668665639],
      [0.025, 950_000, 50_000, 0.9495719842588104],
      [0.975, 0.6, 120.4, 0.022820111079056543],
    ] as const) {
      assert.ok(isClose(inverseRegularizedBeta(p, a, b), expected, 1e-8), `${p} of Beta(${a}, ${b})`);
    }
  });
});

describe('the Clopper–Pearson interval', () => {
  it("agrees with R's binom.test", () => {
    for (const [k, n, low, high] of [
      [682, 925, 0.7076683, 0.7654066],
      [7, 20, 0.1539092, 0.5921885],
      [0, 10, 0, 0.3084971],
      [10, 10, 0.6915029, 1],
      [1, 1_000, 2.531749e-5, 0.005558925],
    ] as const) {
      const interval = clopperPearson(k, n, 0.95);
      assert.ok(isClose(interval.low, low, 1e-6), `${k} of ${n}: low ${interval.low}`);
      assert.ok(isClose(interval.high, high, 1e-6), `${k} of ${n}: high ${interval.high}`);
    }
  });

  it('takes deflated counts that are not whole', () => {
    const { low, high } = clopperPearson(2.5, 33.3, 0.95);
    assert.ok(
      isClose(low, 0.012689972539855354, 1e-9) && isClose(high, 0.2212977044297995, 1e-9),
      `low ${low}, high ${high}`,
    );
  });

  it('has a one-sided upper bound: SciPy 1.17 (beta.ppf), and 1 − 0.05^(1/n) of no hits', () => {
    for (const [k, n, confidence, expected] of [
      [0, 3_000, 0.95, 0.0009980790119965865],
      [12, 3_000, 0.95, 0.006472816727760375],
      [0, 12, 0.95, 1 - 0.05 ** (1 / 12)],
      [3, 40, 0.9, 0.15944931303445956],
    ] as const) {
      assert.ok(isClose(shareUpperBound(k, n, confidence), expected, 1e-9), `${k} of ${n}`);
    }
    assert.equal(shareUpperBound(5, 5, 0.95), 1);
  });

  it('of no trials knows nothing', () => {
    assert.deepEqual(clopperPearson(0, 0, 0.95), { low: 0, high: 1 });
  });

  it('covers the true share at least as often as it says', () => {
    for (const [share, n] of [
      [0.01, 500],
      [0.2, 40],
    ] as const) {
      const intervals = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n, 0.95));
      const covered = shareOf(4_000, trial => {
        let hits = 0;
        for (let index = 0; index < n; index += 1) if (uniform(trial, 1, index) < share) hits += 1;
        const interval = intervals[hits];
        return interval !== undefined && interval.low <= share && share <= interval.high;
      });
      assert.ok(covered >= 0.945 && covered < 0.995, `${share} of ${n}: ${covered}`);
    }
  });
});
