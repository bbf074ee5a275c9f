import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { PlimsollError, type Problem, problem } from '../model/error.ts';
import type { RecordHeader, RunRecord } from '../model/record.ts';
import { expectedWords } from './expected-words.ts';
import { faultsOf } from './record-integrity.ts';
import { headerSchema, recordSchema } from './record-schema.ts';

/** The largest file that is taken for a run record, in bytes. */
const largestFile = 256 * 1024 * 1024;
/** How many problems of one record are told. */
const mostProblems = 5;
/** How many characters of a value, and of any other part of a problem, are told, and how deep. */
const longestPreview = 80;
const longestWords = 400;
const deepestPreview = 3;

const measureAgain = 'measure again: a damaged record cannot be mended';
const runRecords = 'give a run record, such as those in reports/runs';
/** What is missing or unknown may be all that is wrong: the format has grown. */
const otherVersion = 'read it with the Plimsoll that wrote it, or measure again';

/**
 * Reads a run record and makes sure that it is whole: the schema, counts that add up, parallel arrays, and every
 * histogram decoded once. Throws `file.missing`, `file.unreadable`, `file.format` or `record.corrupt`, naming the file,
 * the path inside it and what is wrong.
 */
export async function readRecord(file: string): Promise<RunRecord> {
  return parseRecord(await readText(file), file);
}

/** The same of a record's text; `where` says where that comes from. */
export function parseRecord(content: string, where: string): RunRecord {
  const record = parseWith(recordSchema, versioned(content, where), where);
  const problems: Problem[] = [];
  for (const { path, found, expected } of faultsOf(record.measurement)) {
    problems.push(corrupt(where, path, found, expected));
    if (problems.length === mostProblems) break;
  }
  if (problems.length > 0) throw new PlimsollError(problems);
  return record;
}

/** Reads what history needs of a run record and leaves the measurement unread; throws as `readRecord` does. */
export async function readHeader(file: string): Promise<RecordHeader> {
  const { header } = versioned(await readText(file), file);
  return parseWith(headerSchema, header, file, ['header']);
}

function versioned(content: string, file: string): { readonly [key: string]: unknown } {
  const json = parseJson(content, file);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PlimsollError([corrupt(file, '', preview(json), 'a run record: a JSON object')]);
  }
  const { schemaVersion, header, measurement, runs } = json as { readonly [key: string]: unknown };
  if (header === undefined && measurement === undefined && Array.isArray(runs)) {
    throw problem('file.format', {
      where: file,
      found: 'a summary, which holds what a run came to and not what was measured',
      expected: 'a run record',
      instead: runRecords,
    });
  }
  if (schemaVersion === 1) return json as { readonly [key: string]: unknown };
  const isNewer = typeof schemaVersion === 'number' && schemaVersion > 1;
  throw problem('record.corrupt', {
    where: `${file}: schemaVersion`,
    found: schemaVersion === undefined ? 'none' : preview(schemaVersion),
    expected: '1, the only version that this Plimsoll reads',
    instead: isNewer ? 'read it with the newer Plimsoll that wrote it' : runRecords,
  });
}

async function readText(file: string): Promise<string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) {
      throw problem('file.unreadable', {
        where: file,
        found: found.isDirectory() ? 'a folder' : 'something that is no regular file',
        expected: 'a run record',
        instead: 'give one file of the folder, such as reports/runs/….json',
      });
    }
    if (found.size > largestFile) {
      throw problem('record.corrupt', {
        where: file,
        found: `${Math.round(found.size / 1024 / 1024)} MB`,
        expected: `at most ${largestFile / 1024 / 1024} MB, which no run record exceeds`,
      });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof PlimsollError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    throw isMissing
      ? problem('file.missing', { where: file, expected: 'a run record' }, { cause: error })
      : problem('file.unreadable', { where: file, found: message }, { cause: error });
  }
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    const found =
      content.trim() === '' ? 'an empty file' : `JSON that breaks off or is damaged: ${String(error)}`;
    throw new PlimsollError([corrupt(file, '', found, 'a whole run record')], { cause: error });
  }
}

function parseWith<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  file: string,
  prefix: readonly PropertyKey[] = [],
): Output {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PlimsollError(
    result.error.issues.slice(0, mostProblems).map(issue => {
      const found = valueAt(value, issue.path);
      const isGrown = found === undefined || issue.code === 'unrecognized_keys';
      return {
        ...corrupt(file, pathText([...prefix, ...issue.path]), preview(found), expectedWords(issue)),
        ...(isGrown ? { instead: otherVersion } : {}),
      };
    }),
  );
}

function corrupt(file: string, path: string, found: string, expected: string): Problem {
  const where = path === '' ? file : `${file}: ${shortened(path, longestWords)}`;
  const words = { found: shortened(found, longestWords), expected: shortened(expected, longestWords) };
  return { code: 'record.corrupt', where, ...words, instead: measureAgain };
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

/** A value in at most 80 characters; JSON escapes whatever would disturb a terminal. */
function preview(value: unknown): string {
  return value === undefined ? 'nothing' : shortened(beginningOf(value, 0), longestPreview);
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
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
