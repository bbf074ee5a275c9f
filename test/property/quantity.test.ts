import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatQuantity, formatRange, parseQuantity, parseRange } from '../../src/config/grammar/quantity.ts';
import {
  durationKind,
  percentage,
  type Quantity,
  rate,
  shortDuration,
  sizeKind,
} from '../../src/config/grammar/quantity-kind.ts';
import { PlimsollError } from '../../src/model/error.ts';

const kinds: { readonly [name: string]: Quantity<number> } = {
  durationKind,
  shortDuration,
  rate,
  percentage,
  sizeKind,
};

/** Every text of the grammar up to nine digits before and six after the point, within the kind's maximum. */
function texts(kind: Quantity<number>): fc.Arbitrary<string> {
  const whole = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 999_999_999 }));
  const decimals = fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,6}$/));
  return fc
    .tuple(whole, decimals, fc.constantFrom(...kind.units))
    .filter(([n, d, { times, per }]) => (Number(n + d) * times) / per <= kind.maximum)
    .map(([n, d, { symbol }]) => n + d + symbol);
}

for (const [name, kind] of Object.entries(kinds)) {
  describe(`every ${name}`, () => {
    test('means the same after it was read and written', () => {
      fc.assert(
        fc.property(texts(kind), text => {
          const value = parseQuantity(kind, text);
          assert.equal(parseQuantity(kind, formatQuantity(kind, value)), value);
        }),
      );
    });
    test('is written in one way only', () => {
      fc.assert(
        fc.property(texts(kind), text => {
          const written = formatQuantity(kind, parseQuantity(kind, text));
          assert.equal(formatQuantity(kind, parseQuantity(kind, written)), written);
        }),
      );
    });
    test('makes a range with any other', () => {
      fc.assert(
        fc.property(texts(kind), texts(kind), (from, to) => {
          const range = parseRange(kind, `${from}..${to}`);
          assert.deepEqual(range, { from: parseQuantity(kind, from), to: parseQuantity(kind, to) });
          assert.deepEqual(parseRange(kind, formatRange(kind, range)), range);
        }),
      );
    });
  });

  describe(`any text that is no ${name}`, () => {
    const slips = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.double(), fc.constantFrom('', ' ', ...kind.units.flatMap(unit => unit.slips)))
        .map(parts => parts.join('')),
    );
    test('is refused with an error whose advice can be followed', () => {
      fc.assert(
        fc.property(slips, text => {
          let advice: string | undefined;
          try {
            parseQuantity(kind, text);
            return;
          } catch (error) {
            assert.ok(error instanceof PlimsollError, `${error}`);
            advice = error.problems[0]?.instead;
          }
          for (const suggestion of advice?.split(' or ') ?? []) parseQuantity(kind, JSON.parse(suggestion));
        }),
      );
    });
  });
}
