import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuetRecord } from '../../model/duet/duet.ts';
import { problem } from '../../model/error.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { readStored } from '../files/stored-json.ts';
import { type CheckedDuet, duetSchema } from './duet-schema.ts';
import { migrations } from './migrations.ts';
import { storedText } from './newer-parts.ts';
import { recordFileName } from './record-file.ts';
import { parseStored, type RecordKind } from './stored-record.ts';

const duetRecord: RecordKind<CheckedDuet> = {
  noun: 'duet record',
  folder: 'reports/duets',
  others: [
    { is: ({ measurement }) => measurement !== undefined, what: 'a run record, which holds one run' },
    {
      is: ({ findings, verdict }) => findings !== undefined && verdict !== undefined,
      what: 'a summary, which holds what a duet came to and not what was measured',
    },
  ],
  migrations: migrations.duet,
  schema: duetSchema,
};

/**
 * Writes a duet into a folder, which is made where it is missing, and returns the file. Readers see all of it or
 * nothing. Throws `output.unwritable`.
 */
export async function writeDuet(folder: string, record: DuetRecord): Promise<string> {
  await mkdir(folder, { recursive: true }).catch((error: Error) => {
    throw problem('output.unwritable', { where: folder, found: error.message }, { cause: error });
  });
  const file = join(folder, recordFileName(record.header));
  const { newer, ...known } = record;
  const whole: CheckedDuet = known;
  await writeAtomically(file, storedText(whole, newer));
  return file;
}

/**
 * Reads a duet and makes sure that it is whole. Throws `file.missing`, `file.unreadable`, `record.other-kind` or
 * `record.corrupt`, naming the file, the path inside it and what is wrong.
 */
export async function readDuet(file: string): Promise<DuetRecord> {
  return parseStored(await readStored(file, duetRecord), file, duetRecord);
}
