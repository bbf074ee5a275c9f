import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { PlimsollError, type Problem, problem } from '../model/error.ts';
import type { RecordHeader, RunRecord } from '../model/record.ts';
import { faultsOf } from './record-integrity.ts';
import { headerSchema, recordSchema } from './record-schema.ts';

/** The largest file that is taken for a run record, in bytes. */
const largestFile = 256 * 1024 * 1024;
/** How many problems of one record are told. */
const mostProblems = 5;

const measureAgain = 'measure again: a damaged record cannot be mended';

/**
 * Reads a run record and makes sure that it is whole: the schema, counts that add up, parallel arrays, and every
 * histogram decoded once. Throws `file.missing`, `file.unreadable` or `record.corrupt`, naming the file, the path inside
 * it and what is wrong.
 */
export async function readRecord(file: string): Promise<RunRecord> {
  const record = parseWith(recordSchema, await readVersioned(file), file);
  const problems: Problem[] = [];
  for (const { path, found, expected } of faultsOf(record.measurement)) {
    problems.push(corrupt(file, path, found, expected));
    if (problems.length === mostProblems) break;
  }
  if (problems.length > 0) throw new PlimsollError(problems);
  return record;
}

/** Reads what history needs of a run record and leaves the measurement unread; throws as `readRecord` does. */
export async function readHeader(file: string): Promise<RecordHeader> {
  const { header } = await readVersioned(file);
  return parseWith(headerSchema, header, file, ['header']);
}

async function readVersioned(file: string): Promise<{ readonly [key: string]: unknown }> {
  const json = parseJson(await readText(file), file);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new PlimsollError([corrupt(file, '', preview(json), 'a run record: a JSON object')]);
  }
  const { schemaVersion } = json as { readonly schemaVersion?: unknown };
  if (schemaVersion === 1) return json as { readonly [key: string]: unknown };
  const isNewer = typeof schemaVersion === 'number' && schemaVersion > 1;
  throw problem('record.corrupt', {
    where: `${file}: schemaVersion`,
    found: schemaVersion === undefined ? 'none' : preview(schemaVersion),
    expected: '1, the only version that this Plimsoll reads',
    instead: isNewer
      ? 'read it with the newer Plimsoll that wrote it'
      : 'give a run record, such as those in reports/runs',
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
    result.error.issues
      .slice(0, mostProblems)
      .map(issue =>
        corrupt(
          file,
          pathText([...prefix, ...issue.path]),
          preview(valueAt(value, issue.path)),
          issue.message,
        ),
      ),
  );
}

function corrupt(file: string, path: string, found: string, expected: string): Problem {
  const where = path === '' ? file : `${file}: ${path}`;
  return { code: 'record.corrupt', where, found, expected, instead: measureAgain };
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
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 79)}…` : json;
}
