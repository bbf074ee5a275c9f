import type { FailureKind } from '../../model/run/failure.ts';
import type { Micros } from '../../model/units.ts';
import type { Failure } from '../request/outcome.ts';
import type { VirtualUser } from '../request/virtual-user.ts';

/** Brings users and connections together. */
export interface Dispatcher {
  readonly counts: Readonly<DispatchCounts>;
  /** Sends the user's request as soon as a connection is to be had. */
  dispatch(user: VirtualUser, now: Micros): void;
  /** Takes a user out whose request is over before its answer; its connection, if it has one, is closed. */
  withdraw(user: VirtualUser, now: Micros): void;
  /** The earliest moment at which a user that failed to connect may try again. */
  readyAfterFailure(now: Micros): Micros;
  /** Closes every connection. */
  close(): void;
}

/** What the dispatcher tells of requests; each dispatched one ends in exactly one of these unless it is withdrawn. */
export interface DispatchEvents {
  /** An answer is complete; `body` holds its bytes where the request wanted them kept. */
  answered(user: VirtualUser, status: number, body: Buffer | null, now: Micros): void;
  lost(user: VirtualUser, failure: Failure, now: Micros): void;
}

/** What connections did, counted as it happens. */
export interface DispatchCounts {
  attempts: number;
  errors: { [kind in FailureKind]?: number };
  /** Attempts that this machine could not make, by error code. */
  exhausted: { [code: string]: number };
  closedIdle: number;
  open: number;
  peak: number;
  queued: number;
  sent: number;
  /** How many requests at once a connection of HTTP/2 took last; 0 where each takes one. */
  streams: number;
  /** Requests that a server gave back unprocessed, and that were sent on another connection; of HTTP/2 alone. */
  moved: number;
}

/** Counts of nothing yet. */
export function noCounts(): DispatchCounts {
  return {
    attempts: 0,
    errors: {},
    exhausted: {},
    closedIdle: 0,
    open: 0,
    peak: 0,
    queued: 0,
    sent: 0,
    streams: 0,
    moved: 0,
  };
}

/** Adds a failed attempt to the counts. */
export function countFailedAttempt(counts: DispatchCounts, failure: Failure): void {
  counts.open -= 1;
  counts.errors[failure.kind] = (counts.errors[failure.kind] ?? 0) + 1;
  if (failure.kind === 'notSent') {
    counts.exhausted[failure.detail] = (counts.exhausted[failure.detail] ?? 0) + 1;
  }
}

/** Adds an attempt to the counts. */
export function countAttempt(counts: DispatchCounts): void {
  counts.attempts += 1;
  counts.open += 1;
  counts.peak = Math.max(counts.peak, counts.open);
}
