import { extname, resolve } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { problem } from '../../model/error.ts';
import type { DataSet } from '../../model/run/scenario.ts';
import { inWords } from '../../words/value-text.ts';
import { jsonText } from './exact-json.ts';
import { readJson } from './json-document.ts';
import { type Path, placeOf, type SourceDocument } from './place.ts';
import { readText, shownName } from './text-file.ts';

type Table = Pick<DataSet, 'columns' | 'rows' | 'typed'>;

/** Reads a data set from a CSV file with a header row, or a JSON list of objects; `file` is absolute. */
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
