import { extname, resolve } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { problem } from '../../model/error.ts';
import type { DataSet } from '../../model/run/scenario.ts';
import { inWords } from '../../words/value-text.ts';
import { readJson } from './json-document.ts';
import { placeOf, type SourceDocument } from './place.ts';
import { readText, shownName } from './text-file.ts';

type Table = Pick<DataSet, 'columns' | 'rows'>;

/** Reads a data set from a CSV file with a header row, or a JSON list of flat objects; `file` is absolute. */
export async function readDataSet(
  name: string,
  pick: DataSet['pick'],
  file: string,
  cwd: string,
): Promise<DataSet> {
  const path = resolve(file);
  const shown = shownName(path, cwd);
  const extension = extname(path).toLowerCase();
  const text = await readText(path, shown);
  if (extension !== '.csv' && extension !== '.json') {
    throw problem('file.unknown-format', { where: shown, expected: 'a .csv or .json file' });
  }
  const table = extension === '.csv' ? fromCsv(text, shown) : fromJson(readJson(text, shown));
  if (table.rows.length === 0) {
    throw problem('data.empty', { where: shown, expected: 'at least one row of data' });
  }
  return { name, pick, ...table };
}

function fromCsv(text: string, shown: string): Table {
  let records: string[][];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true });
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
      found: twice ? `the column ${JSON.stringify(column)} twice` : `no name for column ${index + 1}`,
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
  return problem('file.syntax', { where, found: error.message });
}

function fromJson(document: SourceDocument): Table {
  const { value } = document;
  if (!Array.isArray(value)) {
    throw problem('data.not-a-list', {
      where: document.file,
      found: inWords(value),
      expected: 'a list of flat objects, such as [{ "id": 1 }, { "id": 2 }]',
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
    return columns.map(column =>
      cell((row as { [key: string]: unknown })[column], document, [index, column]),
    );
  });
  return { columns, rows };
}

function cell(value: unknown, document: SourceDocument, path: readonly (string | number)[]): string {
  if (value === null) return '';
  const isTooLarge = typeof value === 'number' && !Number.isFinite(value);
  const text = typeof value === 'number' ? document.exactNumber(path) : undefined;
  if (typeof value !== 'object' && !isTooLarge) return text ?? String(value);
  throw problem(isTooLarge ? 'value.invalid' : 'data.invalid-row', {
    where: placeOf(document, path),
    found: text ?? inWords(value),
    expected: isTooLarge ? 'a number within ±1.8e308' : 'text, a number, true, false or null',
  });
}
