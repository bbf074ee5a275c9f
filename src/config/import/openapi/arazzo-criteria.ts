import { PlimsollError } from '../../../model/error.ts';
import { parseJsonPath } from '../../grammar/json-path.ts';
import { listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportedExpectation, ImportedTest } from '../form/imported.ts';
import { captureSource, UnknownExpression } from './arazzo-values.ts';

const comparisons: { readonly [operator: string]: ImportedTest['is'] } = {
  '==': 'equals',
  '!=': 'not',
  '>': 'above',
  '<': 'below',
  '>=': 'atLeast',
  '<=': 'atMost',
};

/** Final statuses. */
const allStatuses = Array.from({ length: 400 }, (_, index) => 200 + index);

/** What the success criteria of a step expect of its answer; what does not map goes to `omit`. */
export function expectationOf(criteria: unknown, omit: (what: string) => void): ImportedExpectation | null {
  let statuses: readonly number[] = allStatuses;
  const headers: ImportedExpectation['headers'][number][] = [];
  const json: ImportedExpectation['json'][number][] = [];
  const add = (expression: string, test: ImportedTest) => {
    const source = captureSource(expression);
    if (source === null) return false;
    if ('path' in source) json.push({ path: source.path, test });
    else if (test.is === 'equals') headers.push({ name: source.header, test });
    else return false;
    return true;
  };
  const take = (condition: string): boolean => {
    const [, left = '', operator = '', right = ''] =
      /^(\$[^\s=!<>]{1,300})\s{0,5}(==|!=|<=|>=|<|>)\s{0,5}(\S.{0,300})$/.exec(condition.trim()) ?? [];
    const is = comparisons[operator];
    const value = literal(right.trim());
    if (is === undefined || value === undefined) return false;
    if (left !== '$statusCode') return add(left, { is, value });
    statuses = statuses.filter(status => holds(status, operator, Number(value)));
    return true;
  };
  for (const criterion of listIn(criteria).map(mapIn)) {
    const condition = textIn(criterion.condition) ?? '';
    const type = textIn(mapIn(criterion.type).type ?? criterion.type) ?? 'simple';
    const context = textIn(criterion.context) ?? '';
    let isTaken = false;
    try {
      if (type === 'simple') {
        const anyOf = statusesOf(condition);
        if (anyOf !== null) statuses = statuses.filter(status => anyOf.includes(status));
        isTaken = anyOf !== null || condition.split('&&').every(take);
      } else if (type === 'jsonpath' && context === '$response.body' && isJsonPath(condition)) {
        json.push({ path: condition, test: { is: 'exists', value: true } });
        isTaken = true;
      } else if (type === 'regex' && context === '$statusCode') {
        const status = /^\^?(\d{3})\$?$/.exec(condition)?.[1];
        if (status !== undefined) statuses = statuses.filter(one => one === Number(status));
        isTaken = status !== undefined;
      }
    } catch (error) {
      if (!(error instanceof UnknownExpression)) throw error;
    }
    if (!isTaken) omit(condition === '' ? 'a criterion' : condition);
  }
  const isAny = statuses.length === allStatuses.length || statuses.length === 0;
  if (isAny && headers.length === 0 && json.length === 0) return null;
  return { statuses: isAny ? [] : statuses, headers, body: null, json };
}

/** The statuses of `$statusCode == 200 || $statusCode == 201`; null of anything else. */
function statusesOf(condition: string): readonly number[] | null {
  const found = condition.split('||').map(part => /^\s*\$statusCode\s*==\s*(\d{3})\s*$/.exec(part)?.[1]);
  return found.every(status => status !== undefined) ? found.map(Number) : null;
}

function holds(status: number, operator: string, to: number): boolean {
  if (operator === '==') return status === to;
  if (operator === '!=') return status !== to;
  const isAbove = operator.startsWith('>') ? status > to : status < to;
  return isAbove || (operator.endsWith('=') && status === to);
}

function literal(written: string): string | number | boolean | null | undefined {
  const [, quoted] = /^'((?:[^']|''){0,300})'$/.exec(written) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (written === 'true' || written === 'false') return written === 'true';
  if (written === 'null') return null;
  return /^-?\d+(?:\.\d+)?$/.test(written) ? Number(written) : undefined;
}

function isJsonPath(path: string): boolean {
  try {
    parseJsonPath(path);
    return true;
  } catch (error) {
    if (error instanceof PlimsollError) return false;
    throw error;
  }
}
