import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import type { IndexEntry, SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { newestFirst, type StoredRuns } from '../../model/judgement/baseline.ts';
import { megabyte, readBounded } from '../../safety/bounded-file.ts';
import { exclusively, temporaryBeside } from '../../safety/temporary-file.ts';
import { indexEntryOf } from '../records/index-entry.ts';
import { indexEntryText, parseIndexEntry } from '../records/index-entry-schema.ts';
import { recordFileName, recordNames, writeRecord } from '../records/record-file.ts';
import { readRecord } from '../records/record-reader.ts';
import type { BaselineStore } from './baseline-store.ts';

/**
 * The run records of a folder, such as `reports/runs`. Their index entries are kept in `outlines/` below it, and made anew
 * where they are missing, damaged or older than the record.
 */
export function folderStore(folder: string): BaselineStore {
  return {
    kind: 'dir',
    place: folder,
    list: () => listFolder(folder),
    read: run => readRecord(run.where),
    async save(records) {
      await mkdir(folder, { recursive: true }).catch((error: Error) => {
        throw problem('output.unwritable', { where: folder, found: error.message }, { cause: error });
      });
      const saved = [];
      for (const record of records) {
        const { header, baseline = {} } = record;
        const where = join(folder, recordFileName(header));
        const isNew = baseline.accepted !== undefined || !(await isSavedAt(where));
        if (isNew) await writeRecord(folder, { ...record, baseline });
        saved.push({ id: header.id, where, isNew });
      }
      return saved;
    },
    async remove(runs) {
      for (const { where } of runs) {
        await rm(where, { force: true }).catch((error: Error) => {
          throw problem('output.unwritable', { where, found: error.message }, { cause: error });
        });
        await rm(indexFile(where), { force: true }).catch(() => {});
      }
    },
  };
}

async function listFolder(folder: string): Promise<StoredRuns> {
  const runs: StoredRun[] = [];
  const skipped: SkippedRun[] = [];
  for (const name of await recordNames(folder)) {
    const where = join(folder, name);
    try {
      runs.push({ where, entry: await indexEntryAt(where) });
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      skipped.push({ where, error });
    }
  }
  return { runs: newestFirst(runs), skipped };
}

async function indexEntryAt(file: string): Promise<IndexEntry> {
  const kept = indexFile(file);
  const [record, entry] = await Promise.all([stat(file), stat(kept)].map(found => found.catch(() => null)));
  if (record && entry && entry.mtimeMs >= record.mtimeMs) {
    const known = parseIndexEntry(await textOf(kept));
    if (known?.recordBytes === record.size) return known;
  }
  const made = indexEntryOf(await readRecord(file), record?.size);
  await keepIndexEntry(kept, made);
  return made;
}

const textOf = (path: string) =>
  readBounded({ path, shown: path, most: megabyte }).then(
    bytes => bytes.toString('utf8'),
    () => '',
  );

const indexFile = (file: string) => join(dirname(file), 'outlines', basename(file));

/** An index entry that cannot be kept is made again the next time. */
async function keepIndexEntry(file: string, entry: IndexEntry): Promise<void> {
  const temporary = temporaryBeside(file);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, indexEntryText(entry), { flag: exclusively });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Whether a whole record is there that is marked as saved: what was only run is not. */
const isSavedAt = (file: string) =>
  readRecord(file).then(
    ({ baseline }) => baseline !== undefined,
    () => false,
  );
