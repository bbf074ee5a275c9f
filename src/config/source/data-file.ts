import { extname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { problem } from '../../model/error.ts';
import type { DataSet } from '../../model/run/scenario.ts';
import { megabyte, tooLarge } from '../../safety/bounded-file.ts';
import { inWords } from '../../words/value-text.ts';
import { jsonText } from './exact-json.ts';
import { readJson } from './json-document.ts';
import { type Path, placeOf, type SourceDocument } from './place.ts';
import { readText, readTextParts, shownName } from './text-file.ts';

/** The largest data files: rows of CSV are read one by one, JSON only as a whole. */
const largestCsv = 1024 * megabyte;
const largestJson = 100 * megabyte;

/** Values take more room than their text, in every thread that sends. */
const mostValues = 10_000_000;

type Table = Pick<DataSet, 'columns' | 'rows' | 'typed'>;

/** Reads a data set from a CSV file with a header row, or a JSON list of objects; `file` is absolute. */
export async function readDataSet(
  name: string,
  pick: DataSet['pick'],
  file: string,
  cwd: string,
  most = mostValues,
): Promise<DataSet> {
  const path = resolve(file);
  const shown = shownName(path, cwd);
  const extension = extname(path).toLowerCase();
  if (extension !== '.csv' && extension !== '.json') {
    await readText(path, shown);
    throw problem('file.unknown-format', { where: shown, expected: 'a .csv or .json file' });
  }
  const table =
    extension === '.csv'
      ? await fromCsv(path, shown, most)
      : fromJson(readJson(await readText(path, shown, undefined, largestJson), shown));
  if (table.rows.length === 0) {
    throw problem('data.empty', { where: shown, expected: 'at least one row of data' });
  }
  return { name, pick, ...table };
}

async function fromCsv(path: string, shown: string, most: number): Promise<Table> {
  const records: string[][] = [];
  const text = readTextParts(path, shown, largestCsv);
  try {
    await pipeline(
      text,
      parse({ bom: true, skip_empty_lines: true }),
      async (rows: AsyncIterable<string[]>) => {
        let values = 0;
        for await (const row of rows) {
          values += row.length;
          if (values > most) throw tooLarge(shown, `more than ${most} values`, `at most ${most} values`);
          records.push(row);
        }
      },
    );
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw csvProblem(error, shown);
  }
  const [columns = [], ...rows] = records;
  columns.forEach((column, index) => {
    const twice = columns.indexOf(column) !== index;
    if (!twice && column.trim() !== '') return;
    throw problem('data.invalid-columns', {
      where: `${shown}:1`,
      // Where the line with the names is missing, they are values, which no message may quote.
      found: twice
        ? `columns ${columns.indexOf(column) + 1} and ${index + 1} with one name`
        : `no name for column ${index + 1}`,
      expected: 'a first line with a name of its own for every column',
    });
  });
  return { columns, rows };
}

function csvProblem(error: CsvError, shown: string) {
  const line = Number(error.lines ?? 0);
  const where = line > 0 ? `${shown}:${line}` : shown;
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    const record = error.record as readonly string[];
    const columns = /expect (\d+)/.exec(error.message)?.[1];
    return problem('data.invalid-row', {
      where,
      found: record.length === 1 ? '1 value' : `${record.length} values`,
      expected: `${columns} values, one for each column`,
    });
  }
  return problem('file.syntax', { where, found: csvFaults[error.code] ?? 'no CSV' });
}

/** What is wrong with a text that is no CSV. The parser's own messages quote values, which may be secrets. */
const csvFaults: { readonly [code: string]: string | undefined } = {
  CSV_INVALID_CLOSING_QUOTE: 'text behind the quote that closes a value',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'text behind the quote that closes a value',
  CSV_QUOTE_NOT_CLOSED: 'a quote that is never closed',
  INVALID_OPENING_QUOTE: 'a quote within a value that does not begin with one',
};

function fromJson(document: SourceDocument): Table {
  const { value } = document;
  if (!Array.isArray(value)) {
    throw problem('data.not-a-list', {
      where: document.file,
      found: inWords(value),
      expected: 'a list of objects, such as [{ "id": 1 }, { "id": 2 }]',
    });
  }
  const columns = Object.keys((value[0] as object | undefined) ?? {});
  const rows = value.map((row: unknown, index) => {
    const keys = typeof row === 'object' && row !== null && !Array.isArray(row) ? Object.keys(row) : [];
    if (
      keys.length !== columns.length ||
      keys.length === 0 ||
      !columns.every(column => keys.includes(column))
    ) {
      throw problem('data.invalid-row', {
        where: placeOf(document, [index]),
        found: inWords(row),
        expected:
          columns.length === 0
            ? 'an object with at least one key'
            : `an object with the keys ${columns.join(', ')}`,
      });
    }
    return columns.map((column): Cell => {
      const at = [index, column];
      const cell = (row as { [key: string]: unknown })[column];
      if (typeof cell === 'string') return { text: cell, isTyped: false };
      refuseTooLarge(cell, at, document);
      return { text: cell === null ? '' : jsonText(cell, at, document), isTyped: true };
    });
  });
  const texts = { columns, rows: rows.map(cells => cells.map(({ text }) => text)) };
  const typed = rows.map(cells => cells.map(({ isTyped }) => isTyped));
  return typed.flat().includes(true) ? { ...texts, typed } : texts;
}

interface Cell {
  readonly text: string;
  readonly isTyped: boolean;
}

function refuseTooLarge(value: unknown, at: Path, document: SourceDocument): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw problem('value.invalid', {
      where: placeOf(document, at),
      found: document.exactNumber(at) ?? inWords(value),
      expected: 'a number within ±1.8e308',
    });
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    refuseTooLarge(inner, [...at, Array.isArray(value) ? Number(key) : key], document);
  }
}
