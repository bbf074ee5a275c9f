import type { ServerEnd } from '../run/record.ts';
import type { LatenessCause } from './evidence.ts';
import type { BadEnds } from './finding-reason.ts';
import type { Stop } from './run-note.ts';

/** What a stage asked of a connection pool that was too small for it. */
export interface PoolShortage {
  readonly stage: number;
  /** Ok answers to what was due, per second. */
  readonly perSecond: number;
  readonly serviceMs: number;
  /** Connections that these keep busy on average. */
  readonly busy: number;
  readonly max: number;
  /** The least maximum that would have tolerated it. */
  readonly enough: number;
}

/** Why the numbers of a run say nothing of the target. */
export type InvalidReason =
  /** There was nothing to send load to, for a reason that the record holds. */
  | { readonly kind: 'notStarted'; readonly reason: string }
  /** The run was given up, since no byte of an answer came for so long. */
  | {
      readonly kind: 'neverAnswered';
      readonly afterMs: number;
      readonly ends: BadEnds;
      readonly target: string;
    }
  /** All requests ended without a byte of an answer, by an interrupt or by themselves. */
  | {
      readonly kind: 'nothingAnswered';
      readonly isInterrupted: boolean;
      readonly due: number;
      readonly ends: BadEnds;
      readonly target: string;
    }
  | { readonly kind: 'stoppedBeforeStages'; readonly stop: Stop }
  | { readonly kind: 'interruptedBeforeStages' }
  /** No request was due in the stages. */
  | { readonly kind: 'nothingDue' }
  /** A worker of the generator died; the record holds its last words. */
  | { readonly kind: 'workerDied'; readonly reason: string }
  /** The API that Plimsoll had started ended while it was measured. */
  | { readonly kind: 'serverEnded'; readonly end: ServerEnd }
  /** This machine ran out of something: attempts to connect that failed by the code of an error, and requests that could not be sent. */
  | {
      readonly kind: 'exhausted';
      readonly code: string;
      readonly attempts: number;
      readonly notSent: number;
    }
  /**
   * So many requests went out so late that the arrivals were not those asked for.
   */
  | {
      readonly kind: 'sentLate';
      readonly late: number;
      readonly requests: number;
      readonly byMs: number;
      readonly cause: LatenessCause;
    }
  /** The connection pool was too small, and so many requests waited for a connection. */
  | { readonly kind: 'smallPool'; readonly shortage: PoolShortage; readonly queued: number };
