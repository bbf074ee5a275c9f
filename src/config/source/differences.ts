import type { Path } from './place.ts';

/** A place where two values differ; what is not there is undefined. */
export interface Difference {
  readonly path: Path;
  readonly base: unknown;
  readonly head: unknown;
}

/** Where two values of a document differ, at the innermost maps and lists that both have; a list of another length differs as a whole. */
export function differences(base: unknown, head: unknown, path: Path = []): readonly Difference[] {
  if (Array.isArray(base) && Array.isArray(head) && base.length === head.length) {
    return base.flatMap((item, index) => differences(item, head[index], [...path, index]));
  }
  if (isMap(base) && isMap(head)) {
    const keys = new Set([...Object.keys(base), ...Object.keys(head)]);
    return [...keys].flatMap(key => differences(own(base, key), own(head, key), [...path, key]));
  }
  return JSON.stringify(base) === JSON.stringify(head) ? [] : [{ path, base, head }];
}

const isMap = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (map: { readonly [key: string]: unknown }, key: string) =>
  Object.hasOwn(map, key) ? map[key] : undefined;
