import type { FailureKind } from './failure.ts';
import type { EncodedHistogram } from './window-stream.ts';

/** What the connections did, apart from what became of the requests. */
export interface ConnectionCounts {
  readonly attempts: number;
  /** Attempts that failed, by kind. */
  readonly errors: { readonly [kind in FailureKind]?: number };
  /** Idle connections that the server closed: no failure. */
  readonly closedIdle: number;
  /** The most connections open at once. */
  readonly peak: number;
  /** Requests that had to wait because the pool was full. */
  readonly queued: number;
  /** The most connections that were allowed at once; null where each user has its own. */
  readonly max: number | null;
  /** Of HTTP/2: the most requests at once on a connection, by the scenario and the server. */
  readonly streams?: number;
  /** Of HTTP/2: requests that a server gave back unprocessed as it ended a connection, and that were sent on another. */
  readonly moved?: number;
  /** How long TCP connections took to be made, and TLS handshakes on top of that. */
  readonly connect: EncodedHistogram;
  readonly tls: EncodedHistogram;
  /** True where certificates were not verified. */
  readonly insecure: boolean;
  /** The proxy that requests went through, without credentials, and what names it; left out where there was none. */
  readonly proxy?: { readonly url: string; readonly from: string };
}
