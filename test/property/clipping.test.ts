import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clipLimits, clipped, clippedExcess } from '../../src/stats/flips/clipping.ts';
import { clippedAt, standingOf } from '../../src/stats/flips/sequential-test.ts';
import fc, { cases } from '../seeded.ts';

const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -300, max: 300 }).map(permille => permille / 1_000) },
  { weight: 1, arbitrary: fc.integer({ min: -5_000, max: 5_000 }).map(permille => permille / 1_000) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const restarts = fc.array(fc.tuple(value, value), { minLength: 6, maxLength: 12 });
const nulls = [0, 0.03];
const clips = [true, true];
const limitsOf = (drawn: readonly (readonly (number | null)[])[]) => clipLimits(drawn, nulls, clips);
/** A restart with its sides exchanged, about what each cell is tested against. */
const flipped = (restart: readonly (number | null)[]) =>
  restart.map((one, cell) => (one === null ? null : 2 * (nulls[cell] ?? 0) - one));
const near = (one: number | null | undefined, other: number | null | undefined) =>
  assert.ok(
    one === other || Math.abs((one ?? Number.NaN) - (other ?? Number.NaN)) < 1e-9,
    `${one} and not ${other}`,
  );

describe('clipping', () => {
  it('of a restart whose sides are exchanged is the clipped restart exchanged, whichever others are', () => {
    fc.assert(
      fc.property(restarts, fc.integer({ min: 0, max: 4_095 }), (drawn, pattern) => {
        const turned = drawn.map((restart, index) => ((pattern >> index) & 1 ? flipped(restart) : restart));
        for (const [cell, limit] of limitsOf(drawn).entries()) near(limitsOf(turned)[cell], limit);
        const forth = clippedAt(drawn, { nulls, clips });
        const back = clippedAt(turned, { nulls, clips });
        back.forEach((restart, index) => {
          const expected = (pattern >> index) & 1 ? flipped(forth[index] ?? []) : forth[index];
          restart.forEach((one, cell) => {
            near(one, expected?.[cell]);
          });
        });
      }),
      cases(300),
    );
  });

  it('keeps the order of the values, and brings none farther out', () => {
    fc.assert(
      fc.property(restarts, drawn => {
        const out = clipped(drawn, nulls, limitsOf(drawn));
        for (const cell of [0, 1]) {
          const pairs = drawn.flatMap((restart, index) => {
            const [was, is] = [restart[cell] ?? null, out[index]?.[cell] ?? null];
            assert.equal(was === null, is === null, 'what tells nothing stays so');
            return was === null || is === null ? [] : [{ was, is }];
          });
          pairs.sort((one, other) => one.was - other.was);
          pairs.forEach(({ was, is }, index) => {
            assert.ok(
              Math.abs(is - (nulls[cell] ?? 0)) <= Math.abs(was - (nulls[cell] ?? 0)) + 1e-12,
              `${was}`,
            );
            const before = pairs[index - 1]?.is ?? Number.NEGATIVE_INFINITY;
            assert.ok(is >= before - 1e-12, `${before}, then ${is}`);
          });
        }
      }),
      cases(300),
    );
  });

  it('changes no value, and so no verdict, of restarts that differ by no more than threefold', () => {
    const alike = fc.array(
      fc
        .tuple(fc.integer({ min: 100, max: 300 }), fc.boolean())
        .map(([size, isUp]) => [((isUp ? 1 : -1) * size) / 1_000]),
      { minLength: 10, maxLength: 10 },
    );
    fc.assert(
      fc.property(alike, drawn => {
        const looks = [{ restarts: 10, spend: 0.05, boundTail: 0.05 }];
        const plan = { seed: 1, nulls: [0], looks };
        assert.deepEqual(standingOf(drawn, { ...plan, clips: [true] }), standingOf(drawn, plan));
      }),
      cases(30),
    );
  });

  it('leaves cells alone of which more than half of the restarts show no difference', () => {
    const drawn = [0, 0, 0, 0, 0.2, -0.1, 0].map(one => [one]);
    assert.deepEqual(clipLimits(drawn, [0], [true]), [Number.POSITIVE_INFINITY]);
    assert.deepEqual(clippedAt(drawn, { nulls: [0], clips: [true] }), drawn);
  });

  it('cuts off what leans to the worse with the chance that all patterns of signs tell, and to the better as it mirrors', () => {
    fc.assert(
      fc.property(restarts, drawn => {
        const limits = limitsOf(drawn);
        const mirrored = drawn.map(flipped);
        const [forth, back] = [
          clippedExcess(drawn, nulls, limits, 1),
          clippedExcess(mirrored, nulls, limits, 1),
        ];
        for (const cell of [0, 1]) {
          const beyond = drawn.flatMap(restart => {
            const from = (restart[cell] ?? nulls[cell] ?? 0) - (nulls[cell] ?? 0);
            const limit = limits[cell] ?? Number.POSITIVE_INFINITY;
            return Math.abs(from) > limit + 1e-12 ? [from - Math.sign(from) * limit] : [];
          });
          const sums = Array.from({ length: 2 ** beyond.length }, (_, pattern) =>
            beyond.reduce((sum, each, index) => sum + ((pattern >> index) & 1 ? -each : each), 0),
          );
          const reached = sums.filter(sum => sum >= (sums[0] ?? 0) - 1e-9).length;
          near(forth[cell]?.pValue, reached / sums.length);
          assert.deepEqual(
            [forth[cell]?.above, forth[cell]?.below],
            [back[cell]?.below, back[cell]?.above],
            JSON.stringify(beyond),
          );
        }
      }),
      cases(300),
    );
  });
});
