import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clopperPearson } from '../../src/stats/intervals/binomial.ts';
import { designEffect } from '../../src/stats/intervals/design-effect.ts';
import { effectiveSamplesForUpperBound, quantileRanks } from '../../src/stats/intervals/quantile-interval.ts';
import { rankOf } from '../../src/stats/order-statistic.ts';
import fc, { cases } from '../seeded.ts';

const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const confidence = fc.constantFrom(0.8, 0.9, 0.95, 0.99);

describe('any quantile interval', () => {
  it('holds the rank of the quantile itself, within the values there are', () => {
    fc.assert(
      fc.property(
        share,
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 1, max: 50, noNaN: true }),
        confidence,
        (q, count, effect, level) => {
          const { low, high } = quantileRanks(q, count, effect, level);
          const rank = rankOf(q, count);
          if (low !== null)
            assert.ok(Number.isInteger(low) && low >= 1 && low <= rank, `low ${low} of ${rank}`);
          if (high !== null)
            assert.ok(Number.isInteger(high) && high >= rank && high <= count, `high ${high} of ${rank}`);
        },
      ),
      cases(300),
    );
  });

  it('has an upper bound exactly from the number of effective samples that it names', () => {
    fc.assert(
      fc.property(share, confidence, (q, level) => {
        const least = Math.ceil(effectiveSamplesForUpperBound(q, level));
        fc.pre(least > 1);
        assert.notEqual(quantileRanks(q, least, 1, level).high, null);
        assert.equal(quantileRanks(q, least - 1, 1, level).high, null);
      }),
      cases(200),
    );
  });

  it('never narrows where the design effect grows', () => {
    fc.assert(
      fc.property(
        share,
        fc.integer({ min: 10, max: 20_000 }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        (q, count, effect) => {
          const narrow = quantileRanks(q, count, effect, 0.95);
          const wide = quantileRanks(q, count, effect * 1.5, 0.95);
          assert.ok(
            wide.low === null || (narrow.low !== null && wide.low <= narrow.low),
            `wide.low ${wide.low}, narrow.low ${narrow.low}`,
          );
          assert.ok(
            wide.high === null || (narrow.high !== null && wide.high >= narrow.high),
            `wide.high ${wide.high}, narrow.high ${narrow.high}`,
          );
        },
      ),
      cases(200),
    );
  });
});

describe('any Clopper–Pearson interval', () => {
  it('holds the observed share, and widens with the confidence', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }).map(millionths => millionths / 1e6),
        fc.double({ min: 0.5, max: 1e6, noNaN: true }),
        (observed, n) => {
          const wide = clopperPearson(observed * n, n, 0.99);
          const narrow = clopperPearson(observed * n, n, 0.9);
          assert.ok(
            wide.low <= narrow.low && narrow.high <= wide.high,
            `wide.low ${wide.low}, narrow.low ${narrow.low}, narrow.high ${narrow.high}, wide.high ${wide.high}`,
          );
          assert.ok(
            narrow.low <= observed + 1e-9 && observed <= narrow.high + 1e-9,
            `narrow.low ${narrow.low}, observed ${observed}, narrow.high ${narrow.high}`,
          );
          assert.ok(wide.low >= 0 && wide.high <= 1, `wide.low ${wide.low}, wide.high ${wide.high}`);
        },
      ),
      cases(200),
    );
  });
});

describe('any design effect', () => {
  it('lies between 1 and the greatest dispersion that slices can have', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true })), {
            maxLength: 40,
          }),
          { maxLength: 4 },
        ),
        drawn => {
          const stages = drawn.map(stage =>
            stage.map(([size, part]) => ({ size, hits: Math.floor(size * part) })),
          );
          const effect = designEffect(stages);
          const total = stages.flat().reduce((sum, slice) => sum + slice.size, 0);
          assert.ok(effect >= 1 && effect <= Math.max(1, total) * (1 + 1e-12), `${effect}`);
        },
      ),
      cases(300),
    );
  });
});
