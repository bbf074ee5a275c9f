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
 *   duration    ::= number ( "us" | "ms" | "s" | "m" | "h" )
 *   rate        ::= number ( "/s" | "/m" | "/h" )
 *   percentage  ::= number "%"
 *   size        ::= number ( "B" | "kB" | "MB" | "GB" | "KiB" | "MiB" | "GiB" )
 *   range       ::= quantity [ ".." quantity ]            both of one kind
 *   number      ::= digit { digit } [ "." digit { digit } ]
 *   digit       ::= "0" | "1" | … | "9"
 */
const wellFormed = /^(\d+(?:\.\d+)?)([^\d\s.].*)$/;

/** Reads a quantity with its unit; anything else is `value.invalid-quantity`, saying what to write instead. */
export function parseQuantity<T extends number>(quantity: Quantity<T>, text: string): T {
  const [, digits, symbol] = wellFormed.exec(text) ?? [];
  const found = quantity.units.find(candidate => candidate.symbol === symbol);
  if (digits === undefined || found === undefined) throw unreadableQuantity(quantity, text);
  const value = amountOf(Number(digits), found);
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
  if (more.length > 0 || !isQuantity(quantity, from) || !isQuantity(quantity, to)) {
    throw unreadableRange(quantity, text, { from, to });
  }
  return { from: parseQuantity(quantity, from), to: parseQuantity(quantity, to) };
}

/** Writes a range; one that begins where it ends is written as a single quantity. */
export function formatRange<T extends number>(quantity: Quantity<T>, { from, to }: Range<T>): string {
  const first = formatQuantity(quantity, from);
  return from === to ? first : `${first}..${formatQuantity(quantity, to)}`;
}

function isQuantity<T extends number>(quantity: Quantity<T>, text: string): boolean {
  const [, digits, symbol] = wellFormed.exec(text) ?? [];
  return digits !== undefined && quantity.units.some(candidate => candidate.symbol === symbol);
}
