import { problem } from '../../model/error.ts';
import { amountOf, plainDecimal, type Quantity, trimmed, type Unit } from './quantity-kind.ts';

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
  const meant = quantity.units[placeOf(quantity, written)];
  const named = meant === undefined ? [] : [[number, meant.symbol] as const];
  return (written === '' ? quantity.bare(number) : named)
    .filter(([value, symbol]) => isWithinMaximum(quantity, value, symbol))
    .map(([value, symbol]) => ({ number: plainDecimal(value), symbol }))
    .concat(quantity.isCompound === true ? guessedParts(quantity, plain) : []);
}

const parts = /(\d+(?:[.,]\d+)?)([^\d\s.,]*)/g;
const onlyParts = /^(?:\d+(?:[.,]\d+)?[^\d\s.,]+)+(?:\d+(?:[.,]\d+)?)?$/;

/** What several parts in the wrong order or by other names most likely meant, a last one without a unit in the next smaller. */
function guessedParts<T extends number>(quantity: Quantity<T>, text: string): readonly Guess[] {
  if (text.length > 60 || !onlyParts.test(text)) return [];
  const { units } = quantity;
  const read = [...text.matchAll(parts)].map(([, digits = '', name = ''], index, all) => {
    const place =
      name === '' && index === all.length - 1 && index > 0
        ? placeOf(quantity, all[index - 1]?.[2] ?? '') + 1
        : placeOf(quantity, name);
    return { number: Number(digits.replace(',', '.')), place };
  });
  const places = read.map(({ place }) => place).sort((a, b) => a - b);
  const isClear = places.every((place, index) => units[place] !== undefined && place !== places[index - 1]);
  if (!isClear || places.length < 2) return [];
  const total = read.reduce((sum, { number, place }) => sum + amountOf(number, units[place] as Unit), 0);
  if (total > quantity.maximum) return [];
  let left = trimmed(total);
  const written = units.slice(places[0]).flatMap((unit, index, all) => {
    const exact = trimmed((left * unit.per) / unit.times);
    const isLast = index === all.length - 1 || exact === Number(exact.toFixed(unit.decimals));
    const number = isLast ? exact : Math.floor(exact);
    left = isLast ? 0 : trimmed(left - amountOf(number, unit));
    return number === 0 ? [] : [plainDecimal(number) + unit.symbol];
  });
  return written.length === 0 ? [] : [{ number: written.join(''), symbol: '' }];
}

function placeOf<T extends number>({ units }: Quantity<T>, name: string): number {
  const place = units.findIndex(
    ({ symbol, slips }) => symbol.toLowerCase() === name.toLowerCase() || slips.includes(name.toLowerCase()),
  );
  return place < 0 ? Number.NaN : place;
}

function isWithinMaximum<T extends number>(quantity: Quantity<T>, number: number, symbol: string): boolean {
  const unit = quantity.units.find(candidate => candidate.symbol === symbol);
  return unit !== undefined && amountOf(number, unit) <= quantity.maximum;
}
