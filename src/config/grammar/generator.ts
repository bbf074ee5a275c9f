import { problem } from '../../model/error.ts';
import { type Generator, generatorUses } from '../../model/run/generator.ts';
import { parseQuantity } from './quantity.ts';
import { durationKind } from './quantity-kind.ts';

/** A table of the chances of more numbers would take too much room. */
const mostOfZipf = 1_000_000;

/*
 *   generator  ::= "uuid" | "int" least most | "zipf" least most exponent | "normal" mean deviation
 *                | "now" [ "iso" | "unix" | "unixMs" ] [ ( "+" | "-" ) duration ] | "faker" method
 */
/** Reads a generator as a template names it; undefined where it begins with no name of one. */
export function parseGenerator(written: string): Generator | undefined {
  const [name = '', ...words] = written.trim().split(/\s+/);
  if (!Object.hasOwn(generatorUses, name)) return undefined;
  const generator = readers[name as Generator['name']](words);
  if (generator !== undefined) return generator;
  throw problem('template.invalid-generator', {
    found: `{{${written}}}`,
    expected: expectations[name as Generator['name']],
    instead: `{{${generatorUses[name as Generator['name']]}}}`,
  });
}

const expectations: { readonly [name in Generator['name']]: string } = {
  uuid: 'uuid alone',
  int: 'two whole numbers, the smaller one first',
  zipf: `two whole numbers, the smaller one first and at most ${mostOfZipf} apart, and an exponent from 0 to 10`,
  normal: 'a mean, and a standard deviation of at least 0',
  now: 'iso, unix or unixMs, and an offset such as +1h or -30s',
  faker: 'a function of @faker-js/faker, such as person.fullName',
};

type Reader = (words: readonly string[]) => Generator | undefined;

const readers: { readonly [name in Generator['name']]: Reader } = {
  uuid: words => (words.length === 0 ? { name: 'uuid' } : undefined),
  int: words => {
    const range = rangeOf(words);
    return range !== undefined && words.length === 2 ? { name: 'int', ...range } : undefined;
  },
  zipf: words => {
    const range = rangeOf(words);
    const exponent = numberOf(words[2]);
    const isSmall = range !== undefined && range.most - range.least < mostOfZipf;
    if (!isSmall || words.length !== 3 || !(exponent >= 0 && exponent <= 10)) return undefined;
    return { name: 'zipf', ...range, exponent };
  },
  normal: words => {
    const [mean, deviation] = [numberOf(words[0]), numberOf(words[1])];
    if (words.length !== 2 || !Number.isFinite(mean) || !(deviation >= 0)) return undefined;
    const decimals = Math.max(...words.map(word => word.split('.')[1]?.length ?? 0));
    return { name: 'normal', mean, deviation, decimals };
  },
  now: words => {
    const isOffset = (word: string) => /^[+-]/.test(word);
    const formats = words.filter(word => !isOffset(word));
    const offsets = words.filter(isOffset);
    const [format = 'iso'] = formats;
    const isKnown = format === 'iso' || format === 'unix' || format === 'unixMs';
    if (!isKnown || formats.length > 1 || offsets.length > 1) return undefined;
    const [offset] = offsets;
    return { name: 'now', format, offsetMs: offset === undefined ? 0 : offsetOf(offset) };
  },
  faker: words => {
    const [method = ''] = words;
    return words.length === 1 && /^[a-zA-Z]+\.[a-zA-Z0-9]+$/.test(method)
      ? { name: 'faker', method }
      : undefined;
  },
};

function offsetOf(word: string): number {
  const duration = parseQuantity(durationKind, word.slice(1));
  return word.startsWith('-') ? -duration : duration;
}

function rangeOf([from, to]: readonly string[]):
  | { readonly least: number; readonly most: number }
  | undefined {
  const [least, most] = [numberOf(from), numberOf(to)];
  return Number.isSafeInteger(least) && Number.isSafeInteger(most) && least <= most && most - least < 2 ** 53
    ? { least, most }
    : undefined;
}

function numberOf(word: string | undefined): number {
  return word !== undefined && /^-?\d{1,16}(\.\d{1,10})?$/.test(word) ? Number(word) : Number.NaN;
}
