import * as z from 'zod';
import { PlimsollError, problem } from '../../model/error.ts';
import type { CaptureSource } from '../../model/run/scenario.ts';
import { linearSearch } from '../../safety/linear-pattern.ts';
import { headerName } from '../grammar/header.ts';
import { parseJsonPath } from '../grammar/json-path.ts';
import { parseSelector } from '../grammar/selector.ts';
import { field, mapOf, plainTextField, sectionField, textField } from './field.ts';

/** A name that a template can refer to: letters, digits, `_` and `-`. */
export const plainName = field<string, string>(
  name => {
    if (typeof name === 'string' && /^[A-Za-z_][\w-]*$/.test(name)) return name;
    throw problem('value.invalid', {
      expected: 'a name of letters, digits, _ and -, which begins with a letter',
    });
  },
  { type: 'string', pattern: '^[A-Za-z_][\\w-]*$', description: 'A name for templates.' },
);

/** A regular expression that is matched in a time in proportion to the text. */
export const patternField = (description: string) =>
  textField('a regular expression', { description, examples: ['name="csrf" value="([^"]+)"'] }, source => {
    try {
      linearSearch(source);
      return source;
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      const { message } = cause;
      throw problem('pattern.invalid', {
        found: JSON.stringify(source),
        expected: /linear/.test(message)
          ? 'a pattern without look-around and back references, which can be matched in linear time'
          : `a regular expression (${message.replace(/^Invalid regular expression: /, '')})`,
      });
    }
  });

const jsonPath = (description: string) =>
  textField('a path such as $.data[0].id', { description, examples: ['$.data[0].id'] }, parseJsonPath);

const sources = ['json', 'header', 'cookie', 'select'] as const;

const fullCapture = sectionField(
  {
    json: jsonPath('The path of the value in the JSON answer.').optional(),
    header: textField(
      'the name of a header',
      { description: 'A header of the answer.', examples: ['location'] },
      readHeaderOfAnswer,
    ).optional(),
    cookie: textField(
      'the name of a cookie',
      { description: 'A cookie that the answer sets.', examples: ['sid'] },
      name => name,
    ).optional(),
    select: textField(
      'a selector such as input[name="csrf"]',
      {
        description:
          'A selector of CSS: the text of the first element of an HTML or XML answer that it fits. Needs the packages css-select and htmlparser2.',
        examples: ['input[name="csrf"]', 'order > id'],
      },
      parseSelector,
    ).optional(),
    attribute: plainTextField('the name of an attribute', {
      description: 'The attribute of that element that is captured instead of its text.',
      examples: ['value', 'href'],
    }).optional(),
    match: patternField(
      'A regular expression: its first group is captured, or the whole match. It looks at the body, or at what json, header or cookie found.',
    ).optional(),
  },
  { description: 'Where the value is found.' },
  {
    regex: 'match',
    path: 'json',
    selector: 'select',
    css: 'select',
    xpath: 'select, with a selector of CSS',
    attr: 'attribute',
    body: 'match, which looks at the body',
  },
).check(
  z.refine(written => sources.filter(source => written[source] !== undefined).length <= 1, {
    error: `one of ${sources.join(', ')}`,
  }),
  z.refine(({ select, attribute }) => attribute === undefined || select !== undefined, {
    path: ['attribute'],
    error: 'select beside it, which finds the element',
  }),
);

/** What a capture reads, and how. */
export type WrittenCapture = CaptureSource & { readonly match?: string };

const capture = z
  .union([jsonPath('The path of the value in the JSON answer.'), fullCapture], {
    error: 'a path such as $.id, or a map such as { header: location }',
  })
  .transform((written, context): WrittenCapture => {
    if ('path' in written || 'query' in written) return written;
    const { json, header, cookie, select, attribute, match } = written;
    if (Object.values(written).every(value => value === undefined)) {
      const message = `a map with one of the keys ${sources.join(', ')}, match`;
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
    const source: CaptureSource =
      json ??
      (header !== undefined
        ? { header }
        : cookie !== undefined
          ? { cookie }
          : select !== undefined
            ? { select, ...(attribute === undefined ? {} : { attribute }) }
            : { body: 'text' });
    return match === undefined ? source : { ...source, match };
  });

/** Values of an answer, by the names under which later steps use them. */
export const capturesField = mapOf(
  plainName,
  capture,
  'a map of names and paths, such as { author: $.authorId }',
  {
    description: 'Values of the answer that later steps use as {{name}}.',
    examples: [{ author: '$.authorId' }, { next: { header: 'location' } }],
  },
);

/** The name of a header that is read: those that frame a message can be, though not be set. */
export function readHeaderOfAnswer(name: string): string {
  try {
    return headerName(name);
  } catch (error) {
    const [first] = error instanceof PlimsollError ? error.problems : [];
    if (first?.code === 'header.reserved') return name.toLowerCase();
    throw error;
  }
}
