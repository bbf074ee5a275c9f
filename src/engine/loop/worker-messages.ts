import type { BlockingFunction } from '../../code/user-functions.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { FailureSample, SlowRequest } from '../../model/run/record.ts';
import type { Micros } from '../../model/units.ts';
import type { CheckTally } from '../answer/answer-check.ts';
import type { ErrorBodies } from '../request/error-look.ts';
import type { TurnOrder } from '../schedule/turns.ts';
import type { ConnectBuckets } from '../transport/connect-times.ts';
import type { DispatchCounts } from '../transport/dispatcher.ts';
import type { SampleBatch } from './sample-log.ts';

/** What a worker is given when it is started. */
export interface WorkerOrder {
  readonly plan: Plan;
  readonly addresses: readonly string[];
  readonly pacing: 'precise' | 'economical';
  readonly worker: number;
  readonly workers: number;
  /** What all workers together count the bodies in that they keep. */
  readonly keptBodies?: SharedArrayBuffer;
  /** Every answer is kept, to be shown; left out where those are that are read. */
  readonly keepsAnswers?: true;
  /** Where it says which function of the scenario runs; left out where the scenario is no code. */
  readonly calls?: SharedArrayBuffer;
  /** When it may send, of a load without warm-up; null for all the time. */
  readonly turns: TurnOrder | null;
}

/** What the main thread tells a worker. */
export type ToWorker =
  /** Begin; `sharedStart` is the run's zero on the clock that all threads share. */
  | { readonly kind: 'start'; readonly sharedStart: number }
  /** The only row of a data set is another one from now on. */
  | { readonly kind: 'fill'; readonly set: number; readonly row: readonly string[] }
  /** Send nothing that is due from this moment on, and see the rest through. */
  | { readonly kind: 'end'; readonly atUs: Micros }
  /** Send nothing that is due from now on; give up what is still under way after `drainUs`. */
  | { readonly kind: 'stop'; readonly drainUs: number };

/** What a worker tells the main thread. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly firstDueUs: number | null }
  | { readonly kind: 'samples'; readonly batch: SampleBatch }
  /** Every request due before `settledUs` has been reported. */
  | {
      readonly kind: 'pulse';
      readonly settledUs: number;
      readonly heard: boolean;
      readonly open: number;
      readonly tally: WorkerTally;
    }
  | { readonly kind: 'failure'; readonly sample: FailureSample }
  /** What was captured since and is a secret. */
  | { readonly kind: 'secrets'; readonly secrets: readonly string[] }
  | { readonly kind: 'done'; readonly tally: WorkerTally };

/** What a worker counted besides samples. */
export interface WorkerTally {
  readonly counts: DispatchCounts;
  readonly connectTimes: ConnectBuckets;
  readonly slowest: readonly SlowRequest[];
  /** Journeys taken up that were due within the stages. */
  readonly journeys: number;
  readonly abandoned: number;
  /** Journeys that the end of the load cut between two of their requests. */
  readonly cut: number;
  /** The data set whose rows were all used once, which ended journeys; null where none did. */
  readonly dry: number | null;
  /** Answers that hold errors of GraphQL and count as ok. */
  readonly errorBodies: readonly ErrorBodies[];
  /** What checks found so far, warm-up included. */
  readonly checks: readonly CheckTally[];
  /** Functions of the scenario that held the thread up. */
  readonly blocking: readonly BlockingFunction[];
  /** Users of a closed load that made at least one journey; 0 of an open one. */
  readonly users: number;
  /** The share of time that the worker worked; null where it is not known. */
  readonly busy: number | null;
  /** The moment after which nothing more was due. */
  readonly stoppedUs: number;
  /** The moment at which the last request ended. */
  readonly endedUs: number;
}
