import { join } from 'node:path';
import type { DelayRule } from '../../src/model/duet/delay-rule.ts';
import type { Fingerprint } from '../../src/model/run/record.ts';
import type { DuetSummary } from '../../src/report/summary/duet-summary-schema.ts';
import type { JudgeSetting } from './setting.ts';

/** What one real duet came to. */
export interface DuetResult {
  /** Unmeasured where the command left no summary. */
  readonly end: DuetSummary['end'] | 'unmeasured';
  /** Why it ended so, or what the command said. */
  readonly reason: string | null;
  /** Null of an unmeasured one. */
  readonly verdict: DuetSummary['verdict'] | null;
  /** The findings that failed. */
  readonly accused: readonly { readonly endpoint: string; readonly metric: string }[];
  /** How much slower the changed endpoint was measured to be, as shares; null where it was not. */
  readonly moved: { readonly p50: number | null; readonly p95: number | null };
  readonly restarts: number;
  /** Of load, both sides together, and from the first start of the command to its end. */
  readonly loadMinutes: number;
  readonly wallMinutes: number;
}

/** A real duet, as a line of the results. */
export interface DuetLine extends DuetResult {
  readonly startedAt: string;
  readonly machine: Fingerprint;
  /** Of Plimsoll; null where it is not known. */
  readonly commit: string | null;
  /** The digest of what judged it: those of another judge are not counted. */
  readonly judge: string;
  readonly workload: string;
  readonly rule: DelayRule;
  /** What the proxy was told; the rule itself in lines that do not say it. */
  readonly given?: DelayRule;
  /** The endpoint that the rule is for. */
  readonly changed: string;
}

/** What is stored of a duet that left no summary. */
export function unmeasuredDuet(reason: string, wallMinutes = 0): DuetResult {
  return {
    ...{ end: 'unmeasured', reason, verdict: null, accused: [], moved: { p50: null, p95: null } },
    ...{ restarts: 0, loadMinutes: 0, wallMinutes },
  };
}

/** The file of all real duets. */
export const duetsFile = ({ results }: Pick<JudgeSetting, 'results'>) => join(results, 'duets.jsonl');
