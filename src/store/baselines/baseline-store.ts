import type { StoredRun, StoredRuns } from '../../model/judgement/baseline.ts';
import type { RunRecord } from '../../model/run/record.ts';

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
