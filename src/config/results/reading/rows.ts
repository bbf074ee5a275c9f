import { pipeline } from 'node:stream/promises';
import { problem } from '../../../model/error.ts';
import { megabyte } from '../../../safety/bounded-file.ts';
import { readTextParts } from '../../source/text-file.ts';
import type { ResultFile } from './result-format.ts';
import { isMembers } from './values.ts';

/** The largest file that is read line by line, and the longest line of it. */
const largestFile = 256 * 1024 * megabyte;
const longestLine = 16 * megabyte;

/** Calls `take` with each line that is not empty, and its number from 1. Memory does not grow with the file. */
export async function eachLine(
  { path, shown }: ResultFile,
  take: (line: string, number: number) => void,
): Promise<void> {
  let [rest, number] = ['', 0];
  const takeLine = (line: string) => {
    number += 1;
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text !== '') take(text, number);
  };
  for await (const part of readTextParts(path, shown, largestFile)) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) takeLine(line);
    if (rest.length <= longestLine) continue;
    throw problem('file.syntax', { where: `${shown}:${number + 1}`, found: 'a line of more than 16 MB' });
  }
  takeLine(rest);
}

/**
 * Calls `take` with the JSON object of each line, and its number from 1. Lines without `needed` are not even parsed. Throws
 * `file.syntax` of a line that is no object, such as the last of a file that breaks off.
 */
export async function eachObject(
  file: ResultFile,
  take: (object: { readonly [member: string]: unknown }, number: number) => void,
  needed = '',
): Promise<void> {
  await eachLine(file, (line, number) => {
    if (line.includes(needed)) take(objectIn(line, `${file.shown}:${number}`), number);
  });
}

function objectIn(line: string, where: string): { readonly [member: string]: unknown } {
  try {
    const value: unknown = JSON.parse(line);
    if (isMembers(value)) return value;
  } catch {
    // Told below.
  }
  throw problem('file.syntax', { where, found: 'a line that is no JSON object' });
}

/** A line of CSV by the names of its columns. */
export interface CsvRow {
  /** Undefined where the row has no such column. */
  readonly cell: (column: string) => string | undefined;
  /** Where it stands, for errors. */
  readonly where: (column: string) => string;
}

/** Calls `take` with each row of a CSV file, by the names in its first line, or by `columns` where it has no such line. */
export async function eachRow(
  { path, shown }: ResultFile,
  take: (row: CsvRow) => void,
  { columns, delimiter = ',' }: { readonly columns?: readonly string[]; readonly delimiter?: string } = {},
): Promise<void> {
  const { CsvError, parse } = await import('csv-parse');
  const places = new Map<string, number>();
  const setColumns = (names: readonly string[]) =>
    names.forEach((name, index) => {
      places.set(name.trim(), index);
    });
  if (columns) setColumns(columns);
  let cells: readonly string[] = [];
  let line = 0;
  const row: CsvRow = {
    cell: column => cells[places.get(column) ?? -1],
    where: column => `${shown}:${line}: ${column}`,
  };
  try {
    await pipeline(
      readTextParts(path, shown, largestFile),
      parse({
        bom: true,
        delimiter,
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: longestLine,
      }),
      async (
        rows: AsyncIterable<{ readonly record: string[]; readonly info: { readonly lines: number } }>,
      ) => {
        for await (const { record, info } of rows) {
          if (places.size === 0) {
            setColumns(record);
            continue;
          }
          cells = record;
          line = info.lines;
          take(row);
        }
      },
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const where = typeof error.lines === 'number' ? `${shown}:${error.lines}` : shown;
    throw problem('file.syntax', { where, found: 'a line that is no CSV' }, { cause: error });
  }
}

/** The names in the first line of a CSV file, of its beginning. */
export function headerOf(head: string, delimiter = ','): readonly string[] {
  const [first = ''] = head.split(/\r?\n/, 1);
  return first.split(delimiter).map(name => name.replace(/^"|"$/g, '').trim());
}
