import type { Check, Operand, Template, ValueComparison } from '../../model/run/scenario.ts';
import { parseJsonPath } from '../grammar/json-path.ts';
import type { WrittenExpectation } from '../schema/expect-schema.ts';
import type { Path } from '../source/place.ts';

type ValueTest = NonNullable<WrittenExpectation['json']>[string];
type ReadTemplate = (text: string, at: Path) => Template;

/** What is checked of an answer besides its status, its schema and errors of GraphQL; `place` is that of `expect`. */
export function checksOf(expect: WrittenExpectation, place: Path, template: ReadTemplate): readonly Check[] {
  const { headers = {}, body, json = {}, size, time } = expect;
  const comparisons = (tests: ValueTest, at: Path) => comparisonsOf(tests, [...place, ...at], template);
  return [
    ...(time === undefined ? [] : [{ kind: 'time', mostMs: time } as const]),
    ...(size === undefined ? [] : [{ kind: 'size', ...size } as const]),
    ...Object.entries(headers).map(
      ([header, tests]): Check => ({
        kind: 'header',
        header,
        comparisons: comparisons(tests, ['headers', header]),
      }),
    ),
    ...(body === undefined ? [] : [{ kind: 'body', comparisons: comparisons(body, ['body']) } as const]),
    ...Object.entries(json).map(
      ([name, tests]): Check => ({
        kind: 'json',
        name,
        place: parseJsonPath(name),
        comparisons: comparisons(tests, ['json', name]),
      }),
    ),
  ];
}

function comparisonsOf(tests: ValueTest, at: Path, template: ReadTemplate): readonly ValueComparison[] {
  const operand = (value: unknown, key: string): Operand =>
    typeof value === 'string' ? { template: template(value, [...at, key]) } : { json: value };
  const { equals, not, above, below, atLeast, atMost, contains, matches, length, exists } = tests;
  return [
    ...(exists === undefined ? [] : [{ is: exists ? 'present' : 'absent' } as const]),
    ...(equals === undefined ? [] : [{ is: 'equal', to: operand(equals, 'equals') } as const]),
    ...(not === undefined ? [] : [{ is: 'different', to: operand(not, 'not') } as const]),
    ...Object.entries({ above, below, atLeast, atMost }).flatMap(([is, limit]): readonly ValueComparison[] =>
      limit === undefined ? [] : [{ is: is as 'above' | 'below' | 'atLeast' | 'atMost', limit }],
    ),
    ...(length === undefined ? [] : [{ is: 'long', length } as const]),
    ...(contains === undefined ? [] : [{ is: 'containing', part: operand(contains, 'contains') } as const]),
    ...(matches === undefined ? [] : [{ is: 'matching', pattern: matches } as const]),
  ];
}
