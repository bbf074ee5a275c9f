import { problem } from '../../model/error.ts';
import { amountOf, plainDecimal, type Quantity } from './quantity-kind.ts';

/** A text that is no quantity, with what it most likely meant. */
export function unreadableQuantity<T extends number>(quantity: Quantity<T>, text: string) {
  const aside = quantity.aside?.(text);
  const guessed = guesses(quantity, text).map(({ number, symbol }) => JSON.stringify(number + symbol));
  const meant = [...guessed, ...(aside === undefined ? [] : [aside])];
  return problem('value.invalid-quantity', {
    found: JSON.stringify(text),
    expected: quantity.expected,
    ...(meant.length === 0 ? {} : { instead: meant.join(' or ') }),
  });
}

/** A text that is no range, with what it most likely meant: `200..800ms` and `200ms-800ms` are common. */
export function unreadableRange<T extends number>(
  quantity: Quantity<T>,
  text: string,
  { from, to }: { readonly from: string; readonly to: string },
) {
  const [end] = guesses(quantity, to);
  const sameRestart = /^\s*[\d.,]+\s*$/.test(from) && end !== undefined ? from.trim() + end.symbol : from;
  const [start] = guesses(quantity, sameRestart);
  const meant =
    start === undefined || end === undefined
      ? undefined
      : JSON.stringify(`${start.number}${start.symbol}..${end.number}${end.symbol}`);
  return problem('value.invalid-quantity', {
    found: JSON.stringify(text),
    expected: `${quantity.expected}; or a range of two, joined by two dots`,
    ...(meant === undefined ? {} : { instead: meant }),
  });
}

interface Guess {
  readonly number: string;
  readonly symbol: string;
}

/** Three digits behind each comma or underscore are thousands; other digits behind one are decimals, as in much of Europe. */
const thousands = /^([-+]?\d{1,3}(?:[,_]\d{3})+)(?!\d)/;
const almost = /^[-+]?(\d+(?:[.,]\d+)?(?:e\d+)?|\.\d+)(.*)$/i;

/** What the text most likely meant, in the grammar and within the maximum; nothing where that cannot be told. */
function guesses<T extends number>(quantity: Quantity<T>, text: string): readonly Guess[] {
  const plain = text.replace(/\s+/g, '').replace(thousands, number => number.replaceAll(/[,_]/g, ''));
  const [, digits = '', written = ''] = almost.exec(plain) ?? [];
  const number = digits === '' ? Number.NaN : Number(digits.replace(',', '.'));
  const meant = quantity.units.find(
    ({ symbol, slips }) =>
      symbol.toLowerCase() === written.toLowerCase() || slips.includes(written.toLowerCase()),
  );
  const named = meant === undefined ? [] : [[number, meant.symbol] as const];
  return (written === '' ? quantity.bare(number) : named)
    .filter(([value, symbol]) => isWithinMaximum(quantity, value, symbol))
    .map(([value, symbol]) => ({ number: plainDecimal(value), symbol }));
}

function isWithinMaximum<T extends number>(quantity: Quantity<T>, number: number, symbol: string): boolean {
  const unit = quantity.units.find(candidate => candidate.symbol === symbol);
  return unit !== undefined && amountOf(number, unit) <= quantity.maximum;
}
