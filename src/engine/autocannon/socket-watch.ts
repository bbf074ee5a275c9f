import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FailureKind } from '../../model/run/failure.ts';
import type { Micros } from '../../model/units.ts';
import type { Clock } from '../request/clock.ts';
import { detailOf, failureKindOf } from '../request/outcome.ts';
import type { Backoff } from '../transport/backoff.ts';
import type { ConnectTimes } from '../transport/connect-times.ts';
import { countAttempt, countFailedAttempt, type DispatchCounts } from '../transport/dispatcher.ts';

/** Where the connections of a run are counted. */
export interface SocketBook {
  readonly clock: Clock;
  readonly counts: DispatchCounts;
  readonly connectTimes: ConnectTimes;
  readonly backoff: Backoff;
  readonly secure: boolean;
  /** Whether certificates are verified; autocannon itself accepts every one. */
  readonly verifies: boolean;
}

/** What is told of a connection; of `ended` and `failed` one comes, once, before autocannon connects anew. */
export interface WatchedSocketEvents {
  /** The server accepted, and the TLS handshake begins. */
  reached(): void;
  /** Ready for requests, TLS included. */
  opened(): void;
  /** Bytes came, and autocannon is about to read them. */
  reading(length: number): void;
  /** Autocannon has read what came on this connection. */
  read(connection: SocketWatch): void;
  /** The server closed the connection. */
  ended(): void;
  failed(kind: FailureKind, detail: string): void;
}

/** Follows one connection that autocannon has just begun to make, and counts it. */
export class SocketWatch {
  readonly socket: Socket;
  /** How far the connection has come. */
  phase: 'connect' | 'tls' | 'open' | 'closed' = 'connect';
  readonly #book: SocketBook;
  readonly #events: WatchedSocketEvents;
  #since: Micros;

  constructor(socket: Socket, book: SocketBook, events: WatchedSocketEvents) {
    this.socket = socket;
    this.#book = book;
    this.#events = events;
    this.#since = book.clock();
    countAttempt(book.counts);
    socket.on('connect', this.#connected);
    socket.on('secureConnect', this.#secured);
    // Ahead of autocannon, which sends its next request as soon as it hears of an end.
    socket.prependListener('data', chunk => events.reading(chunk.length));
    socket.on('data', () => events.read(this));
    socket.prependListener('end', this.#ended);
    socket.prependListener('error', this.#failed);
  }

  /** The connection is over, or autocannon has closed it; one that was still being made took too long. */
  close(kind: FailureKind = 'timeout', detail = ''): void {
    const { phase } = this;
    if (phase === 'closed') return;
    this.phase = 'closed';
    const { backoff, clock, counts } = this.#book;
    if (phase === 'open') {
      counts.open -= 1;
      return;
    }
    countFailedAttempt(counts, { kind, phase, detail });
    backoff.failed(clock(), { kind, phase, detail });
  }

  readonly #connected = (): void => {
    const { clock, connectTimes, secure } = this.#book;
    const now = clock();
    connectTimes.connected(this.#since, now);
    this.#since = now;
    if (!secure) {
      this.#open();
      return;
    }
    this.phase = 'tls';
    this.#events.reached();
  };

  readonly #secured = (): void => {
    const { clock, connectTimes, verifies } = this.#book;
    const { authorized, authorizationError } = this.socket as TLSSocket;
    if (verifies && !authorized) {
      const refusal = new Error('the certificate is not trusted');
      this.socket.destroy(Object.assign(refusal, { code: String(authorizationError) }));
      return;
    }
    connectTimes.secured(this.#since, clock());
    this.#open();
  };

  #open(): void {
    this.phase = 'open';
    this.#book.backoff.succeeded();
    this.#events.opened();
  }

  readonly #ended = (): void => {
    // An error of the same socket would make autocannon connect once more.
    this.socket.destroy();
    this.#events.ended();
    this.close('closed');
  };

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    const [kind, detail] = [failureKindOf(error, this.#book.secure), detailOf(error)];
    this.#events.failed(kind, detail);
    this.close(kind, detail);
  };
}
