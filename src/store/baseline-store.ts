import type { SkippedRun, StoredRun } from '../model/baseline.ts';
import { PlimsollError } from '../model/error.ts';
import type { RunRecord } from '../model/record.ts';

/** What a store holds. */
export interface StoredRuns {
  /** Newest first. */
  readonly runs: readonly StoredRun[];
  readonly skipped: readonly SkippedRun[];
}

/** What became of a record that was to be saved. */
export interface SavedBaseline {
  readonly id: string;
  readonly where: string;
  /** False where the store held it already. */
  readonly isNew: boolean;
}

/** Where runs are kept to be compared with: a folder, or a branch of the user's repository. */
export interface BaselineStore {
  readonly kind: 'dir' | 'git';
  /** Where that is, for people: `reports/runs`, or `the branch plimsoll-data`. */
  readonly place: string;
  /** What cannot be read is skipped; throws where nothing can be known of what there is. */
  list(): Promise<StoredRuns>;
  /** Reads all of a run; throws `record.corrupt` where it is damaged. */
  read(run: StoredRun): Promise<RunRecord>;
  /** Returns when every record is safe, whatever ends the process afterwards. */
  save(records: readonly RunRecord[]): Promise<readonly SavedBaseline[]>;
  /** Takes runs out of the store. */
  remove(runs: readonly StoredRun[]): Promise<void>;
}

/** Whether an error says that one run cannot be read, and nothing of the store. */
export function isOfOneRun(error: unknown): error is PlimsollError {
  return error instanceof PlimsollError && !error.problems.some(({ code }) => code.startsWith('store.'));
}

/** Newest first; of runs that started together, by id, so that the order is always the same. */
export function newestFirst(runs: readonly StoredRun[]): readonly StoredRun[] {
  const startOf = ({ outline }: StoredRun) => Date.parse(outline.header.startedAt);
  const idOf = ({ outline }: StoredRun) => outline.header.id;
  return [...runs].sort((one, other) => startOf(other) - startOf(one) || (idOf(one) < idOf(other) ? -1 : 1));
}
