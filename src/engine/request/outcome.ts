import { type FailureKind, failureKinds, type RequestPhase } from '../../model/run/failure.ts';
import { type Micros, micros, microsToMillis } from '../../model/units.ts';
import { tlsDetail } from './tls-detail.ts';

/** How a request ended. */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The run ended before the request did. */
  | { readonly kind: 'unfinished' };

/** Why a request failed, and what it was doing. */
export interface Failure {
  readonly kind: FailureKind;
  readonly phase: RequestPhase;
  readonly detail: string;
}

/** The outcome of every request that ended as expected. */
export const ok: Outcome = { kind: 'ok' };
/** The outcome of every request that the run's end cut short. */
export const unfinished: Outcome = { kind: 'unfinished' };

/** A failed outcome. */
export function failed(kind: FailureKind, phase: RequestPhase, detail: string): Outcome {
  return { kind: 'failed', failure: { kind, phase, detail } };
}

/** What a request that took too long is said to have done; deadlines are sums of fractions, people's times are not. */
export function timeoutDetail(patience: Micros): string {
  return `no end within ${microsToMillis(micros(Math.round(patience)))} ms`;
}

/** Outcomes as numbers, for the sample log: 0 ok, then the failure kinds in order, then unfinished. */
export const outcomeCode = {
  ok: 0,
  unfinished: failureKinds.length + 1,
  of(outcome: Outcome): number {
    if (outcome.kind === 'failed') return failureKinds.indexOf(outcome.failure.kind) + 1;
    return outcome.kind === 'ok' ? this.ok : this.unfinished;
  },
} as const;

/** A certificate may hold hundreds of names. */
const longestReason = 200;

const kindsByCode: { readonly [code: string]: FailureKind } = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  // A Unix socket that is not there, that this user may not use, or whose queue of connections is full.
  ENOENT: 'refused',
  ENOTDIR: 'refused',
  EACCES: 'refused',
  EPERM: 'refused',
  EAGAIN: 'refused',
  // What a proxy said instead of opening a way to the target.
  ERR_PROXY_REFUSED: 'refused',
  ERR_PROXY_ANSWER: 'malformed',
  ERR_PROXY_CLOSED: 'closed',
  EMFILE: 'notSent',
  ENFILE: 'notSent',
  EADDRNOTAVAIL: 'notSent',
  ENOBUFS: 'notSent',
  ENOMEM: 'notSent',
};

/** The failure kind of a socket's error; TLS errors have many codes, so any other code is one of those. */
export function failureKindOf(error: NodeJS.ErrnoException, secure: boolean): FailureKind {
  if (error.syscall === 'getaddrinfo') return 'dns';
  return kindsByCode[error.code ?? ''] ?? (secure ? 'tls' : 'reset');
}

/** A socket's error in words: its code, and what TLS adds to that. */
export function detailOf(error: NodeJS.ErrnoException & { readonly reason?: string }): string {
  const { code, reason, message } = error;
  if (code === undefined || code.startsWith('ERR_PROXY_')) return message;
  const known = tlsDetail(code, reason?.slice(0, longestReason));
  if (known !== null) return known;
  return reason === undefined ? code : `${code}: ${reason.slice(0, longestReason)}`;
}
