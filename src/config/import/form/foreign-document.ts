import { extname, resolve } from 'node:path';
import { problem } from '../../../model/error.ts';
import { megabyte } from '../../../safety/bounded-file.ts';
import { readText, shownName } from '../../source/text-file.ts';
import { nestsDeeply } from './recorded-body.ts';

/** The largest file of another tool that is read as a whole. */
const largestForeign = 200 * megabyte;

/** A document of another tool, whose members may be missing or anything. */
export interface ForeignDocument {
  /** Its name as people are shown it. */
  readonly shown: string;
  readonly value: unknown;
}

/** Reads a JSON or YAML file of another tool, told apart by its first character. */
export async function readForeign(file: string, cwd: string): Promise<ForeignDocument> {
  const path = resolve(cwd, file);
  const shown = shownName(path, cwd);
  const text = await readText(path, shown, undefined, largestForeign);
  if (text.trim() === '') throw problem('file.empty', { where: shown, expected: 'a file of another tool' });
  return { shown, value: await foreignValue(text, shown, extname(file)) };
}

/** The value of a JSON or YAML text. JSON is parsed without the places of its values: a recording may be of hundreds of megabytes. */
export async function foreignValue(text: string, shown: string, extension = ''): Promise<unknown> {
  const isYaml = /^\.ya?ml$/i.test(extension) || !/^\s*[[{"]/.test(text);
  if (isYaml) return (await import('../../source/yaml-document.ts')).readYaml(text, shown).value;
  if (nestsDeeply(text)) {
    throw problem('file.syntax', { where: shown, found: 'lists or objects nested more than 500 deep' });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (text.length < 10 * megabyte) (await import('../../source/json-document.ts')).readJson(text, shown);
    throw problem('file.syntax', { where: shown, found: 'text that is not JSON' }, { cause });
  }
}

/** A map, or an empty one where there is none. */
export function mapIn(value: unknown): { readonly [name: string]: unknown } {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as { readonly [name: string]: unknown }) : {};
}

/** A list, or an empty one where there is none. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text; a number counts as one, and anything else is null. */
export function textIn(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : null;
}
