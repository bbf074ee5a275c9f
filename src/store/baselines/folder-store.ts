import { mkdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PlimsollError, problem } from '../../model/error.ts';
import type { SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { newestFirst, type StoredRuns } from '../../model/judgement/baseline.ts';
import { megabyte, readBounded } from '../../safety/bounded-file.ts';
import { inOneGo } from '../../safety/critical-section.ts';
import { parseIndexEntry } from '../records/index-entry-schema.ts';
import { recordFileName, recordNames, writeRecord } from '../records/record-file.ts';
import { readRecord } from '../records/record-reader.ts';
import { type BaselineStore, type Indexing, indexEntryIn, isSettled, keptEach } from './baseline-store.ts';
import { type IndexedRun, type RunIndex, readRunIndex } from './run-index.ts';

/** How many files are looked at, or removed, at once. */
const atOnce = 64;

/**
 * The run records of a folder, such as `reports/runs`. Their index is kept in `outlines/` below it, and made anew as far as it
 * is missing, damaged or of another state of a record.
 */
export function folderStore(folder: string, indexing: Indexing = {}): BaselineStore {
  let index: Promise<RunIndex> | undefined;
  const indexOf = () => {
    index ??= readRunIndex(join(folder, 'outlines', 'index.jsonl'), indexing.signal);
    return index;
  };
  return {
    kind: 'dir',
    place: folder,
    list: async () => listFolder(folder, await indexOf(), indexing),
    async read(run) {
      indexing.signal?.throwIfAborted();
      return await inOneGo(run.entry.recordBytes, () => readRecord(run.where));
    },
    async damaged(runs) {
      const known = await indexOf();
      const states = await statesOf(runs.map(({ where }) => where));
      const skipped: SkippedRun[] = [];
      for (const [done, { where }] of runs.entries()) {
        indexing.signal?.throwIfAborted();
        indexing.tell?.({ done, of: runs.length });
        const state = states.get(where);
        if (state && known.get(state.key)?.changedMs === state.changedMs) continue;
        await inOneGo(state?.bytes, () => readRecord(where)).catch((error: unknown) => {
          if (!(error instanceof PlimsollError)) throw error;
          skipped.push({ where, error });
        });
      }
      indexing.tell?.({ done: runs.length, of: runs.length });
      return skipped;
    },
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
      for (let from = 0; from < runs.length; from += atOnce) {
        await Promise.all(runs.slice(from, from + atOnce).map(({ where }) => removeRun(where)));
      }
    },
  };
}

/** Removes a record, and what an earlier version kept of it; one that is gone already is no mistake. */
async function removeRun(where: string): Promise<void> {
  await unlink(where).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return;
    throw problem('output.unwritable', { where, found: error.message }, { cause: error });
  });
  await unlink(earlierEntryFile(where)).catch(() => {});
}

async function listFolder(folder: string, index: RunIndex, indexing: Indexing): Promise<StoredRuns> {
  const files = (await recordNames(folder)).map(name => join(folder, name));
  const states = await statesOf(files);
  const runs: StoredRun[] = [];
  const skipped: SkippedRun[] = [];
  const keys = new Set<string>();
  let made = 0;
  for (const [done, where] of files.entries()) {
    const state = states.get(where);
    const known = state && index.get(state.key)?.entry;
    if (known && isSettled(known, indexing)) {
      keys.add(state.key);
      runs.push({ where, entry: known });
      continue;
    }
    indexing.signal?.throwIfAborted();
    indexing.tell?.({ done, of: files.length });
    try {
      const found = await indexedAt(where, state, indexing);
      runs.push({ where, entry: found.entry });
      if (!state) continue;
      keys.add(state.key);
      index.set(state.key, found);
      made += 1;
      if (made % keptEach === 0) await index.keep();
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      skipped.push({ where, error });
    }
  }
  indexing.tell?.({ done: files.length, of: files.length });
  await index.keep(keys);
  return { runs: newestFirst(runs), skipped };
}

/** What can be seen of a file without reading it. */
interface FileState {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
}

/** The states of those of some files that are there. */
async function statesOf(files: readonly string[]): Promise<ReadonlyMap<string, FileState>> {
  const states = new Map<string, FileState>();
  for (let from = 0; from < files.length; from += atOnce) {
    const some = files.slice(from, from + atOnce);
    const found = await Promise.all(some.map(file => stat(file).catch(() => null)));
    for (const [index, file] of some.entries()) {
      const { size, mtimeMs, ctimeMs } = found[index] ?? {};
      if (size === undefined || mtimeMs === undefined || ctimeMs === undefined) continue;
      // What comes back from an archive, such as a cache of CI, may have lost all but the second.
      const key = `${size} ${Math.floor(mtimeMs / 1_000)} ${basename(file)}`;
      states.set(file, { key, bytes: size, modifiedMs: mtimeMs, changedMs: ctimeMs });
    }
  }
  return states;
}

/** The index entry of a record, from the file in which an earlier version kept it, or made anew. */
async function indexedAt(
  file: string,
  state: FileState | undefined,
  indexing: Indexing,
): Promise<IndexedRun> {
  const earlier = earlierEntryFile(file);
  const kept = state && (await stat(earlier).catch(() => null));
  if (kept && kept.mtimeMs >= state.modifiedMs) {
    const known = parseIndexEntry(await textOf(earlier));
    if (known?.recordBytes === state.bytes && isSettled(known, indexing)) return { entry: known };
  }
  return await inOneGo(state?.bytes, async () => {
    const entry = indexEntryIn(await readRecord(file), state?.bytes, indexing);
    return { entry, changedMs: state?.changedMs };
  });
}

const textOf = (path: string) =>
  readBounded({ path, shown: path, most: megabyte }).then(
    bytes => bytes.toString('utf8'),
    () => '',
  );

/** Earlier versions kept each index entry in a file of its own. */
const earlierEntryFile = (file: string) => join(dirname(file), 'outlines', basename(file));

/** Whether a whole record is there that is marked as saved: what was only run is not. */
const isSavedAt = (file: string) =>
  readRecord(file).then(
    ({ baseline }) => baseline !== undefined,
    () => false,
  );
