import { createRequire } from 'node:module';
import type { JsonPlace } from '../../model/run/scenario.ts';
import { type WrittenValue, writtenAt } from './json-text.ts';

const require = createRequire(import.meta.url);

/** An answer that was parsed, with its text. */
export interface JsonAnswer {
  readonly value: unknown;
  readonly text: string;
}

/** One value of an answer. */
export interface FoundValue {
  readonly value: unknown;
  /** How it is written; undefined where it is text, a word, or nothing that is written. */
  readonly written: WrittenValue | undefined;
}

/** A query looks at many places, and those of an answer may be made to be many: a larger or deeper one is not looked at. */
const longestQueried = 1_000_000;
const deepestQueried = 256;

type Path = readonly (string | number)[];

/** The value at a path; undefined where there is none. */
export function valueAtPath({ value, text }: JsonAnswer, path: Path): FoundValue | undefined {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return { value: found, written: writtenOf(found, text, path) };
}

/** The first value that a query of RFC 9535 finds; undefined where it finds none, and a text where it may not look. */
export function firstQueried(answer: JsonAnswer, query: string): FoundValue | string | undefined {
  const { value, text } = answer;
  if (text.length > longestQueried) return `a query looks at ${longestQueried} characters at most`;
  if (isDeep(text)) return `a query looks at ${deepestQueried} levels at most`;
  const { exec } = require('jsonpath-rfc9535') as typeof import('jsonpath-rfc9535');
  let first: { readonly value: unknown; readonly path: Path } | undefined;
  exec(value as Parameters<typeof exec>[0], query, (one, path) => {
    first ??= { value: one, path };
  });
  return first && { value: first.value, written: writtenOf(first.value, text, first.path.map(unescapedKey)) };
}

/** Whether a text is JSON that has something at a place: anything but null, false, and what is empty. */
export function holdsSomething(text: string, place: JsonPlace): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if ('path' in place) return isSomething(valueAtPath({ value, text }, place.path)?.value);
  if (text.length > longestQueried || isDeep(text)) return false;
  const { exec } = require('jsonpath-rfc9535') as typeof import('jsonpath-rfc9535');
  let found = false;
  exec(value as Parameters<typeof exec>[0], place.query, one => {
    found ||= isSomething(one);
  });
  return found;
}

function isSomething(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}

/** Only numbers are written in more ways than one, and they may stand within lists and objects. */
function writtenOf(value: unknown, text: string, path: Path): WrittenValue | undefined {
  return typeof value === 'number' || (typeof value === 'object' && value !== null)
    ? writtenAt(text, path)
    : undefined;
}

/** The library escapes member names as normalized paths do (RFC 9535, section 2.7). */
function unescapedKey(key: string | number): string | number {
  if (typeof key === 'number' || !key.includes('\\')) return key;
  return JSON.parse(`"${key.replaceAll("\\'", "'").replaceAll('"', '\\"')}"`);
}

function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepestQueried) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}
