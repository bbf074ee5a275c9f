import { type Micros, micros } from '../../model/units.ts';
import { longestEntering } from '../../safety/untrusted-text.ts';
import { type Clock, never } from '../request/clock.ts';
import { detailOf, type Failure, failureKindOf } from '../request/outcome.ts';
import type { PreparedRequest } from '../request/prepared-request.ts';
import type { SignalReader } from '../request/signals.ts';
import type { VirtualUser } from '../request/virtual-user.ts';
import { StreamWatch } from '../stream/stream-watch.ts';
import type { Connector, Pipe, SocketEvents } from './connector.ts';
import { ResponseScanner } from './http1/scanner.ts';

/** What the owner of a connection is told; every request sent gets exactly one `answered` or `lost`. */
export interface ConnectionOwner {
  connected(connection: Connection): void;
  connectFailed(connection: Connection, failure: Failure): void;
  /** An answer is complete; the connection can be used again where `reusable`. */
  answered(connection: Connection, user: VirtualUser, now: Micros): void;
  /** The request got no complete answer; the connection is closed. */
  lost(connection: Connection, user: VirtualUser, failure: Failure, now: Micros): void;
  /** A connection has rested after its answer, and can be used again. */
  rested(connection: Connection): void;
  /** The server closed the connection while it was idle. */
  closedIdle(connection: Connection): void;
}

/** Servers announce how long they keep idle connections; leave this much of it unused, so as not to race them. */
const keepAliveMarginUs = 1_000_000;

/** How long a connection rests that the server is likely to close. */
const suspicionMs = 20;

/** One HTTP/1.1 connection with at most one request under way. */
export class Connection implements SocketEvents {
  readonly scanner: ResponseScanner;
  state: 'connecting' | 'idle' | 'busy' | 'resting' | 'closed' = 'connecting';
  /** Whose request is under way, or waits for just this connection. */
  user: VirtualUser | null = null;
  /** Whose connection this is in a closed load; -1 in a shared pool. */
  userNumber = -1;
  /** How far connecting has come. */
  phase: 'connect' | 'tls' = 'connect';
  /** Past this moment the server may close the connection; infinite where it announced nothing. */
  usableUntil = Number.POSITIVE_INFINITY;
  /** Which of the target's addresses it goes to. */
  readonly address: number;
  readonly #owner: ConnectionOwner;
  readonly #clock: Clock;
  readonly #secure: boolean;
  readonly #signals: SignalReader | null;
  readonly #connector: Connector;
  #answers = 0;
  readonly #socket: Pipe;

  constructor(owner: ConnectionOwner, clock: Clock, connector: Connector) {
    this.#owner = owner;
    this.#clock = clock;
    this.scanner = new ResponseScanner(connector.maxResponse, connector.keepsHeads, connector.bodyRoom);
    this.#secure = connector.secure;
    this.#signals = connector.signals;
    this.#connector = connector;
    this.reached = this.reached.bind(this);
    this.ready = this.ready.bind(this);
    this.ended = this.ended.bind(this);
    this.failed = this.failed.bind(this);
    this.closed = this.closed.bind(this);
    this.address = connector.route.upcoming;
    this.#socket = connector.open(this);
  }

  /** Whether another request may be sent now. */
  get reusable(): boolean {
    return (
      this.state === 'idle' &&
      (this.usableUntil === Number.POSITIVE_INFINITY || this.usableUntil > this.#clock())
    );
  }

  send(user: VirtualUser, bytes: Buffer, request: PreparedRequest): void {
    const { headRequest, readsBody, readsHead, errorLook, stream } = request;
    this.state = 'busy';
    this.user = user;
    user.carrier = this;
    user.phase = 'firstByte';
    const keepsBody = readsBody || (errorLook?.isDue() ?? false);
    if (stream !== null) user.stream = new StreamWatch(stream, user, this.#connector.bodyRoom);
    this.scanner.begin(headRequest, keepsBody, !readsBody, readsHead, user.stream);
    user.sentAt = this.#clock();
    this.#socket.write(bytes);
  }

  /** Closes without telling the owner. */
  destroy(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    if (this.user !== null) this.scanner.release();
    this.#socket.destroy();
  }

  reached(): void {
    if (this.#secure) this.phase = 'tls';
  }

  ready(): void {
    if (this.state !== 'connecting') return;
    this.state = 'idle';
    this.#owner.connected(this);
  }

  data(length: number, buffer: Buffer): void {
    if (this.state === 'closed') return;
    const user = this.user;
    if (this.state !== 'busy' || !user) {
      // Nobody asked: whatever this is, no later answer on this connection can be trusted.
      this.#closeIdle();
      return;
    }
    const now = this.#clock();
    if (user.firstByteAt === never) {
      user.firstByteAt = now;
      user.phase = 'body';
    }
    user.readAt = now;
    user.bytesReceived += length;
    const { scanner } = this;
    const stopped = scanner.scan(buffer, 0, length);
    const { requestIdStart, requestIdEnd } = scanner.head;
    if (requestIdEnd > requestIdStart) {
      const end = Math.min(requestIdEnd, requestIdStart + longestEntering);
      user.requestId = `${buffer.toString('latin1', requestIdStart, end)}${end < requestIdEnd ? '…' : ''}`;
    }
    if (scanner.malformed) {
      const phase = scanner.head.status === 0 ? 'firstByte' : 'body';
      this.#lose(user, { kind: 'malformed', phase, detail: scanner.fault }, now);
    } else if (scanner.lacksRoom) {
      const { kind, detail } = user.stream?.lack ?? { kind: 'tooLarge', detail: scanner.fault };
      this.#lose(user, { kind, phase: 'body', detail }, now);
    } else if (scanner.complete) this.#complete(user, stopped === length, now);
  }

  ended(): void {
    if (this.state === 'connecting') {
      const during = this.phase === 'tls' ? 'amid the TLS handshake' : 'while connecting';
      this.#failConnect({ kind: 'closed', phase: this.phase, detail: `closed ${during}` });
    } else if (this.state === 'idle' || this.state === 'resting') {
      this.#closeIdle();
    } else if (this.state === 'busy' && this.user) {
      const { user, scanner } = this;
      const now = this.#clock();
      if (user.firstByteAt !== never && scanner.close()) {
        this.#complete(user, false, now);
        return;
      }
      const phase = user.firstByteAt === never ? 'firstByte' : 'body';
      const detail = phase === 'firstByte' ? 'closed without an answer' : 'closed amid the answer';
      this.#lose(user, { kind: 'closed', phase, detail: detail + (user.stream?.progress ?? '') }, now);
    }
  }

  failed(error: NodeJS.ErrnoException): void {
    const detail = detailOf(error);
    if (this.state === 'connecting') {
      const kind = failureKindOf(error, this.#secure);
      this.#failConnect({ kind, phase: this.phase, detail });
    } else if (this.state === 'idle' || this.state === 'resting') {
      this.#closeIdle();
    } else if (this.state === 'busy' && this.user) {
      const phase = this.user.firstByteAt === never ? 'firstByte' : 'body';
      this.#lose(this.user, { kind: failureKindOf(error, this.#secure), phase, detail }, this.#clock());
    }
  }

  closed(): void {
    this.ended();
  }

  #complete(user: VirtualUser, nothingBehind: boolean, now: Micros): void {
    const { scanner } = this;
    this.user = null;
    user.carrier = null;
    if (scanner.keepsHead) user.answerHead = scanner.headText;
    if (this.#signals !== null) {
      user.signals ??= new Float64Array(this.#signals.count);
      this.#signals.read(scanner.headText, user.signals);
    }
    if (this.#connector.keeps && scanner.head.keepAlive && nothingBehind) {
      this.#rest();
      if (scanner.head.keepAliveSeconds >= 0) {
        const promisedUs = scanner.head.keepAliveSeconds * 1e6;
        this.usableUntil = now + promisedUs - Math.min(keepAliveMarginUs, promisedUs / 2);
      }
    } else {
      this.destroy();
    }
    this.#owner.answered(this, user, now);
  }

  /**
   * A server may close right behind its answer without having announced it. That is known only after another look at the
   * socket, so a connection rests until then after its first answer, and for longer after as many answers as the server was
   * last seen to close after.
   */
  #rest(): void {
    this.#answers += 1;
    const isSuspect = this.#answers === this.#connector.closesAfter;
    this.state = isSuspect || this.#answers === 1 ? 'resting' : 'idle';
    if (isSuspect) setTimeout(this.#wake, suspicionMs);
    // The first of the two comes before the next look at sockets, the second after it.
    else if (this.#answers === 1) setImmediate(() => setImmediate(this.#wake));
  }

  readonly #wake = (): void => {
    if (this.state !== 'resting') return;
    if (this.#answers === this.#connector.closesAfter) this.#connector.closesAfter = null;
    this.state = 'idle';
    this.#owner.rested(this);
  };

  #lose(user: VirtualUser, failure: Failure, now: Micros): void {
    if (failure.phase === 'firstByte' && failure.kind !== 'malformed' && this.#answers > 0) {
      this.#connector.closesAfter = this.#answers;
    }
    user.carrier = null;
    this.destroy();
    this.#owner.lost(this, user, failure, micros(now));
  }

  #closeIdle(): void {
    this.destroy();
    this.#owner.closedIdle(this);
  }

  #failConnect(failure: Failure): void {
    this.destroy();
    this.#owner.connectFailed(this, failure);
  }
}
