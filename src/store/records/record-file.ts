import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import type { RecordHeader, RunRecord } from '../../model/run/record.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { storedText } from './newer-parts.ts';
import { readHeader } from './record-reader.ts';
import type { CheckedRecord } from './record-schema.ts';

/** A run record in a folder, by its header. */
export interface RecordEntry {
  readonly file: string;
  readonly header: RecordHeader;
}

/** What a folder of run records holds. */
export interface RecordList {
  /** Newest first. */
  readonly records: readonly RecordEntry[];
  /** Files that could not be read, with what is wrong; they are left where they are. */
  readonly skipped: readonly { readonly file: string; readonly error: PlimsollError }[];
}

/** A file name of scenario, start (UTC) and id, safe on every file system, that sorts by start within a scenario. */
export function recordFileName({
  scenario,
  startedAt,
  id,
}: Pick<RecordHeader, 'scenario' | 'startedAt' | 'id'>): string {
  const start = startedAt.replace(/\.\d+/, '').replaceAll(/[^0-9TZ]/g, '');
  return `${slug(scenario, 60) || 'scenario'}-${start}-${slug(id, 40) || 'run'}.json`;
}

/** A run record as it is stored: one line of JSON. */
export function recordText(record: RunRecord): string {
  const { schemaVersion, header, measurement, baseline }: CheckedRecord = record;
  return storedText({ schemaVersion, header, measurement, baseline }, record.newer);
}

/**
 * Writes a run record into an existing folder and returns its path. Readers see all of it or nothing. Throws
 * `output.unwritable`.
 */
export async function writeRecord(folder: string, record: RunRecord): Promise<string> {
  const file = join(folder, recordFileName(record.header));
  await writeAtomically(file, recordText(record));
  return file;
}

/** Lists the run records of a folder by their headers, newest first; of a folder that does not exist, none. */
export async function listRecords(folder: string): Promise<RecordList> {
  const records: RecordEntry[] = [];
  const skipped: { file: string; error: PlimsollError }[] = [];
  for (const name of await recordNames(folder)) {
    const file = join(folder, name);
    try {
      records.push({ file, header: await readHeader(file) });
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      skipped.push({ file, error });
    }
  }
  const startOf = ({ header }: RecordEntry) => Date.parse(header.startedAt);
  return { records: records.sort((one, other) => startOf(other) - startOf(one)), skipped };
}

/** The names of the record files in a folder, sorted; of a folder that does not exist, none. */
export async function recordNames(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter(name => name.endsWith('.json')).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw problem('file.unreadable', { where: folder, found: message }, { cause: error });
  }
}

/** A name in lower-case letters, digits and hyphens alone, which every file system and git take; it may be empty. */
export function slug(name: string, longest: number): string {
  const words =
    name
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, longest).replace(/-$/, '');
}
