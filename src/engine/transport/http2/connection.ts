import type { ClientHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Micros } from '../../../model/units.ts';
import type { Clock } from '../../request/clock.ts';
import type { Failure } from '../../request/outcome.ts';
import type { PreparedRequest } from '../../request/prepared-request.ts';
import type { VirtualUser } from '../../request/virtual-user.ts';
import type { Connector, SocketEvents } from '../connector.ts';
import { closedEarly, connectFailure, otherProtocol } from './connect-failure.ts';
import { messageOf } from './message.ts';
import { sessionOn } from './session.ts';
import { streamFailure } from './stream-failure.ts';
import { type StreamEnd, type StreamOwner, StreamRequest } from './stream-request.ts';

/** What the owner of a connection is told; every request sent gets exactly one of the last three, or is cancelled. */
export interface Http2Owner {
  /** The server has said how many streams it takes. */
  connected(connection: Http2Connection): void;
  connectFailed(connection: Http2Connection, failure: Failure): void;
  /** The server allows another number of streams. */
  resized(connection: Http2Connection): void;
  /** No further request can be sent on it; those under way go on. */
  leaving(connection: Http2Connection): void;
  closed(connection: Http2Connection, byServer: boolean): void;
  answered(user: VirtualUser, status: number, body: Buffer | null, now: Micros): void;
  lost(user: VirtualUser, failure: Failure, now: Micros): void;
  /** The server has not looked at the request and will not: it said so as it ended the connection. */
  unprocessed(user: VirtualUser, failure: Failure, now: Micros): void;
}

const endsHere = { endStream: true } as const;
const goesOn = { endStream: false } as const;

/** One HTTP/2 connection (RFC 9113) with as many requests under way as the server and the scenario allow. */
export class Http2Connection implements SocketEvents, StreamOwner {
  state: 'connecting' | 'open' | 'leaving' | 'closed' = 'connecting';
  /** How far connecting has come. */
  phase: 'connect' | 'tls' = 'connect';
  /** Which of the target's addresses it goes to. */
  readonly address: number;
  /** The most streams at once, once the server has said its own limit. */
  limit: number;
  readonly #owner: Http2Owner;
  readonly #clock: Clock;
  readonly connector: Connector;
  readonly #socket: Socket;
  #session: ClientHttp2Session | null = null;
  #streams = 0;
  /** When anything of an answer came last. */
  #heardAt = Number.NEGATIVE_INFINITY;
  /** Whether it took a request with it. */
  #hasBroken = false;
  #goaway: { readonly code: number; readonly last: number } | null = null;

  constructor(owner: Http2Owner, clock: Clock, connector: Connector) {
    this.#owner = owner;
    this.#clock = clock;
    this.connector = connector;
    this.limit = connector.streams;
    this.reached = this.reached.bind(this);
    this.ready = this.ready.bind(this);
    this.ended = this.ended.bind(this);
    this.failed = this.failed.bind(this);
    this.closed = this.closed.bind(this);
    this.address = connector.route.upcoming;
    // What is not a socket is a way through a proxy, which no plan of HTTP/2 has.
    this.#socket = connector.open(this) as Socket;
  }

  /** Whether another request may be sent now. */
  get hasRoom(): boolean {
    if (this.state !== 'open' || this.#streams >= this.limit) return false;
    const { closed, destroyed } = this.#session as ClientHttp2Session;
    return !closed && !destroyed;
  }

  send(user: VirtualUser, bytes: Buffer, request: PreparedRequest): void {
    const session = this.#session as ClientHttp2Session;
    const { headers, body } = messageOf(
      bytes,
      this.connector.secure ? 'https' : 'http',
      bytes === request.bytes,
    );
    user.phase = 'firstByte';
    this.#streams += 1;
    if (!this.connector.keeps) this.#leave();
    try {
      user.sentAt = this.#clock();
      const stream = session.request(headers, body === null ? endsHere : goesOn);
      user.carrier = new StreamRequest(this, stream, user, request, body !== null);
      if (body !== null) stream.end(body);
    } catch (error) {
      // What Node does not take as HTTP/2, such as a second content type.
      const { message } = error as Error;
      this.lost(user, { kind: 'notSent', phase: 'queue', detail: message });
    }
  }

  /** Notes that the server answers. */
  heard(): Micros {
    const now = this.#clock();
    this.#heardAt = now;
    return now;
  }

  answered(user: VirtualUser, status: number, body: Buffer | null): void {
    this.#release();
    this.#owner.answered(user, status, body, this.#clock());
  }

  lost(user: VirtualUser, failure: Failure): void {
    this.#release();
    this.#owner.lost(user, failure, this.#clock());
  }

  /** A request's stream has ended without an answer. */
  broken(user: VirtualUser, { error, code, id }: StreamEnd): void {
    const goaway = this.#goaway;
    const isCutOff = this.#socket.destroyed || this.#socket.readableEnded;
    this.#hasBroken ||= isCutOff;
    const failure = streamFailure({
      code,
      error,
      hasBegun: user.firstByteAt >= 0,
      goaway: goaway?.code ?? null,
      isCutOff,
      secure: this.connector.secure,
    });
    const progress = user.stream?.progress ?? '';
    // Higher numbers than the last that the server named were not and will not be processed (RFC 9113, section 6.8).
    if (goaway === null || id <= goaway.last)
      this.lost(user, { ...failure, detail: failure.detail + progress });
    else {
      this.#release();
      this.#owner.unprocessed(user, failure, this.#clock());
    }
  }

  /**
   * A request was given up. Where nothing has come since it was sent, the connection itself may be dead: it gets no more of
   * them, and those under way go on.
   */
  cancelled(user: VirtualUser): void {
    if (this.#heardAt < user.sentAt) this.#leave();
    this.#release();
  }

  /** Closes without telling the owner. */
  destroy(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    if (this.#session === null) this.#socket.destroy();
    else this.#session.destroy();
  }

  reached(): void {
    if (this.connector.secure) this.phase = 'tls';
  }

  ready(): void {
    if (this.state !== 'connecting') return;
    const socket = this.#socket;
    if (this.connector.secure) {
      const { alpnProtocol } = socket as TLSSocket;
      if (alpnProtocol !== 'h2') {
        this.#failConnect(otherProtocol(alpnProtocol));
        return;
      }
    }
    const session = sessionOn(socket);
    this.#session = session;
    session.on('remoteSettings', ({ maxConcurrentStreams }) => this.#settle(maxConcurrentStreams));
    session.on('goaway', (code, last) => {
      this.#goaway = { code, last };
      this.#leave();
    });
    session.on('error', (error: NodeJS.ErrnoException) => this.failed(error));
    session.on('close', this.closed);
  }

  /** Answers come as events of streams. */
  data(): void {}

  ended(): void {
    if (this.state === 'connecting') this.closed();
  }

  failed(error: NodeJS.ErrnoException): void {
    if (this.state !== 'connecting') return;
    const { phase } = this;
    this.#failConnect(
      connectFailure(error, { phase, secure: this.connector.secure, speaks: this.#session !== null }),
    );
  }

  closed(): void {
    if (this.state === 'closed') return;
    if (this.state === 'connecting') {
      const { phase } = this;
      this.#failConnect(closedEarly(phase, this.#session !== null, this.#goaway?.code ?? null));
      return;
    }
    const wasIdle = this.#streams === 0 && !this.#hasBroken;
    this.state = 'closed';
    this.#owner.closed(this, wasIdle);
  }

  /** Takes note of how many streams the server allows, which may change at any time. */
  #settle(theirs: number | undefined): void {
    const { keeps, streams } = this.connector;
    this.limit = keeps ? Math.min(streams, theirs ?? streams) : 1;
    this.connector.allowed = this.limit;
    if (this.state === 'connecting') {
      this.state = 'open';
      this.#owner.connected(this);
    } else if (this.state === 'open') this.#owner.resized(this);
  }

  #release(): void {
    this.#streams -= 1;
    if (this.state === 'leaving' && this.#streams === 0) {
      this.destroy();
      this.#owner.closed(this, false);
    }
  }

  #leave(): void {
    if (this.state !== 'open') return;
    this.state = 'leaving';
    this.#owner.leaving(this);
    if (this.#streams > 0) return;
    this.destroy();
    this.#owner.closed(this, this.#goaway !== null);
  }

  #failConnect(failure: Failure): void {
    this.destroy();
    this.#owner.connectFailed(this, failure);
  }
}
