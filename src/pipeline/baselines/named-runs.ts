import { stat } from 'node:fs/promises';
import { isAlike, mismatchOf } from '../../analysis/likeness.ts';
import { bySubject, type FileFinder, subjectDifferences } from '../../analysis/subject.ts';
import { canBeBaseline, namedBaseline } from '../../judge/baseline/baseline-choice.ts';
import { problem } from '../../model/error.ts';
import type { BaselineSelection, SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { newestFirst } from '../../model/judgement/baseline.ts';
import type { RecordHeader, RunRecord } from '../../model/run/record.ts';
import { commitOrNull, unknownRef } from '../../store/git/unknown-ref.ts';
import { indexEntryOf } from '../../store/records/index-entry.ts';
import { readRecord } from '../../store/records/record-reader.ts';
import { skippedText } from '../../words/skipped-text.ts';
import { type Baselines, runsFolder } from './baselines.ts';
import { fileFinder } from './file-finder.ts';

/** A run that somebody named, and the way to its record. */
export interface NamedRun {
  readonly stored: StoredRun;
  read(): Promise<RunRecord>;
}

/** The runs that a word means, newest first, and what could not be read where they were looked for. */
export interface NamedRuns {
  readonly runs: readonly NamedRun[];
  readonly skipped: readonly SkippedRun[];
}

/**
 * The runs that a word means: a record file, whose name ends in `.json` or is no commit's; every kept run of a commit
 * (an id, a tag, a branch, `HEAD~1`), those that did not complete or measured uncommitted changes only where their
 * scenario has no other; or one kept run by its id or the beginning of that. Looked for in the store and in the folder
 * where `run` keeps its records. Throws `store.no-run`, `git.unknown-ref`, or what is wrong with the file.
 */
export async function runsNamed(options: string, baselines: Baselines, out: string): Promise<NamedRuns> {
  const { repository } = baselines;
  const commit = repository && !options.endsWith('.json') ? await commitOrNull(repository, options) : null;
  const isFile = (await stat(options).catch(() => null))?.isFile() === true;
  if ((isFile && commit === null) || options.endsWith('.json')) {
    const record = await readRecord(options);
    const stored = { where: options, entry: indexEntryOf(record) };
    return { runs: [{ stored, read: async () => record }], skipped: [] };
  }
  const { runs: kept, skipped } = await everyKeptRun(baselines);
  const commitOf = ({ stored }: NamedRun) => stored.entry.header.fingerprint.git?.commit ?? '';
  const idOf = ({ stored }: NamedRun) => stored.entry.header.id;
  const hasFile = await fileFinder(baselines);
  const ofCommit = kept.filter(run => commitOf(run) === (commit ?? options));
  if (ofCommit.length > 0) return { runs: usableAmong(ofCommit, hasFile), skipped };
  const isBegun = options.length >= 4;
  const byId = kept.filter(run => idOf(run) === options || (isBegun && idOf(run).startsWith(options)));
  if (byId.length === 1) return { runs: byId, skipped: [] };
  const byCommit = isBegun && !commit ? kept.filter(run => commitOf(run).startsWith(options)) : [];
  if (byId.length === 0 && new Set(byCommit.map(commitOf)).size === 1) {
    return { runs: usableAmong(byCommit, hasFile), skipped };
  }
  // An expression such as HEAD~1 can be nothing but a commit.
  if (repository && commit === null && byId.length === 0 && /[~^@]/.test(options)) {
    throw await unknownRef(repository, options);
  }
  const found =
    byId.length > 1
      ? `${byId.length} runs whose id begins with ${options}`
      : commit
        ? `no run of ${options}, commit ${commit.slice(0, 10)}`
        : options;
  throw problem('store.no-run', {
    where: `${baselines.store.place}, ${runsFolder(out)}`,
    found: [found, skippedText(skipped) ?? []].flat().join('; '),
    expected: 'a record file, a commit that was measured, or the id of a run',
    instead: isFile
      ? `./${options} for the file of that name`
      : commit
        ? 'plimsoll run at that commit first'
        : 'plimsoll baseline list',
  });
}

/** Runs that a program hands over. */
export function runsOfRecords(records: readonly RunRecord[]): NamedRuns {
  const runs = records.map(record => ({
    stored: { where: record.header.id, entry: indexEntryOf(record) },
    read: async () => record,
  }));
  return { runs: inOrder(runs), skipped: [] };
}

/** Newest first. */
function inOrder(runs: readonly NamedRun[]): readonly NamedRun[] {
  const order = newestFirst(runs.map(({ stored }) => stored));
  return order.flatMap(stored => runs.find(run => run.stored === stored) ?? []);
}

/** Complete runs of committed code alone, of each subject that has such; else whatever there is. */
function usableAmong(runs: readonly NamedRun[], hasFile: FileFinder): readonly NamedRun[] {
  const kept = bySubject(runs, headerOfNamed, hasFile).flatMap(subject => {
    const usable = subject.filter(({ stored }) => canBeBaseline(stored));
    return usable.length > 0 ? usable : subject;
  });
  return runs.filter(run => kept.includes(run));
}

/** The header of a run that somebody named. */
export const headerOfNamed = ({ stored }: NamedRun): RecordHeader => stored.entry.header;

/**
 * What stands for a baseline that was named: the newest of the complete runs that are like this one, else the newest.
 * Without any, a choice of none.
 */
export function namedSelection(
  run: RecordHeader,
  named: readonly StoredRun[],
  skipped: readonly SkippedRun[],
): BaselineSelection {
  const like = named.filter(
    ({ entry }) => entry.completion === 'complete' && isAlike(mismatchOf(entry.header, run)),
  );
  const ofSubject = like.filter(({ entry }) => subjectDifferences(entry.header, run).length === 0);
  // Whoever names nothing but runs of another subject wants to compare those.
  const alike = ofSubject.length > 0 ? ofSubject : like;
  const chosen = alike[0] ?? named[0];
  if (chosen) return { ...namedBaseline(run, chosen), alike, skipped };
  const choice = { kind: 'none', because: 'noneOfScenario' } as const;
  return { choice, mismatch: null, alike, passedOver: {}, skipped };
}

async function everyKeptRun({ store, runs }: Baselines): Promise<NamedRuns> {
  const stores = store === runs ? [store] : [store, runs];
  const byId = new Map<string, NamedRun>();
  const skipped: SkippedRun[] = [];
  for (const one of stores) {
    const listed = await one.list();
    skipped.push(...listed.skipped);
    for (const stored of listed.runs) {
      const { id } = stored.entry.header;
      if (!byId.has(id)) byId.set(id, { stored, read: () => one.read(stored) });
    }
  }
  return { runs: inOrder([...byId.values()]), skipped };
}
