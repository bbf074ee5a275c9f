import { stat } from 'node:fs/promises';
import type * as z from 'zod';
import { PlimsollError, type Problem, problem } from '../../model/error.ts';
import { megabyte, readBounded } from '../../safety/bounded-file.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { expectedWords } from './expected-words.ts';
import type { JsonObject, Migration } from './migration.ts';

/** What kind of file is read. */
export interface StoredKind {
  /** For instance `run record`. */
  readonly noun: string;
  /** Where such files are, as a rule. */
  readonly folder: string;
  /** Files that are easily taken for it, and what they are. */
  readonly others: readonly {
    readonly is: (json: JsonObject) => boolean;
    readonly what: string;
  }[];
  /** From each earlier version to the next; the version that is read follows from how many there are. */
  readonly migrations: readonly Migration[];
}

/** A stored record as one of this version, before it is checked. */
export interface Versioned {
  readonly file: string;
  readonly record: JsonObject;
  /** The version that it was written in: an earlier one, this one, or that of a newer Plimsoll. */
  readonly written: number;
  readonly isNewer: boolean;
  /** A path of this version as the file has it. */
  readonly pathInFile: (path: readonly PropertyKey[]) => readonly PropertyKey[];
}

/** How many problems of one file are told. */
export const mostProblems = 5;
/** The largest file that is read, in bytes. */
export const largestStored = 64 * megabyte;
/** How many characters of a value, and of any other part of a problem, are told, and how deep. */
const longestPreview = 80;
const longestWords = 400;
const deepestPreview = 3;

/** What is missing or unknown may be all that is wrong: the format has grown. */
const otherVersion = 'read it with the Plimsoll that wrote it, or measure again';

/** The text of a stored file; throws `file.missing`, `file.unreadable`, `file.not-regular` or `file.too-large`. */
export async function readStored(file: string, kind: StoredKind): Promise<string> {
  const expected = `a ${kind.noun}`;
  try {
    const found = await stat(file);
    if (found.isDirectory()) {
      throw problem('file.unreadable', {
        where: file,
        found: 'a folder',
        expected,
        instead: `give one file of the folder, such as ${kind.folder}/….json`,
      });
    }
    return (await readBounded({ path: file, shown: file, most: largestStored, expected })).toString('utf8');
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw isMissing
      ? problem('file.missing', { where: file, expected }, { cause: error })
      : problem('file.unreadable', { where: file, found: message }, { cause: error });
  }
}

/**
 * The JSON object of a file as one of this version. An earlier version is migrated; a later one is taken as it is, since it may
 * hold all that is needed. Throws `record.other-kind` of another kind of file, or `record.corrupt`.
 */
export function parseVersioned(content: string, file: string, kind: StoredKind): Versioned {
  const json = parseJson(content, file, kind);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PlimsollError([corrupt(file, '', preview(json), `a ${kind.noun}: a JSON object`)]);
  }
  const object = json as JsonObject;
  const instead = `give a ${kind.noun}, such as those in ${kind.folder}`;
  const other = kind.others.find(({ is }) => is(object));
  if (other) {
    throw problem('record.other-kind', {
      where: file,
      found: other.what,
      expected: `a ${kind.noun}`,
      instead,
    });
  }
  const { schemaVersion } = object;
  const present = kind.migrations.length + 1;
  if (typeof schemaVersion !== 'number' || !Number.isInteger(schemaVersion) || schemaVersion < 1) {
    throw problem('record.corrupt', {
      where: `${file}: schemaVersion`,
      found: schemaVersion === undefined ? 'none' : preview(schemaVersion),
      expected: present === 1 ? '1' : `1 to ${present}`,
      instead,
    });
  }
  const steps = kind.migrations.slice(schemaVersion - 1);
  const migrated = steps.reduce((record, { migrate }) => migrate(record), object);
  return {
    file,
    record: { ...migrated, schemaVersion: present },
    written: schemaVersion,
    isNewer: schemaVersion > present,
    pathInFile: path => steps.reduceRight((later, { pathBefore }) => pathBefore(later), path),
  };
}

function parseJson(content: string, file: string, { noun, folder }: StoredKind): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    const start = content.trimStart();
    if (start !== '' && !/^[[{"]/.test(start)) {
      throw problem(
        'record.other-kind',
        {
          where: file,
          found: 'a text that is not JSON',
          expected: `a ${noun}`,
          instead: `give a ${noun}, such as those in ${folder}; \`plimsoll run\` takes a scenario`,
        },
        { cause: error },
      );
    }
    const found = start === '' ? 'an empty file' : `JSON that breaks off or is damaged: ${String(error)}`;
    throw new PlimsollError([corrupt(file, '', found, `a whole ${noun}`)], { cause: error });
  }
}

/** A value of a record as a schema reads it; else throws `record.corrupt` with the path of each problem, after `prefix`. */
export function parseChecked<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  source: Versioned,
  prefix: readonly PropertyKey[] = [],
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PlimsollError(
    result.error.issues.slice(0, mostProblems).map(issue => {
      const found = valueAt(value, issue.path);
      const path = pathText(source.pathInFile([...prefix, ...issue.path]));
      const told = corruptIn(source, path, preview(found), expectedWords(issue));
      return found === undefined && !source.isNewer ? { ...told, instead: otherVersion } : told;
    }),
  );
}

/** What is wrong at a path of a record; of one by a newer Plimsoll, that may be all that is new. */
export function corruptIn(
  { file, isNewer }: Versioned,
  path: string,
  found: string,
  expected: string,
): Problem {
  return { ...corrupt(file, path, found, expected), ...(isNewer ? { code: 'record.newer-version' } : {}) };
}

function corrupt(file: string, path: string, found: string, expected: string): Problem {
  const where = path === '' ? file : `${file}: ${shortened(path, longestWords)}`;
  const words = { found: shortened(found, longestWords), expected: shortened(expected, longestWords) };
  return { code: 'record.corrupt', where, ...words };
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as { readonly [key: PropertyKey]: unknown })[key]
        : undefined,
    value,
  );
}

/** A value in at most 80 characters. */
function preview(value: unknown): string {
  return value === undefined ? 'nothing' : shortened(beginningOf(value, 0), longestPreview);
}

function shortened(text: string, longest: number): string {
  return printable(text.length > longest ? `${text.slice(0, longest - 1)}…` : text, longest);
}

/** Enough of a value's JSON, however deep and large it is. */
function beginningOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, longestPreview));
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  if (depth === deepestPreview) return isList ? '[…]' : '{…}';
  const inner = (one: unknown) => beginningOf(one, depth + 1);
  if (isList) return `[${value.slice(0, longestPreview).map(inner).join(',')}]`;
  const fields = Object.entries(value).slice(0, longestPreview);
  return `{${fields.map(([key, one]) => `${inner(key)}:${inner(one)}`).join(',')}}`;
}
