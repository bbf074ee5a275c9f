import { bySubject } from '../../analysis/subject.ts';
import { canBeBaseline } from '../../judge/baseline/baseline-choice.ts';
import type { SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun } from '../../model/judgement/baseline.ts';
import type { Baselines } from './baselines.ts';
import { fileFinder } from './file-finder.ts';
import { isMeasurement } from './measurement.ts';

/** What decides which stored runs go. */
export interface PruneOptions {
  /**
   * Keep so many of each subject, the newest that can be baselines; what cannot be one goes where so many newer ones
   * are kept.
   */
  readonly keep?: number | undefined;
  /** Remove those that started longer ago than this. */
  readonly olderThanMs?: number | undefined;
  /** Only tell what would go. */
  readonly dryRun: boolean;
  readonly now: Date;
}

/** What went, or would go, and what stays because it could not be read. */
export interface Pruned {
  readonly gone: readonly StoredRun[];
  readonly skipped: readonly SkippedRun[];
}

/** Removes stored runs: with both limits given, those past both. What cannot be read is never removed. */
export async function pruneBaselines(baselines: Baselines, options: PruneOptions): Promise<Pruned> {
  const { store } = baselines;
  const { runs, skipped } = await store.list();
  const { keep, olderThanMs, now } = options;
  const spare = keep === undefined ? new Set(runs) : await beyond(keep, runs, baselines);
  const past = runs.filter(
    run =>
      spare.has(run) &&
      (olderThanMs === undefined || now.getTime() - Date.parse(run.entry.header.startedAt) > olderThanMs),
  );
  const damaged = await store.damaged(past);
  const stay = new Set(damaged.map(({ where }) => where));
  const gone = past.filter(({ where }) => !stay.has(where));
  if (!options.dryRun && gone.length > 0) await store.remove(gone);
  return { gone, skipped: [...skipped, ...damaged] };
}

/** The runs of each subject that are older than so many newer ones that can be baselines. */
async function beyond(
  keep: number,
  runs: readonly StoredRun[],
  baselines: Baselines,
): Promise<ReadonlySet<StoredRun>> {
  const spare = new Set<StoredRun>();
  for (const subject of bySubject(runs, ({ entry }) => entry.header, await fileFinder(baselines))) {
    let newer = 0;
    for (const run of subject) {
      if (newer >= keep) spare.add(run);
      else if (await isUsable(run, baselines)) newer += 1;
    }
  }
  return spare;
}

/** Whether a later run may be compared with it. */
async function isUsable(run: StoredRun, { store }: Baselines): Promise<boolean> {
  if (!canBeBaseline(run)) return false;
  try {
    return await isMeasurement(run, () => store.read(run));
  } catch (error) {
    if (!isOfOneRun(error)) throw error;
    return false;
  }
}
