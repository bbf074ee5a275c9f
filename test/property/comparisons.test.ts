import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changePoints } from '../../src/stats/changes/change-points.ts';
import { standingOf } from '../../src/stats/flips/sequential-test.ts';
import { newcombe, wilson } from '../../src/stats/intervals/share-difference.ts';
import fc, { cases } from '../seeded.ts';

const observed = fc
  .tuple(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => ({ hits: Math.round(trials * share), trials }));

const cellsCount = 3;
const effect = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -300, max: 300 }).map(permille => permille / 1_000) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const units = fc.array(fc.array(effect, { minLength: cellsCount, maxLength: cellsCount }), {
  minLength: 6,
  maxLength: 9,
});
const looks = [
  { restarts: 6, spend: 0.05, boundTail: 0.05 },
  { restarts: 9, spend: 0.05, boundTail: 0.05 },
];
const cellsOf = (drawn: readonly (readonly (number | null)[])[]) => {
  const standing = standingOf(drawn, { seed: 1, nulls: Array(cellsCount).fill(0), looks });
  return standing.state === 'looked' ? standing.cells : [];
};

describe('any interval of a share, or of a difference', () => {
  it('holds what was observed, within what is possible', () => {
    fc.assert(
      fc.property(observed, observed, fc.constantFrom(0.8, 0.95, 0.999), (base, head, confidence) => {
        const { low, high } = wilson(head, confidence);
        const share = head.hits / head.trials;
        assert.ok(
          low >= 0 && low <= share + 1e-12 && share <= high + 1e-12 && high <= 1,
          `low ${low}, share ${share}, high ${high}`,
        );
        const difference = newcombe(base, head, confidence);
        assert.ok(
          difference.low >= -1 - 1e-12 && difference.high <= 1 + 1e-12,
          `difference.low ${difference.low}, difference.high ${difference.high}`,
        );
        assert.ok(
          difference.low <= difference.difference && difference.difference <= difference.high,
          `difference.low ${difference.low}, difference ${difference.difference}, difference.high ${difference.high}`,
        );
      }),
      cases(500),
    );
  });

  it('of the sides exchanged is the interval mirrored', () => {
    fc.assert(
      fc.property(observed, observed, (base, head) => {
        const forth = newcombe(base, head, 0.95);
        const back = newcombe(head, base, 0.95);
        assert.ok(
          Math.abs(forth.low + back.high) < 1e-12 && Math.abs(forth.high + back.low) < 1e-12,
          `forth.low ${forth.low}, back.high ${back.high}, forth.high ${forth.high}, back.low ${back.low}`,
        );
      }),
    );
  });
});

describe('any sequential test', () => {
  it('does not depend on the order of cells, nor on their units', () => {
    fc.assert(
      fc.property(units, drawn => {
        const cells = cellsOf(drawn);
        const turned = cellsOf(drawn.map(unit => unit.toReversed()));
        const scaled = cellsOf(drawn.map(unit => unit.map(value => (value === null ? null : 8 * value))));
        for (const [index, cell] of cells.entries()) {
          const other = turned[cellsCount - 1 - index];
          assert.deepEqual([other?.establishedAt, other?.pValue], [cell.establishedAt, cell.pValue]);
          assert.deepEqual(
            [scaled[index]?.establishedAt, scaled[index]?.pValue],
            [cell.establishedAt, cell.pValue],
          );
        }
      }),
    );
  });

  it('establishes no cell of which fewer patterns than the identity alone could be told', () => {
    fc.assert(
      fc.property(units, drawn => {
        for (const { establishedAt, pValue, restarts: told, estimate, upperBound } of cellsOf(drawn)) {
          assert.ok(pValue > 0 && pValue <= 1, `pValue ${pValue}`);
          assert.ok((estimate === null) === (told === 0), `estimate ${estimate} of ${told} that tell`);
          if (establishedAt !== null)
            assert.ok(
              pValue <= 0.1 && 2 ** -told <= 0.1 && (estimate ?? 0) > 0,
              `p ${pValue}, estimate ${estimate} of ${told} that tell`,
            );
          if (estimate !== null)
            assert.ok(upperBound >= estimate - 1e-12, `upperBound ${upperBound}, estimate ${estimate}`);
        }
      }),
    );
  });
});

describe('any history', () => {
  it('has its change points in order, two runs or more apart and from its ends, with sizes that fit their levels', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -3, max: 3 })), {
          maxLength: 5,
        }),
        fc.integer({ min: 0, max: 1_000 }),
        (levels, salt) => {
          const values = levels
            .flatMap(([runs, level]) => Array<number>(runs).fill(level))
            .map((level, run) => level + (((run * 7_919 + salt * 104_729) % 101) - 50) / 100);
          let before = 0;
          for (const { index, before: from, after, size, confidence } of changePoints(values, {
            permutations: 199,
          })) {
            assert.ok(index - before >= 2, `${index} after ${before}`);
            assert.equal(size, after - from);
            assert.ok(confidence > 0.99 && confidence < 1, `confidence ${confidence}`);
            before = index;
          }
          assert.ok(before === 0 || values.length - before >= 2, `${before} of ${values.length} before`);
        },
      ),
      cases(60),
    );
  });
});
