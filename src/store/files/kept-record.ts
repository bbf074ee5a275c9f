import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PlimsollError } from '../../model/error.ts';

/** Whether a record was written where it belongs. */
export interface KeptRecord {
  /** Null where it could not be written there; the problem says where it is instead. */
  readonly file: string | null;
  readonly problems: readonly PlimsollError[];
}

/**
 * Writes a record into its folder or, where that fails, into a new one for temporary files: what took minutes to measure is not lost to a full
 * disk. `write` answers the file, or throws `output.unwritable`.
 */
export async function keepRecord(
  folder: string,
  write: (folder: string) => Promise<string>,
  under: string = tmpdir(),
): Promise<KeptRecord> {
  try {
    return { file: await write(folder), problems: [] };
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    const elsewhere = await writeElsewhere(under, write);
    return { file: null, problems: [elsewhere === null ? error : withPlace(error, elsewhere)] };
  }
}

async function writeElsewhere(
  under: string,
  write: (folder: string) => Promise<string>,
): Promise<string | null> {
  const folder = await mkdtemp(join(under, 'plimsoll-record-')).catch(() => null);
  if (folder === null) return null;
  try {
    return await write(folder);
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    return null;
  }
}

function withPlace(error: PlimsollError, elsewhere: string): PlimsollError {
  const problems = error.problems.map(({ instead, ...facts }) => ({
    ...facts,
    instead: [...(instead === undefined ? [] : [instead]), `the record is saved as ${elsewhere}`].join('; '),
  }));
  return new PlimsollError(problems, { cause: error });
}
