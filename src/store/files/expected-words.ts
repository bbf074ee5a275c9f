import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

const types: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

/** What a schema expected where it found something else: the words after `expected`. */
export function expectedWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected] ?? issue.expected;
    case 'too_small':
      return sized(issue.origin, issue.inclusive === false ? 'above' : 'of at least', issue.minimum);
    case 'too_big':
      return sized(issue.origin, issue.inclusive === false ? 'below' : 'of at most', issue.maximum);
    case 'invalid_format':
      return formats[issue.format] ?? issue.message;
    case 'invalid_value':
      return issue.values.map(value => JSON.stringify(value)).join(' or ');
    case 'invalid_key':
      return 'a key that a record may have here';
    case 'invalid_union':
      return 'one of the kinds that a record may have here';
    default:
      return issue.message;
  }
}

const formats: { readonly [format: string]: string } = {
  datetime: 'a time in ISO 8601 and UTC, such as 2026-01-31T12:00:00Z',
};

function sized(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `text ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `a list ${bound} ${limit}`;
  return `${origin === 'int' ? 'a whole number' : 'a number'} ${bound} ${limit}`;
}
