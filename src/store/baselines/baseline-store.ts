import type { IndexEntry, SkippedRun, StoredRun, StoredRuns } from '../../model/judgement/baseline.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { indexEntryOf } from '../records/index-entry.ts';

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
  /** Those of some listed runs whose records are damaged though their index entries are whole. */
  damaged(runs: readonly StoredRun[]): Promise<readonly SkippedRun[]>;
  /** Reads all of a run; throws `record.corrupt` where it is damaged. */
  read(run: StoredRun): Promise<RunRecord>;
  /** Returns when every record is safe, whatever ends the process afterwards. */
  save(records: readonly RunRecord[]): Promise<readonly SavedBaseline[]>;
  /** Takes runs out of the store. */
  remove(runs: readonly StoredRun[]): Promise<void>;
}

/** How many index entries are made before they are kept, so that an interrupt costs few of them. */
export const keptEach = 1_000;

/** How a store learns of its runs what it does not know by itself, and says how far it is where that takes long. */
export interface Indexing {
  /** Whether a complete run said something of its target. */
  readonly isMeasurement?: ((record: RunRecord) => boolean) | undefined;
  readonly tell?: ((progress: StoreProgress) => void) | undefined;
  /** Ends what reads many runs; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** How many of some records have been read. */
export interface StoreProgress {
  readonly done: number;
  readonly of: number;
}

/** Whether an index entry says all that is asked of it; earlier versions left out whether it was a measurement. */
export function isSettled({ completion, baseline, isMeasurement }: IndexEntry, indexing: Indexing): boolean {
  if (indexing.isMeasurement === undefined || completion !== 'complete') return true;
  return isMeasurement !== undefined || baseline?.verdict !== undefined;
}

/** An index entry with what the store was given to learn of the run. */
export function indexEntryIn(
  record: RunRecord,
  recordBytes: number | undefined,
  { isMeasurement }: Indexing,
): IndexEntry {
  const entry = indexEntryOf(record, recordBytes);
  if (isMeasurement === undefined || entry.completion !== 'complete') return entry;
  return { ...entry, isMeasurement: isMeasurement(record) };
}
