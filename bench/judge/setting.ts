import type { DelayRule } from '../../src/model/duet/delay-rule.ts';
import type { BenchFingerprint } from '../fingerprint.ts';
import type { Workload } from './workloads.ts';

/** What a part of the bench of the judge is given. */
export interface JudgeSetting {
  /** The repository. */
  readonly root: string;
  /** The folder of results. */
  readonly results: string;
  /** The built command. */
  readonly cli: string;
  readonly machine: BenchFingerprint;
  /** Duets of each setting that are simulated, or rounds of real ones; null for the part's own number. */
  readonly duets: number | null;
  /** Slot pairs of a simulated restart; null for those of the recording. */
  readonly pairs: number | null;
  /** Starts to record. */
  readonly starts: number;
  /** Rounds of each slot length. */
  readonly rounds: number;
  readonly workloads: readonly Workload[];
  /** What is injected. */
  readonly injections: readonly DelayRule[];
  /** Which of the hard cases are simulated. */
  readonly cases: readonly string[];
  /** Aborted with the signal's name by Ctrl-C and its like: then stop what was started. */
  readonly signal: AbortSignal;
  /** Says what is under way. */
  readonly say: (line: string) => void;
}
