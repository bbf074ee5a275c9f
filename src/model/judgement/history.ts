import type { BaselineMark, RecordHeader } from '../run/record.ts';
import type { MetricUnit } from './metric.ts';

/** One run in a history. */
export interface HistoryPoint extends BaselineMark {
  readonly commit: string | null;
  readonly branch: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The id of the run. */
  readonly run: string;
  /** In the metric's unit. */
  readonly value: number;
  /** True where the real value is at least this. */
  readonly atLeast: boolean;
  readonly requests: number;
}

/** Where the course of a metric changed. */
export interface HistoryChange {
  /** The commit of the first run after the change; null where it belongs to none. */
  readonly commit: string | null;
  /** The id of that run, and of the last run before it: the change lies between their commits. */
  readonly run: string;
  readonly previousRun: string;
  /** Medians until the change and from it on, in the metric's unit. */
  readonly before: number;
  readonly after: number;
  /** `after / before − 1`; null where `before` is 0. */
  readonly change: number | null;
  /** 1 less the p-value of the test that found it. */
  readonly confidence: number;
  /** How many of the three detectors see it. */
  readonly detectors: 2 | 3;
}

/** Why a run of the scenario is no point of a history. */
export type LeftOut =
  | 'uncommittedChanges'
  | 'incomplete'
  | 'noMeasurement'
  | 'otherFile'
  | 'otherTarget'
  | 'otherServe'
  | 'otherWorkload'
  | 'otherMachine'
  | 'otherBranch'
  | 'noValue';

/** A metric of one endpoint, or of all together, over the commits of a repository. */
export interface MetricHistory {
  readonly schemaVersion: 1;
  readonly scenario: string;
  /** What the scenario was called in earlier points, newest first; left out where it always had its name. */
  readonly formerly?: readonly Pick<RecordHeader, 'scenario' | 'file'>[] | undefined;
  /** Null for all endpoints together. */
  readonly endpoint: string | null;
  readonly metric: string;
  readonly unit: MetricUnit;
  /** In the order of the commits, oldest first; without a repository, by time. */
  readonly points: readonly HistoryPoint[];
  /** In the order of the points. */
  readonly changes: readonly HistoryChange[];
  readonly leftOut: { readonly [reason in LeftOut]?: number };
  /** What is stored and could not be read, of whatever scenario: where, and what is wrong. */
  readonly damaged: readonly string[];
}
