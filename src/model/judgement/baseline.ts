import { PlimsollError } from '../error.ts';
import type { BaselineMark, Completion, RecordHeader } from '../run/record.ts';

/** What one endpoint, or all of them, did in a run over the stages. */
export interface IndexFigures {
  readonly requests: number;
  readonly errors: number;
  /** Values by metric name (`p95`, `service.p50`, `errorRate`), in the metric's unit; null where none was seen. */
  readonly metrics: { readonly [metric: string]: number | null };
  /** The metrics whose real value is at least the given one. */
  readonly atLeast: readonly string[];
  /** The metrics of response times with the generator's own delay taken off; left out where no request went out late. */
  readonly onTime?: { readonly [metric: string]: number | null } | undefined;
}

/** What history and the choice of a baseline need of a run, without its histograms. */
export interface IndexEntry {
  readonly schemaVersion: 1;
  /** Length of the record's file in bytes: a record of another length was cut off or written over. */
  readonly recordBytes: number;
  readonly header: RecordHeader;
  readonly completion: Completion['state'];
  readonly total: IndexFigures;
  readonly endpoints: readonly (IndexFigures & { readonly name: string })[];
  /** There where the run was saved as a baseline on purpose; a branch of baselines holds no others. */
  readonly baseline?: BaselineMark | undefined;
  /** Whether it said something of its target, budgets apart, when the entry was made; left out by earlier versions. */
  readonly isMeasurement?: boolean | undefined;
}

/** A run in a store. */
export interface StoredRun {
  /** Where it is, for people: a file, or branch and path. */
  readonly where: string;
  readonly entry: IndexEntry;
}

/** What a store holds and could not be read, and why; it stays where it is. */
export interface SkippedRun {
  readonly where: string;
  readonly error: PlimsollError;
}

/** How two machines differ, one part of the fingerprint each. */
export interface FingerprintDifference {
  readonly part: 'cpu' | 'cores' | 'memory' | 'os' | 'node' | 'ci' | 'targetHost';
  readonly baseline: string;
  readonly run: string;
}

/** How two runs differ in what they measured, whatever the workload. */
export interface SubjectDifference {
  readonly part: 'file' | 'target' | 'serve';
  readonly baseline: string | null;
  readonly run: string | null;
}

/** What stands between a run and its baseline; without any, the two are alike. */
export interface Mismatch {
  /** True where the scenario changed: another workload was measured. */
  readonly workload: boolean;
  /** Parts of the fingerprint that differ. */
  readonly machine: readonly FingerprintDifference[];
}

/** What to do with a baseline of another workload or another machine: not use it, or use it as weak evidence. */
export interface MismatchPolicy {
  readonly workload: 'refuse' | 'weak';
  readonly machine: 'refuse' | 'weak';
}

/** Why the history of a commit is not all here. */
export type MissingHistory =
  /** More of it was asked for in vain; what git said. */
  | { readonly kind: 'fetchFailed'; readonly said: string }
  /** The clone is shallow, and nothing was fetched. */
  | { readonly kind: 'notFetched' };

/** Where a run's commit stands in the history of its repository; all commits by their full id. */
export interface CommitHistory {
  /** The commit that was measured. */
  readonly head: string;
  /** The branch that the run's commit is meant for; null where none is known. */
  readonly target: string | null;
  /** Where the run's commit left the target branch; the commit itself where it lies on it; null where none is known. */
  readonly mergeBase: string | null;
  /** Ancestors of the merge-base (of the run's commit where there is none) that were measured, nearest first. */
  readonly ancestors: readonly { readonly commit: string; readonly distance: number }[];
  /** Commits from the merge-base to the head at which a run was accepted as the new baseline, nearest first. */
  readonly accepted?: readonly { readonly commit: string; readonly distance: number }[] | undefined;
  /** Measured commits that lie on the target branch. */
  readonly onTarget: readonly string[];
  /** There where more of the history could change the rest of this. */
  readonly missing?: MissingHistory | undefined;
}

/** Which stored run a run is held against, and why that one. */
export type BaselineChoice =
  /** The user named it. */
  | { readonly kind: 'named'; readonly run: StoredRun }
  /** It was accepted as the new baseline at this commit, or `distance` commits before, on the way to it. */
  | {
      readonly kind: 'accepted';
      readonly run: StoredRun;
      readonly commit: string;
      readonly distance: number;
    }
  | {
      readonly kind: 'mergeBase';
      readonly run: StoredRun;
      readonly commit: string;
      readonly target: string;
    }
  /** The nearest measured ancestor, `distance` commits before `from`. */
  | {
      readonly kind: 'ancestor';
      readonly run: StoredRun;
      readonly commit: string;
      readonly distance: number;
      readonly from: 'mergeBase' | 'head';
      readonly target: string | null;
    }
  | {
      readonly kind: 'latestOfTarget';
      readonly run: StoredRun;
      readonly target: string;
      readonly because: 'noAncestorMeasured' | 'noAncestorKnown' | 'mergeBaseUnknown' | 'unknownCommit';
    }
  /** Without commits to go by, the latest run at all. */
  | { readonly kind: 'latest'; readonly run: StoredRun }
  | {
      readonly kind: 'none';
      readonly because:
        | 'noneStored'
        | 'noneOfScenario'
        | 'noneUsable'
        | 'noneSaved'
        | 'noneRelated'
        | 'noneKnown'
        | 'mergeBaseUnknown';
    };

/** Why a stored run of the same scenario was not considered. */
export type PassedOver =
  | 'uncommittedChanges'
  | 'incomplete'
  | 'otherWorkload'
  | 'otherMachine'
  | 'otherFile'
  | 'otherTarget'
  | 'otherServe'
  | 'neverSaved'
  | 'sameRun';

/** The most earlier runs that are looked at, the newest: what ran long before says little of the machine today. */
export const mostRuns = 20;

/** The baseline of a run, how far it can be trusted, and what else there is to compare with. */
export interface BaselineSelection {
  readonly choice: BaselineChoice;
  /** Null where there is no baseline. */
  readonly mismatch: Mismatch | null;
  /**
   * Related runs of the same workload on a like machine, newest first, the chosen one among them where it is such:
   * a set from which the spread between runs can be learned.
   */
  readonly alike: readonly StoredRun[];
  /** How many runs of the scenario were passed over, by reason. */
  readonly passedOver: { readonly [reason in PassedOver]?: number };
  /** There where more of the commit's history could have led to another choice. */
  readonly missing?: MissingHistory | undefined;
  /** The scenario's name and file in the baseline, where it was called something else. */
  readonly formerly?: Pick<RecordHeader, 'scenario' | 'file'> | undefined;
  /** How a baseline that was named measured something else. */
  readonly otherSubject?: readonly SubjectDifference[] | undefined;
  /** The latest like run that nobody saved, and how p95 changed since; only where there is no baseline for want of saving. */
  readonly lastRun?: { readonly startedAt: string; readonly p95Change: number } | undefined;
  /** What could not be read, of whatever scenario. */
  readonly skipped: readonly SkippedRun[];
}

/** What a store holds. */
export interface StoredRuns {
  /** Newest first. */
  readonly runs: readonly StoredRun[];
  readonly skipped: readonly SkippedRun[];
}

/** Whether an error says that one run cannot be read, and nothing of the store. */
export function isOfOneRun(error: unknown): error is PlimsollError {
  return error instanceof PlimsollError && !error.problems.some(({ code }) => code.startsWith('store.'));
}

/** Newest first; of runs that started together, by id, so that the order is always the same. */
export function newestFirst(runs: readonly StoredRun[]): readonly StoredRun[] {
  const startOf = ({ entry }: StoredRun) => Date.parse(entry.header.startedAt);
  const idOf = ({ entry }: StoredRun) => entry.header.id;
  return [...runs].sort((one, other) => startOf(other) - startOf(one) || (idOf(one) < idOf(other) ? -1 : 1));
}
