import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { problem } from '../../model/error.ts';
import type { IndexEntry, SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun, newestFirst, type StoredRuns } from '../../model/judgement/baseline.ts';
import type { RecordHeader, RunRecord } from '../../model/run/record.ts';
import { tooLarge } from '../../safety/bounded-file.ts';
import { inOneGo } from '../../safety/critical-section.ts';
import { largestStored } from '../files/stored-json.ts';
import { blobsThere, blobTexts, inParts } from '../git/blobs.ts';
import {
  type BranchChange,
  type BranchFile,
  commitWith,
  dataBranch,
  dataFolder,
  filesOf,
  moveBranch,
  tipOf,
  writeBlob,
} from '../git/data-branch.ts';
import type { Git } from '../git/git.ts';
import { indexEntryText, parseIndexEntry } from '../records/index-entry-schema.ts';
import { recordFileName, recordText, slug } from '../records/record-file.ts';
import { parseRecord } from '../records/record-reader.ts';
import { type BaselineStore, type Indexing, indexEntryIn, isSettled, keptEach } from './baseline-store.ts';
import { type RunIndex, readRunIndex } from './run-index.ts';

const readme = `# Baselines of Plimsoll

This branch holds measured runs: \`runs/<scenario>/<commit>/\` whole run records, \`outlines/\` the same in short.
It shares no history with the code. \`plimsoll baseline list\` shows what is here; do not edit or merge it.
`;

/**
 * Run records on the branch `plimsoll-data` of a repository, a file a run by scenario and commit, with its index entry
 * apart. Everything is done with git's plumbing: no checkout, work tree and index untouched.
 */
export function branchStore(git: Git, indexing: Indexing = {}): BaselineStore {
  let index: Promise<RunIndex> | undefined;
  const indexOf = async () => {
    index ??= dataFolder(git).then(folder => readRunIndex(join(folder, 'runs.jsonl'), indexing.signal));
    return await index;
  };
  let ofTip: { readonly tip: string; readonly files: ReadonlyMap<string, BranchFile> } | null = null;
  const filesAt = async (tip: string) => {
    // Hundreds of records may be read of one tip.
    if (ofTip?.tip !== tip) {
      ofTip = { tip, files: new Map((await filesOf(git, tip)).map(file => [file.path, file])) };
    }
    return ofTip.files;
  };
  return {
    kind: 'git',
    place: `the branch ${dataBranch}`,
    async list() {
      const tip = await tipOf(git);
      if (tip === null) return { runs: [], skipped: [] };
      return await listFiles(git, [...(await filesAt(tip)).values()], await indexOf(), indexing);
    },
    async damaged(runs) {
      const tip = await tipOf(git);
      const files = tip === null ? new Map<string, BranchFile>() : await filesAt(tip);
      const found = runs.flatMap(({ where }) => {
        const file = files.get(pathOf(where));
        return file ? [{ where, file }] : [];
      });
      const there = await blobsThere(
        git,
        found.map(({ file }) => file.blob),
      );
      return found.flatMap(({ where, file: { blob } }) =>
        there.has(blob) ? [] : [{ where, error: missingObject(where, blob) }],
      );
    },
    async read({ where }) {
      const path = pathOf(where);
      const tip = await tipOf(git);
      const file = tip === null ? undefined : (await filesAt(tip)).get(path);
      if (!file) throw problem('file.missing', { where, expected: 'a run record' });
      const texts = await blobTexts(git, [file]);
      return await inOneGo(file.bytes, () => recordIn(file, texts));
    },
    async save(records) {
      const added: BranchChange[] = [];
      for (const record of records) {
        const text = recordText(record);
        const path = pathInStore(record.header);
        added.push({ path: `runs/${path}`, blob: await writeBlob(git, text) });
        const entry = indexEntryText(indexEntryIn(record, Buffer.byteLength(text), indexing));
        added.push({ path: `outlines/${path}`, blob: await writeBlob(git, entry) });
      }
      const readmeBlob = await writeBlob(git, readme);
      let known = new Set<string>();
      await moveBranch(git, async tip => {
        const files = tip === null ? [] : await filesOf(git, tip);
        known = new Set(files.map(({ path, blob }) => `${path} ${blob}`));
        const missing = added.filter(({ path, blob }) => !known.has(`${path} ${blob}`));
        if (missing.length === 0) return tip;
        const first = files.some(({ path }) => path === 'README.md')
          ? []
          : [{ path: 'README.md', blob: readmeBlob }];
        return await commitWith(git, tip, [...first, ...missing], `Save ${counted(records.length)}`);
      });
      return records.map(({ header }) => {
        const path = `runs/${pathInStore(header)}`;
        const blob = added.find(change => change.path === path)?.blob;
        return { id: header.id, where: `${dataBranch}:${path}`, isNew: !known.has(`${path} ${blob}`) };
      });
    },
    async remove(runs) {
      const gone = new Set(runs.map(({ where }) => pathOf(where)));
      await moveBranch(git, async tip => {
        if (tip === null) return null;
        const changes = (await filesOf(git, tip))
          .filter(({ path }) => gone.has(path) || gone.has(path.replace(/^outlines\//, 'runs/')))
          .map(({ path }) => ({ path, blob: null }));
        return await commitWith(git, tip, changes, `Prune ${counted(runs.length)}`);
      });
    },
  };
}

/** `<scenario>/<commit>/<file>`; a run outside any repository has no commit. */
function pathInStore(header: RecordHeader): string {
  const commit = slug(header.fingerprint.git?.commit ?? '', 64) || 'no-commit';
  return `${slug(header.scenario, 60) || 'scenario'}/${commit}/${recordFileName(header)}`;
}

const pathOf = (where: string) => where.slice(dataBranch.length + 1);
const counted = (runs: number) => (runs === 1 ? '1 baseline' : `${runs} baselines`);

async function listFiles(
  git: Git,
  files: readonly BranchFile[],
  index: RunIndex,
  indexing: Indexing,
): Promise<StoredRuns> {
  const runs: StoredRun[] = [];
  const skipped: SkippedRun[] = [];
  const records = files.filter(({ path }) => /^runs\/.+\.json$/.test(path));
  const add = (file: BranchFile, entry: IndexEntry) => {
    index.set(file.blob, { entry });
    runs.push({ where: whereOf(file), entry });
  };
  const unknown = records.filter(file => {
    const known = index.get(file.blob)?.entry;
    if (!known || !isSettled(known, indexing)) return true;
    runs.push({ where: whereOf(file), entry: known });
    return false;
  });
  const entries = await indexEntriesOf(git, files, new Set(unknown.map(({ path }) => path)));
  const unlisted = unknown.filter(file => {
    const known = entries.get(file.path);
    if (known?.recordBytes !== file.bytes || !isSettled(known, indexing)) return true;
    add(file, known);
    return false;
  });
  let done = records.length - unlisted.length;
  for (const some of inParts(unlisted)) {
    const texts = await blobTexts(git, some);
    for (const file of some) {
      // Records of git come many at once: signals are heeded between them.
      await turn();
      indexing.signal?.throwIfAborted();
      indexing.tell?.({ done, of: records.length });
      done += 1;
      try {
        const entryOf = () => indexEntryIn(recordIn(file, texts), file.bytes, indexing);
        add(file, await inOneGo(file.bytes, entryOf));
      } catch (error) {
        if (!isOfOneRun(error)) throw error;
        skipped.push({ where: whereOf(file), error });
      }
      if (done % keptEach === 0) await index.keep();
    }
  }
  indexing.tell?.({ done, of: records.length });
  await index.keep(records.map(({ blob }) => blob));
  return { runs: newestFirst(runs), skipped };
}

const whereOf = ({ path }: BranchFile) => `${dataBranch}:${path}`;

/** The index entries on the branch of some records that are whole, by the path of the record. */
async function indexEntriesOf(
  git: Git,
  files: readonly BranchFile[],
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, IndexEntry>> {
  const entries = new Map<string, IndexEntry>();
  const pathOfRecord = (path: string) => path.replace(/^outlines\//, 'runs/');
  const kept = files.filter(({ path }) => path.startsWith('outlines/') && wanted.has(pathOfRecord(path)));
  for (const some of inParts(kept)) {
    const texts = await blobTexts(git, some);
    for (const { path, blob } of some) {
      const entry = parseIndexEntry(texts.get(blob) ?? '');
      if (entry) entries.set(pathOfRecord(path), entry);
    }
  }
  return entries;
}

function recordIn(file: BranchFile, texts: ReadonlyMap<string, string>): RunRecord {
  const where = whereOf(file);
  const text = texts.get(file.blob);
  if (text !== undefined) return parseRecord(text, where);
  if (file.bytes > largestStored) throw tooLarge(where, file.bytes, largestStored);
  throw missingObject(where, file.blob);
}

function missingObject(where: string, blob: string) {
  return problem('record.corrupt', {
    where,
    found: `the object ${blob.slice(0, 12)}, which is missing or damaged`,
  });
}
