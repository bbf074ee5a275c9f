import * as z from 'zod';
import { problem } from '../../model/error.ts';
import { bytes } from '../../model/units.ts';
import { parseJsonPath } from '../grammar/json-path.ts';
import { formatRange, parseRange } from '../grammar/quantity.ts';
import { shortDuration, sizeKind } from '../grammar/quantity-kind.ts';
import type { RangeText, SizeText } from '../grammar/quantity-text.ts';
import { patternField, readHeaderOfAnswer } from './capture-schema.ts';
import {
  choice,
  field,
  mapOf,
  plainTextField,
  quantityField,
  sectionField,
  trueOrFalse,
  unexpected,
  wholeNumber,
} from './field.ts';
import type { Json, ScenarioTextTest } from './step-value.ts';

const text = field<string, string>(
  value => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean')
      throw unexpected(value, 'text', `"${value}"`);
    throw unexpected(value, 'text');
  },
  { type: 'string', description: 'Text.' },
);

const words = {
  equals: 'The value is this. {{set.column}} and {{capture}} are replaced by their values.',
  contains: 'The value contains this.',
  matches: 'A regular expression that is found in the value.',
  exists: 'Whether there is a value.',
};

const textTest = sectionField(
  {
    equals: text.meta({ description: words.equals }).optional(),
    contains: text.meta({ description: words.contains }).optional(),
    matches: patternField(words.matches).optional(),
    exists: trueOrFalse({ description: words.exists }).optional(),
  },
  { description: 'What is expected of a text.' },
  { is: 'equals', includes: 'contains', match: 'matches', regex: 'matches' },
).check(z.refine(isNotEmpty, { error: 'a map with equals, contains, matches or exists' }));

/** A text alone is one that the value contains: `content-type: application/json` need not name the charset. */
const textTests = z
  .union([text.transform(contains => ({ contains })), textTest], {
    error: 'text, or a map such as { matches: PATTERN }',
  })
  .meta({ description: 'Text that the value contains, or what else is expected of it.' }) as z.ZodType<
  z.output<typeof textTest>,
  string | ScenarioTextTest
>;

const anyJson = (description: string) =>
  (z.unknown() as z.ZodType<Json | undefined, Json | undefined>).meta({ description });
const number = (description: string) =>
  field<number, number>(
    value => {
      const read = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
      if (typeof read === 'number' && Number.isFinite(read)) return read;
      throw unexpected(value, 'a number');
    },
    { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$|\\$\\{' }], description },
  ).optional();

const valueTest = sectionField(
  {
    equals: anyJson(words.equals).optional(),
    not: anyJson('There is a value, and it is not this.').optional(),
    above: number('The value is a number above this.'),
    below: number('The value is a number below this.'),
    atLeast: number('The value is a number of at least this.'),
    atMost: number('The value is a number of at most this.'),
    contains: anyJson('The text contains this, or the list has this item.').optional(),
    matches: patternField(words.matches).optional(),
    length: wholeNumber(0, 1_000_000_000, {
      description: 'The number of characters, items or members.',
    }).optional(),
    exists: trueOrFalse({ description: words.exists }).optional(),
  },
  { description: 'What is expected of a value.' },
  {
    is: 'equals',
    equal: 'equals',
    min: 'atLeast',
    max: 'atMost',
    includes: 'contains',
    match: 'matches',
    count: 'length',
  },
).check(z.refine(isNotEmpty, { error: 'a map with a comparison, such as { atLeast: 1 }' }));

type ValueTest = z.output<typeof valueTest>;

/** A map is one of comparisons; to compare with a map, `equals` holds it. */
const valueTests = z
  .union(
    [
      field<ValueTest, Exclude<Json, { readonly [key: string]: Json | undefined }>>(
        value => {
          const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
          if (!isMap && value !== undefined) return { equals: value as Json };
          throw unexpected(value, 'a value');
        },
        { type: ['string', 'number', 'boolean', 'null', 'array'], description: 'The value.' },
      ),
      valueTest,
    ],
    { error: 'a value, or a map such as { atLeast: 1 }' },
  )
  .meta({ description: 'The value, or what else is expected of it.' });

const statusSchema = {
  anyOf: [
    { type: 'integer', minimum: 200, maximum: 599 },
    { type: 'string', pattern: '^[2-5](\\d\\d|[xX][xX])$|\\$\\{' },
  ],
};

type StatusText = number | `${number}xx`;

/** What an answer must be to count as ok. */
export const expectationField = sectionField(
  {
    status: field<readonly number[], StatusText | readonly StatusText[]>(readStatuses, {
      description:
        'The status or statuses of an expected answer; 2xx is any from 200 to 299. Default: any 2xx or 3xx.',
      examples: [200, [200, 429], '2xx'],
      anyOf: [statusSchema, { type: 'array', minItems: 1, items: statusSchema }],
    }).optional(),
    headers: mapOf(
      field<string, string>(name => readHeaderOfAnswer(String(name)), {
        type: 'string',
        description: 'The name of a header.',
      }),
      textTests,
      'a map of header names and texts, such as { content-type: application/json }',
      {
        description: 'What headers of the answer contain.',
        examples: [{ 'content-type': 'application/json' }],
      },
    ).optional(),
    body: textTests.optional(),
    json: mapOf(
      field<string, string>(
        path => {
          parseJsonPath(String(path));
          return String(path);
        },
        { type: 'string', description: 'A JSONPath.' },
      ),
      valueTests,
      "a map of paths and values, such as { '$.total': 3 }",
      { description: 'What the JSON answer has at a path.', examples: [{ '$.total': { atLeast: 1 } }] },
    ).optional(),
    size: field<{ readonly least: number; readonly most: number }, RangeText<SizeText>>(readSize, {
      description: 'The most bytes of the answer, header and body as they are sent; or a range.',
      examples: ['30kB', '1kB..30kB'],
      type: 'string',
    }).optional(),
    time: quantityField(shortDuration, 'aboveZero', {
      description: 'The longest time from when the request is written to its last byte.',
      examples: ['500ms'],
    }).optional(),
    schema: plainTextField('the path of a JSON Schema file', {
      description: 'A JSON Schema file that the body must satisfy. The path is relative to the scenario.',
      examples: ['schemas/bill.json'],
    }).optional(),
    graphql: choice(['ok'], {
      description: 'ok fails an answer of GraphQL that has errors, whatever its status.',
    }).optional(),
  },
  { description: 'What an answer must look like to count as ok.' },
  {
    statuses: 'status',
    header: 'headers',
    jsonPath: 'json',
    duration: 'time',
    maxSize: 'size',
    maxTime: 'time',
  },
);

/** What a scenario expects of an answer. */
export type WrittenExpectation = z.output<typeof expectationField>;

function isNotEmpty(tests: object): boolean {
  return Object.values(tests).some(test => test !== undefined);
}

function readStatuses(value: unknown): readonly number[] {
  const statuses = (Array.isArray(value) ? value : [value]).flatMap((status: unknown) => {
    const group = typeof status === 'string' ? /^([2-5])xx$/i.exec(status)?.[1] : undefined;
    if (group !== undefined) return Array.from({ length: 100 }, (_, index) => Number(group) * 100 + index);
    return [typeof status === 'string' && /^\d{3}$/.test(status) ? Number(status) : status];
  });
  const isStatus = (status: unknown) =>
    Number.isInteger(status) && (status as number) >= 200 && (status as number) <= 599;
  if (statuses.length > 0 && statuses.every(isStatus)) return [...new Set(statuses as number[])];
  throw unexpected(value, 'a final status from 200 to 599, a group such as 2xx, or a list of them');
}

function readSize(value: unknown): { readonly least: number; readonly most: number } {
  if (typeof value !== 'string' && typeof value !== 'number') throw unexpected(value, sizeKind.expected);
  const written = String(value);
  const { from, to } = parseRange(sizeKind, written);
  if (!written.includes('..')) return { least: 0, most: to };
  if (from <= to) return { least: from, most: to };
  throw problem('value.out-of-range', {
    expected: 'a range from the smaller to the larger size',
    instead: formatRange(sizeKind, { from: bytes(to), to: bytes(from) }),
  });
}
