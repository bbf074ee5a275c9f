import { types } from 'node:util';
import type { FunctionPlace } from '../model/code/user-module.ts';

/** What a module exports, as plain data, with the places of what is none: null stands there. */
export interface ExportedValue {
  readonly value: unknown;
  readonly functions: readonly {
    readonly place: FunctionPlace;
    readonly name: string;
    readonly isAsync: boolean;
  }[];
  readonly foreign: readonly { readonly place: FunctionPlace; readonly what: string }[];
}

/** More values, or deeper ones, are no scenario. */
const mostValues = 200_000;
const deepest = 200;

/** Copies a value as plain data; a value without end is a `RangeError`. */
export function exportedValue(root: unknown): ExportedValue {
  const functions: { place: FunctionPlace; name: string; isAsync: boolean }[] = [];
  const foreign: { place: FunctionPlace; what: string }[] = [];
  let count = 0;
  const copy = (value: unknown, place: FunctionPlace, above: readonly unknown[]): unknown => {
    count += 1;
    if (count > mostValues || place.length > deepest)
      throw new RangeError('more values than any scenario has');
    if (typeof value === 'function') {
      const isAsync = types.isAsyncFunction(value) || types.isGeneratorFunction(value);
      functions.push({ place, name: value.name, isAsync });
      return null;
    }
    if (typeof value === 'symbol' || (typeof value === 'object' && value !== null && !isPlain(value))) {
      foreign.push({ place, what: nameOf(value) });
      return null;
    }
    if (typeof value !== 'object' || value === null) return value;
    if (above.includes(value)) throw new RangeError('a value that holds itself');
    const inner = [...above, value];
    if (Array.isArray(value)) return Array.from(value, (item, index) => copy(item, [...place, index], inner));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, copy(item, [...place, key], inner)]),
    );
  };
  return { value: copy(root, [], []), functions, foreign };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === null || prototype === Object.prototype;
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const name = value.constructor?.name ?? 'value';
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}
