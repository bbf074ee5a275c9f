import { PlimsollError } from '../../model/error.ts';
import type { NewerParts, UnknownPart } from '../../model/newer-parts.ts';
import { redactJson } from '../../safety/redact.ts';
import { isSecretName, redactor } from '../../safety/secret.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { corruptIn, type Versioned } from '../files/stored-json.ts';

type Path = UnknownPart['path'];

/** How deep an unknown part may be nested: a deeper one is no figure, and could not be written again. */
const deepest = 64;
/** How many characters of a key, and of a whole place, are shown. */
const longestKey = 40;
const longestName = 120;

/**
 * What of a stored record this version does not know: the keys that are missing from `known`, which is what it reads, and
 * `more`. Undefined of a record that holds nothing unknown and is of no later version. Secrets are taken out at once, so
 * that no unknown part can carry one into a file. Throws `record.corrupt` of what is nested too deep.
 */
export function newerPartsOf(
  source: Versioned,
  known: { readonly schemaVersion: number },
  more: readonly UnknownPart[] = [],
): NewerParts | undefined {
  const unknown = [...unknownIn(source.record, known, []), ...more];
  if (unknown.length === 0 && !source.isNewer) return undefined;
  const tooDeep = unknown.find(({ value }) => isDeeperThan(deepest, value));
  if (tooDeep) {
    const found = `lists or objects within each other, over ${deepest} deep`;
    throw new PlimsollError([corruptIn(source, placeOf(tooDeep.path), found, 'a figure or a text')]);
  }
  const parts = unknown.map(withoutSecrets);
  return {
    schemaVersion: Math.max(source.written, known.schemaVersion),
    parts,
    names: [...new Set(parts.map(({ path }) => placeOf(path)))],
  };
}

/** A record as it is stored: one line of JSON, with whatever a newer Plimsoll had written into it. */
export function storedText<Known extends { readonly schemaVersion: number }>(
  known: Known,
  newer: NewerParts | undefined,
): string {
  if (newer === undefined) return `${JSON.stringify(known)}\n`;
  const whole = { ...structuredClone(known), schemaVersion: newer.schemaVersion };
  for (const { path, value } of newer.parts) {
    const parent = path.slice(0, -1).reduce<unknown>((inner, key) => memberOf(inner, key), whole);
    const [key = ''] = path.slice(-1);
    if (!isObject(parent)) continue;
    // An assignment to the key `__proto__` would be none.
    Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return `${JSON.stringify(whole)}\n`;
}

function* unknownIn(stored: unknown, known: unknown, path: Path): Generator<UnknownPart> {
  if (!isObject(stored) || !isObject(known)) return;
  for (const [key, value] of Object.entries(stored)) {
    const inner = [...path, Array.isArray(stored) ? Number(key) : key];
    if (Object.hasOwn(known, key)) yield* unknownIn(value, memberOf(known, key), inner);
    else yield { path: inner, value };
  }
}

function withoutSecrets({ path, value }: UnknownPart): UnknownPart {
  const clean = redactor([]);
  const key = path.at(-1) ?? '';
  return {
    path: path.with(-1, typeof key === 'string' ? clean(key) : key),
    value: redactJson(value, clean, isSecretName(String(key))),
  };
}

/** A place in a record, whatever the position in a list: `measurement.endpoints[].gpu`. */
function placeOf(path: Path): string {
  const place = path.map((part, index) => {
    if (typeof part === 'number') return '[]';
    if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(printable(part, longestKey))}]`;
    return `${index > 0 ? '.' : ''}${printable(part, longestKey)}`;
  });
  return printable(place.join(''), longestName);
}

function isDeeperThan(depth: number, value: unknown): boolean {
  if (!isObject(value)) return false;
  return depth === 0 || Object.values(value).some(inner => isDeeperThan(depth - 1, inner));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const memberOf = (value: unknown, key: string | number) =>
  isObject(value) ? (value as { readonly [key: string | number]: unknown })[key] : undefined;
