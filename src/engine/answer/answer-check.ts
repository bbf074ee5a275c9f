import { isDeepStrictEqual } from 'node:util';
import type { Check, Expression, Operand, Template, ValueComparison } from '../../model/run/scenario.ts';
import { linearSearch, type TextSearch } from '../../safety/linear-pattern.ts';
import type { CapturedAnswer } from './captured-value.ts';
import { fieldValues } from './head-fields.ts';
import { firstQueried, valueAtPath } from './json-query.ts';

/** What checks look at. */
export interface CheckedAnswer extends CapturedAnswer {
  /** On the wire, header and body. */
  readonly bytes: number;
  /** From written to last byte. */
  readonly serviceMs: number;
}

/** How often a check held, and how often it did not. */
export interface CheckTally {
  /** Index into the plan's endpoints. */
  readonly endpoint: number;
  /** For instance `status` or `json $.total`. */
  readonly check: string;
  passed: number;
  failed: number;
}

/** A check made ready: what is wrong with an answer, or null. */
export type ReadyCheck = (answer: CheckedAnswer, fill: (expression: Expression) => string) => string | null;

/** Makes a check ready. */
export function readyCheck(check: Check): ReadyCheck {
  switch (check.kind) {
    case 'time': {
      const { mostMs } = check;
      return ({ serviceMs }) =>
        serviceMs <= mostMs ? null : `${serviceMs.toFixed(1)} ms, expected at most ${mostMs} ms`;
    }
    case 'size': {
      const { least, most } = check;
      const expected = least > 0 ? `${least} to ${most} bytes` : `at most ${most} bytes`;
      return ({ bytes }) => (bytes >= least && bytes <= most ? null : `${bytes} bytes, expected ${expected}`);
    }
    case 'header': {
      const tests = readyComparisons(check.comparisons);
      return ({ head }, fill) => tests(fieldValues(head, check.header).join(', ') || undefined, null, fill);
    }
    case 'body': {
      const tests = readyComparisons(check.comparisons);
      return ({ text }, fill) => tests(text, null, fill);
    }
    case 'json': {
      const tests = readyComparisons(check.comparisons);
      const { place } = check;
      return ({ json }, fill) => {
        if (json === null) return 'no JSON';
        const found = 'path' in place ? valueAtPath(json, place.path) : firstQueried(json, place.query);
        if (typeof found === 'string') return found;
        return tests(found?.value, found?.written?.text ?? null, fill);
      };
    }
  }
}

type Comparing = (
  value: unknown,
  written: string | null,
  fill: (expression: Expression) => string,
) => string | null;

function readyComparisons(comparisons: readonly ValueComparison[]): Comparing {
  const ready = comparisons.map(readyComparison);
  return (value, written, fill) => {
    for (const compare of ready) {
      const expected = compare(value, written, fill);
      if (expected !== null) return `${shortened(value)}, expected ${expected}`;
    }
    return null;
  };
}

/** Answers what is expected where a value is not so. */
function readyComparison(comparison: ValueComparison): Comparing {
  switch (comparison.is) {
    case 'present':
      return value => (value === undefined ? 'a value' : null);
    case 'absent':
      return value => (value === undefined ? null : 'no value');
    case 'equal':
      return (value, written, fill) => {
        const to = operand(comparison.to, fill);
        return isEqual(value, written, to) ? null : shortened(to.value);
      };
    case 'different':
      return (value, written, fill) => {
        const to = operand(comparison.to, fill);
        return value !== undefined && !isEqual(value, written, to)
          ? null
          : `anything but ${shortened(to.value)}`;
      };
    case 'above':
      return value => (numberOf(value) > comparison.limit ? null : `above ${comparison.limit}`);
    case 'below':
      return value => (numberOf(value) < comparison.limit ? null : `below ${comparison.limit}`);
    case 'atLeast':
      return value => (numberOf(value) >= comparison.limit ? null : `at least ${comparison.limit}`);
    case 'atMost':
      return value => (numberOf(value) <= comparison.limit ? null : `at most ${comparison.limit}`);
    case 'long':
      return value => (lengthOf(value) === comparison.length ? null : `a length of ${comparison.length}`);
    case 'containing':
      return (value, _, fill) => {
        const part = operand(comparison.part, fill);
        const isIn =
          typeof value === 'string'
            ? value.includes(String(part.value))
            : Array.isArray(value) && value.some(item => isEqual(item, null, part));
        return isIn ? null : `to contain ${shortened(part.value)}`;
      };
    case 'matching': {
      const search: TextSearch = linearSearch(comparison.pattern);
      return (value, written) => {
        const text = typeof value === 'string' ? value : (written ?? JSON.stringify(value));
        return value !== undefined && search(text) !== null ? null : `to match ${comparison.pattern}`;
      };
    }
  }
}

interface Compared {
  readonly value: unknown;
  /** True of text that was filled in, which stands for any value that is written so. */
  readonly isFilled: boolean;
}

function operand(of: Operand, fill: (expression: Expression) => string): Compared {
  if ('json' in of) return { value: of.json, isFilled: false };
  const { template } = of;
  return { value: filled(template, fill), isFilled: template.expressions.length > 0 };
}

function filled({ literals, expressions }: Template, fill: (expression: Expression) => string): string {
  return expressions.reduce(
    (text, expression, index) => text + fill(expression) + (literals[index + 1] ?? ''),
    literals[0] ?? '',
  );
}

function isEqual(value: unknown, written: string | null, { value: to, isFilled }: Compared): boolean {
  if (isFilled && typeof value !== 'string' && value !== undefined)
    return (written ?? JSON.stringify(value)) === to;
  return isDeepStrictEqual(value, to);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return [...value].length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : Number.NaN;
}

const longestShown = 80;

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > longestShown ? `${text.slice(0, longestShown - 1)}…` : text;
}
