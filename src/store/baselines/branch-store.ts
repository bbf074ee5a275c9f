import { problem } from '../../model/error.ts';
import type { IndexEntry, SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun, newestFirst, type StoredRuns } from '../../model/judgement/baseline.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import {
  type BranchChange,
  type BranchFile,
  commitWith,
  dataBranch,
  filesOf,
  moveBranch,
  tipOf,
  writeBlob,
} from '../git/data-branch.ts';
import { type Git, GitFailure } from '../git/git.ts';
import { indexEntryOf } from '../records/index-entry.ts';
import { indexEntryText, parseIndexEntry } from '../records/index-entry-schema.ts';
import { recordFileName, recordText, slug } from '../records/record-file.ts';
import { parseRecord } from '../records/record-reader.ts';
import type { BaselineStore } from './baseline-store.ts';

const readme = `# Baselines of Plimsoll

This branch holds measured runs: \`runs/<scenario>/<commit>/\` whole run records, \`outlines/\` the same in short.
It shares no history with the code. \`plimsoll baseline list\` shows what is here; do not edit or merge it.
`;

/**
 * Run records on the branch `plimsoll-data` of a repository, a file a run by scenario and commit, with its index entry
 * apart. Everything is done with git's plumbing: no checkout, work tree and index untouched.
 */
export function branchStore(git: Git): BaselineStore {
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
    list: () => listBranch(git),
    async read({ where }) {
      const path = pathOf(where);
      const tip = await tipOf(git);
      const file = tip === null ? undefined : (await filesAt(tip)).get(path);
      if (!file) throw problem('file.missing', { where, expected: 'a run record' });
      return await recordFrom(git, file);
    },
    async save(records) {
      const added: BranchChange[] = [];
      for (const record of records) {
        const text = recordText(record);
        const path = pathInStore(record.header);
        added.push({ path: `runs/${path}`, blob: await writeBlob(git, text) });
        const entry = indexEntryText(indexEntryOf(record, Buffer.byteLength(text)));
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

async function listBranch(git: Git): Promise<StoredRuns> {
  const tip = await tipOf(git);
  if (tip === null) return { runs: [], skipped: [] };
  const files = await filesOf(git, tip);
  const entries = await indexEntriesOf(git, files);
  const runs: StoredRun[] = [];
  const skipped: SkippedRun[] = [];
  for (const file of files.filter(({ path }) => /^runs\/.+\.json$/.test(path))) {
    const where = `${dataBranch}:${file.path}`;
    try {
      const known = entries.get(file.path);
      const entry =
        known?.recordBytes === file.bytes ? known : indexEntryOf(await recordFrom(git, file), file.bytes);
      runs.push({ where, entry });
    } catch (error) {
      if (!isOfOneRun(error)) throw error;
      skipped.push({ where, error });
    }
  }
  return { runs: newestFirst(runs), skipped };
}

/** The index entries that are whole, by the path of their record. */
async function indexEntriesOf(
  git: Git,
  files: readonly BranchFile[],
): Promise<ReadonlyMap<string, IndexEntry>> {
  const kept = files.filter(({ path }) => path.startsWith('outlines/'));
  const texts = await blobTexts(
    git,
    kept.map(({ blob }) => blob),
  );
  return new Map(
    kept.flatMap(({ path, blob }) => {
      const entry = parseIndexEntry(texts.get(blob) ?? '');
      return entry ? [[path.replace(/^outlines\//, 'runs/'), entry] as const] : [];
    }),
  );
}

/** The texts of some blobs; one that is missing or damaged has none. */
async function blobTexts(git: Git, blobs: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  if (blobs.length === 0) return texts;
  try {
    const answer = await git.objects(['--batch'], `${blobs.join('\n')}\n`);
    for (let at = 0; at < answer.length; ) {
      const end = answer.indexOf(10, at);
      if (end < 0) break;
      const [blob = '', kind, size = ''] = answer.toString('utf8', at, end).split(' ');
      at = end + 1;
      if (kind !== 'blob') continue;
      texts.set(blob, answer.toString('utf8', at, at + Number(size)));
      at += Number(size) + 1;
    }
  } catch (error) {
    // One damaged object ends the whole batch.
    if (!(error instanceof GitFailure)) throw error;
    if (blobs.length === 1) return texts;
    for (const blob of blobs) for (const [id, text] of await blobTexts(git, [blob])) texts.set(id, text);
  }
  return texts;
}

async function recordFrom(git: Git, { path, blob }: BranchFile) {
  const where = `${dataBranch}:${path}`;
  const text = (await blobTexts(git, [blob])).get(blob);
  if (text === undefined) {
    throw problem('record.corrupt', {
      where,
      found: `the object ${blob.slice(0, 12)}, which is missing or damaged`,
    });
  }
  return parseRecord(text, where);
}
