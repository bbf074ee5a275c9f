import { ForeignValue, UserFunction, type UserModule } from '../../model/code/user-module.ts';

/** The way from a document's root to a value: member names and list indexes. */
export type Path = readonly (string | number)[];

/** A place in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file that was read, with the places of its values. */
export interface SourceDocument {
  /** The file's name as people are shown it. */
  readonly file: string;
  readonly value: unknown;
  /** Where a value, or the nearest thing around it, is written; undefined where that is unknown. */
  readonly locate: (path: Path) => Position | undefined;
  /** The number at a path as JSON writes it, where a double cannot say the same: `1.10`, or a 64-bit id. */
  readonly exactNumber: (path: Path) => string | undefined;
  /** There where the document is what a module exports. */
  readonly module?: UserModule;
}

/** A value that a program hands over, as a document: errors say the path inside it. What is `undefined` is left out. */
export function documentOf(name: string, value: unknown): SourceDocument {
  return {
    file: name,
    value: withoutUndefined(value),
    locate: () => undefined,
    exactNumber: () => undefined,
  };
}

/** Whether a value stands for one that only code can hold. */
export function isFromCode(value: unknown): value is UserFunction | ForeignValue {
  return value instanceof UserFunction || value instanceof ForeignValue;
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null || isFromCode(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[key, withoutUndefined(item)]],
    ),
  );
}

/** A path as people write it: `journeys[0].steps[1].expect`, `endpoints["GET /api"]`. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[\w$-]+$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** A file with line and column, and the path inside it: `scenarios/a.yaml:12:9: journeys[0].weight`. */
export function placeOf(document: SourceDocument, path: Path): string {
  const file = placeInFile(document.file, document.locate(path));
  return path.length === 0 ? file : `${file}: ${formatPath(path)}`;
}

/** A file with line and column where they are known: `scenarios/a.yaml:12:9`. */
export function placeInFile(file: string, position: Position | undefined): string {
  return position === undefined ? file : `${file}:${position.line}:${position.column}`;
}

/** The value at a path; undefined where there is none. Names on the prototype are no values. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}
