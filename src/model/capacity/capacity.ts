import type { CapacityUnit } from '../judgement/budget.ts';
import type { InvalidReason } from '../judgement/invalid-reason.ts';
import type { Finding, FirmVerdict } from '../judgement/verdict.ts';
import type { RecordHeader } from '../run/record.ts';

/** Where a search begins and ends, and how near it comes. */
export interface CapacityTerms {
  readonly unit: CapacityUnit;
  readonly from: number;
  readonly to: number;
  /** The search ends where what holds and what does not are no farther apart than this share. */
  readonly precision: number;
  /** How long each probe is measured; a confirmation lasts three times as long. */
  readonly stepMs: number;
  /** Before each of them, at the same load. */
  readonly warmupMs: number;
}

/** What became of a probe. */
export type ProbeOutcome =
  | { readonly kind: 'held' }
  /** Budgets that failed, worst first. */
  | { readonly kind: 'broke'; readonly by: readonly Finding[] }
  /** Answers came more slowly than requests: the share of what was due that was done in the time. */
  | { readonly kind: 'fellBehind'; readonly done: number }
  /** The API did not answer, or ended. */
  | { readonly kind: 'failed'; readonly reason: InvalidReason }
  /** Nothing is known of the API, since the load generator was the limit. */
  | { readonly kind: 'generator'; readonly reason: InvalidReason }
  /** A limit was exceeded, and the load generator's own delays may be why. */
  | { readonly kind: 'blurred'; readonly by: readonly Finding[] }
  | { readonly kind: 'interrupted' };

/** A load that was tried. */
export interface Probe {
  readonly level: number;
  /** True of a longer one, by which the end is confirmed. */
  readonly confirms: boolean;
  readonly outcome: ProbeOutcome;
}

/** A probe with what was measured. */
export interface MeasuredProbe extends Probe {
  readonly requests: number;
  readonly rps: number | null;
  /** In milliseconds; null where too few requests were answered. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly errorRate: number | null;
  /** The run's record; null where it could not be written. */
  readonly file: string | null;
}

/** How a search ended. */
export type CapacityEnd =
  /** The highest load that held twice, and the lowest that did not. */
  | { readonly kind: 'found'; readonly capacity: number; readonly brokeAt: number }
  /** Not even the lowest load held. */
  | { readonly kind: 'none'; readonly brokeAt: number }
  /** The highest load that was allowed held. */
  | { readonly kind: 'most'; readonly capacity: number }
  /** Above this load the generator, not the API, was the limit; null where it was so from the start. */
  | { readonly kind: 'generator'; readonly capacity: number | null; readonly limitedAt: number }
  | { readonly kind: 'interrupted'; readonly heldAt: number | null };

/** What was found of an API, with everything that it rests on. */
export interface Capacity {
  readonly header: RecordHeader;
  readonly terms: CapacityTerms;
  readonly probes: readonly MeasuredProbe[];
  readonly end: CapacityEnd;
  /** The least that is asked for; null where no budget says. */
  readonly limit: number | null;
  readonly standing: FirmVerdict;
  /** Limits that decided nothing: floors on throughput, and those of stages. */
  readonly unheld: readonly string[];
  /** The latest search of the same workload on a machine alike; null for none. */
  readonly earlier: EarlierCapacity | null;
}

/** What an earlier search found. */
export interface EarlierCapacity {
  readonly capacity: number;
  readonly commit: string | null;
  readonly startedAt: string;
}
