import { canBeBaseline } from '../../judge/baseline/baseline-choice.ts';
import type { SkippedRun, StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun } from '../../model/judgement/baseline.ts';
import type { Baselines } from './baselines.ts';

/** What decides which stored runs go. */
export interface PruneOptions {
  /**
   * Keep so many of each scenario, the newest that can be baselines; what cannot be one goes where so many newer ones
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
export async function pruneBaselines({ store }: Baselines, options: PruneOptions): Promise<Pruned> {
  const { runs, skipped } = await store.list();
  const usable = new Map<string, number>();
  const gone: StoredRun[] = [];
  const past = runs.filter(run => {
    const { scenario, startedAt } = run.entry.header;
    const newer = usable.get(scenario) ?? 0;
    if (canBeBaseline(run)) usable.set(scenario, newer + 1);
    const isSpare = options.keep === undefined || newer >= options.keep;
    const isOld =
      options.olderThanMs === undefined ||
      options.now.getTime() - Date.parse(startedAt) > options.olderThanMs;
    return isSpare && isOld;
  });
  const damaged: SkippedRun[] = [];
  // An index entry may be whole where its record is not.
  for (const run of past) {
    try {
      await store.read(run);
      gone.push(run);
    } catch (error) {
      if (!isOfOneRun(error)) throw error;
      damaged.push({ where: run.where, error });
    }
  }
  if (!options.dryRun && gone.length > 0) await store.remove(gone);
  return { gone, skipped: [...skipped, ...damaged] };
}
