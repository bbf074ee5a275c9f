import { problem } from '../../model/error.ts';
import { amountOf, plainDecimal, type Quantity, trimmed } from './quantity-kind.ts';
import { unreadableQuantity, unreadableRange } from './quantity-slip.ts';
import type { QuantityText } from './quantity-text.ts';

/** A span between two quantities; a single quantity is a span from itself to itself. */
export interface Range<T extends number> {
  readonly from: T;
  readonly to: T;
}

/*
 * The grammar. Nothing stands between number and unit, and there is no sign and no exponent.
 *
 *   quantity    ::= duration | rate | percentage | size
 *   duration    ::= { digits unit } number unit          each unit once, the greatest first
 *   unit        ::= "h" | "m" | "s" | "ms" | "us"
 *   rate        ::= number ( "/s" | "/m" | "/h" )
 *   percentage  ::= number "%"
 *   size        ::= number ( "B" | "kB" | "MB" | "GB" | "KiB" | "MiB" | "GiB" )
 *   range       ::= quantity [ ".." quantity ]            both of one kind
 *   number      ::= digits [ "." digits ]
 *   digits      ::= digit { digit }
 *   digit       ::= "0" | "1" | … | "9"
 */
const wellFormed = /^(?:\d+(?:\.\d+)?[^\d\s.]+)+$/;
const part = /(\d+(?:\.\d+)?)([^\d\s.]+)/g;

/** The value of a text; undefined where it is no quantity of this kind. */
function amountIn<T extends number>({ units, isCompound }: Quantity<T>, text: string): number | undefined {
  if (!wellFormed.test(text)) return undefined;
  const parts = [...text.matchAll(part)].map(([, digits = '', symbol]) => ({
    digits,
    unit: units.findIndex(candidate => candidate.symbol === symbol),
  }));
  if (parts.length > 1 && isCompound !== true) return undefined;
  let sum = 0;
  for (const [index, { digits, unit }] of parts.entries()) {
    const found = units[unit];
    const next = parts[index + 1];
    if (found === undefined || (next !== undefined && (digits.includes('.') || next.unit <= unit))) {
      return undefined;
    }
    sum += amountOf(Number(digits), found);
  }
  return trimmed(sum);
}

/** Reads a quantity with its unit; anything else is `value.invalid-quantity`, saying what to write instead. */
export function parseQuantity<T extends number>(quantity: Quantity<T>, text: string): T {
  const value = amountIn(quantity, text);
  if (value === undefined) throw unreadableQuantity(quantity, text);
  if (value > quantity.maximum) {
    throw problem('value.out-of-range', {
      found: JSON.stringify(text),
      expected: `at most ${formatQuantity(quantity, quantity.maximum)}`,
    });
  }
  return value as T;
}

/** Writes a quantity in the unit that reads best; reading it again gives exactly the same value. */
export function formatQuantity<T extends number>(quantity: Quantity<T>, value: T): QuantityText<T> {
  for (const candidate of quantity.units) {
    const number = Number(((value * candidate.per) / candidate.times).toPrecision(12));
    const rounded = Number(number.toFixed(candidate.decimals));
    const legible = number === rounded && (number >= 1 || candidate.symbol === quantity.base);
    if (legible && amountOf(number, candidate) === value) return written(number, candidate.symbol);
  }
  const base = quantity.units.find(candidate => candidate.symbol === quantity.base);
  return written(base === undefined ? value : trimmed((value * base.per) / base.times), quantity.base);

  function written(number: number, symbol: string): QuantityText<T> {
    return `${plainDecimal(number)}${symbol}` as QuantityText<T>;
  }
}

/** A range whose parts are joined by something else than two dots. */
const joinedOtherwise = /^(\d+(?:\.\d+)?[^-–—…\s.\d]*)\s*(?:-|–|—|…|\.{3,}|to)\s*(\d.*)$/;

/** Reads a quantity, or two of them as `from..to`. */
export function parseRange<T extends number>(quantity: Quantity<T>, text: string): Range<T> {
  const slip = joinedOtherwise.exec(text);
  if (slip !== null) throw unreadableRange(quantity, text, { from: slip[1] ?? '', to: slip[2] ?? '' });
  const [from = '', to, ...more] = text.split('..');
  if (to === undefined) {
    const value = parseQuantity(quantity, text);
    return { from: value, to: value };
  }
  if (more.length > 0 || amountIn(quantity, from) === undefined || amountIn(quantity, to) === undefined) {
    throw unreadableRange(quantity, text, { from, to });
  }
  return { from: parseQuantity(quantity, from), to: parseQuantity(quantity, to) };
}

/** Writes a range; one that begins where it ends is written as a single quantity. */
export function formatRange<T extends number>(quantity: Quantity<T>, { from, to }: Range<T>): string {
  const first = formatQuantity(quantity, from);
  return from === to ? first : `${first}..${formatQuantity(quantity, to)}`;
}
