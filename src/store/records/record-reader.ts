import { PlimsollError, type Problem } from '../../model/error.ts';
import type { RecordHeader, RunRecord } from '../../model/run/record.ts';
import {
  corrupt,
  mostProblems,
  parseChecked,
  parseVersioned,
  readStored,
  type StoredKind,
} from '../files/stored-json.ts';
import { faultsOf } from './record-integrity.ts';
import { headerSchema, recordSchema } from './record-schema.ts';

const runRecord: StoredKind = {
  noun: 'run record',
  folder: 'reports/runs',
  others: [
    {
      is: ({ header, measurement, runs }) =>
        header === undefined && measurement === undefined && Array.isArray(runs),
      what: 'a summary, which holds what a run came to and not what was measured',
    },
    { is: ({ contestants }) => contestants !== undefined, what: 'a duet, which is no run' },
  ],
};

/**
 * Reads a run record and makes sure that it is whole: the schema, counts that add up, parallel arrays, and every
 * histogram decoded once. Throws `file.missing`, `file.unreadable`, `file.format` or `record.corrupt`, naming the file,
 * the path inside it and what is wrong.
 */
export async function readRecord(file: string): Promise<RunRecord> {
  return parseRecord(await readStored(file, runRecord), file);
}

/** The same of a record's text; `where` says where that comes from. */
export function parseRecord(content: string, where: string): RunRecord {
  const record = parseChecked(recordSchema, parseVersioned(content, where, runRecord), where);
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
  const { header } = parseVersioned(await readStored(file, runRecord), file, runRecord);
  return parseChecked(headerSchema, header, file, ['header']);
}
