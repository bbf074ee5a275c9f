import * as z from 'zod';
import { UserFunction } from '../../model/code/user-module.ts';
import { PlimsollError, type Problem, problem } from '../../model/error.ts';
import { nearest } from '../../words/nearest.ts';
import { parseQuantity, parseRange, type Range } from '../grammar/quantity.ts';
import type { Quantity } from '../grammar/quantity-kind.ts';
import type { QuantityText, RangeText } from '../grammar/quantity-text.ts';

/** What an editor is told of a field, in the words of JSON Schema. */
export interface FieldNotes {
  readonly description: string;
  readonly [keyword: string]: unknown;
}

/** A problem found by a field: where it stands and what was written there, the whole document knows. */
export type FieldProblem = Omit<Problem, 'where'>;

/** In a JSON Schema, which judges files as they are written: any text that holds a variable. */
const holdsVariable = '\\$\\{';

/**
 * A field read by a function that throws a PlimsollError where the value is not for it. `Written` is what people are
 * to write there: the schema itself looks at nothing before `read` does.
 */
export function field<T, Written>(read: (value: unknown) => T, notes: FieldNotes) {
  return (z.unknown() as z.ZodType<Written, Written>)
    .transform((value, context): T => {
      try {
        return read(value);
      } catch (error) {
        if (!(error instanceof PlimsollError)) throw error;
        for (const { where: _where, found: _found, ...details } of error.problems) {
          context.addIssue({ code: 'custom', message: details.expected ?? '', params: { problem: details } });
        }
        return z.NEVER;
      }
    })
    .meta(notes);
}

/** A map of known keys; `aside` says where a key belongs that people write here by mistake. */
export function sectionField<Shape extends z.ZodRawShape>(
  shape: Shape,
  notes: FieldNotes,
  aside: { readonly [key: string]: string } = {},
) {
  const keys = Object.keys(shape).filter(key => key !== '$schema');
  const expected = `a map with the keys ${keys.join(', ')}`;
  return z
    .strictObject(shape, {
      error: issue => (issue.code === 'unrecognized_keys' ? JSON.stringify({ keys, aside }) : expected),
    })
    .meta(notes);
}

/** What an editor checks the file by; it is not read. */
export const schemaReference = z.string({ error: 'the path or the URL of a JSON Schema' }).optional();

/** A map whose keys people choose themselves; `key` may refuse or reshape them. */
export function mapOf<Value extends z.ZodType>(
  key: z.ZodType<string>,
  value: Value,
  expected: string,
  notes: FieldNotes,
) {
  return z.record(key as z.ZodType<string, string>, value, { error: expected }).meta(notes);
}

/** Text that is not blank, read further by a function that may refuse it. */
export function textField<T, Written extends string = string>(
  expected: string,
  notes: FieldNotes,
  read: (written: string) => T,
) {
  return field<T, Written>(
    value => {
      if (typeof value === 'string' && value.trim() !== '') return read(value);
      throw unexpected(value, expected, quotable(value, read));
    },
    { type: 'string', minLength: 1, ...notes },
  );
}

/** A number or a switch in quotes, where that is text that can be read. */
export function quotable(value: unknown, read: (written: string) => unknown): string | undefined {
  if (typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  try {
    read(String(value));
    return `"${value}"`;
  } catch {
    return undefined;
  }
}

/** Text that is not blank, as it is. */
export function plainTextField(expected: string, notes: FieldNotes) {
  return textField(expected, notes, written => written);
}

/** A name for people: one line, not endless. */
export const labelField = (description: string, examples: readonly string[]) =>
  textField('a name on one line', { description, examples, maxLength: 100 }, name => {
    if (/^[^\p{Cc}\u2028\u2029]{1,100}$/u.test(name)) return name.trim();
    throw problem('value.invalid', { expected: 'a name on one line, of at most 100 characters' });
  });

/** How often one of several is picked, relative to the others: 1 where it is left out. */
export const weightField = (description: string) =>
  field<number, number>(readWeight, {
    description: `${description} Default: 1.`,
    examples: [3],
    anyOf: [
      { type: 'number', exclusiveMinimum: 0, maximum: 1_000_000 },
      { type: 'string', pattern: '^\\d+(\\.\\d+)?$|\\$\\{' },
    ],
  }).default(1);

/** A quantity with its unit, from zero or above zero. */
export function quantityField<T extends number>(
  kind: Quantity<T>,
  least: 'zero' | 'aboveZero',
  notes: FieldNotes,
) {
  return field<T, QuantityText<T>>(
    value => {
      const read = parseQuantity(kind, quantityText(value, kind.expected));
      if (read > 0 || least === 'zero') return read;
      throw problem('value.out-of-range', { expected: `${kind.expected}; more than zero` });
    },
    { type: 'string', pattern: `^${patternOf(kind)}$|${holdsVariable}`, ...notes },
  );
}

/** A quantity or a range of two; which of the two is greater is for `check` to judge. */
export function rangeField<T extends number>(
  kind: Quantity<T>,
  notes: FieldNotes,
  check: (read: Range<T>, written: string) => Range<T> = read => read,
) {
  const one = patternOf(kind);
  return field<Range<T>, RangeText<QuantityText<T>>>(
    value => {
      const written = quantityText(value, `${kind.expected}; or a range of two`);
      return check(parseRange(kind, written), written);
    },
    { type: 'string', pattern: `^${one}(\\.\\.${one})?$|${holdsVariable}`, ...notes },
  );
}

/** A whole number, or text that holds one, as a variable brings it. */
export function wholeNumber(least: number, most: number, notes: FieldNotes) {
  return field<number, number>(
    value => {
      const read = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
      if (typeof read === 'number' && Number.isInteger(read) && read >= least && read <= most) return read;
      throw unexpected(value, `a whole number from ${least} to ${most}`);
    },
    {
      anyOf: [
        { type: 'integer', minimum: least, maximum: most },
        { type: 'string', pattern: `^\\d+$|${holdsVariable}` },
      ],
      ...notes,
    },
  );
}

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[], notes: FieldNotes) {
  return field<Word, Word>(
    value => {
      const word = words.find(candidate => candidate === value);
      if (word !== undefined) return word;
      const near = typeof value === 'string' ? nearest(value, words) : undefined;
      throw unexpected(value, words.join(' or '), near);
    },
    { anyOf: [{ enum: words }, { type: 'string', pattern: holdsVariable }], ...notes },
  );
}

/** True or false, also as the text that a variable brings. */
export function trueOrFalse(notes: FieldNotes) {
  return field<boolean, boolean>(
    value => {
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      const meant = /^(?:(yes|on|1)|(no|off|0))$/i.exec(String(value));
      throw unexpected(value, 'true or false', meant === null ? undefined : String(meant[1] !== undefined));
    },
    { anyOf: [{ type: 'boolean' }, { type: 'string', pattern: holdsVariable }], ...notes },
  );
}

/** A function, which only a scenario that is code can have; threads call it, and whatever it answers it answers at once. */
export const functionField = <Written>(description: string) =>
  field<UserFunction, Written>(
    value => {
      if (value instanceof UserFunction && !value.isAsync) return value;
      if (value instanceof UserFunction) {
        throw unexpected(
          value,
          'a function that answers at once: nothing is sent while a request waits for it',
        );
      }
      throw unexpected(
        value,
        typeof value === 'function'
          ? 'a scenario file that is a module, run by its path: functions of a program cannot be sent to threads'
          : 'a function, in a scenario that is a module, such as scenarios/name.ts',
      );
    },
    {
      description: `${description} A function: only scenarios in TypeScript or JavaScript have any.`,
      not: {},
    },
  );

/** A problem with a value: missing where there is none, else wrong. */
export function unexpected(value: unknown, expected: string, instead?: string): PlimsollError {
  return problem(value === undefined || value === null ? 'value.missing' : 'value.invalid', {
    expected,
    ...(instead === undefined ? {} : { instead }),
  });
}

/** A number without a unit is refused by the grammar, which knows what to suggest. */
function quantityText(value: unknown, expected: string): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw unexpected(value, expected);
}

function patternOf<T extends number>({ units, isCompound }: Quantity<T>): string {
  const one = `\\d+(\\.\\d+)?(${units.map(({ symbol }) => symbol).join('|')})`;
  return isCompound === true ? `(${one})+` : one;
}

function readWeight(value: unknown): number {
  const weight = typeof value === 'string' && /^\d{1,7}(\.\d{1,6})?$/.test(value) ? Number(value) : value;
  if (typeof weight === 'number' && weight > 0 && weight <= 1_000_000) return weight;
  throw unexpected(
    value,
    'a number above 0, up to 1000000',
    weight === 0 ? 'no such journey, if nobody is to make it' : undefined,
  );
}
