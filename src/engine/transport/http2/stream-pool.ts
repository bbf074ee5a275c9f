import { type Micros, micros } from '../../../model/units.ts';
import { type Clock, never } from '../../request/clock.ts';
import type { Failure } from '../../request/outcome.ts';
import type { VirtualUser } from '../../request/virtual-user.ts';
import type { Connector } from '../connector.ts';
import type { DispatchEvents, Dispatcher } from '../dispatcher.ts';
import { UserQueue } from '../user-queue.ts';
import type { Attempts } from './attempts.ts';
import { Http2Connection, type Http2Owner } from './connection.ts';
import { Moves } from './moves.ts';

/** What a pool may do. */
export interface PoolTerms {
  /** The most connections at once. */
  readonly max: number;
  readonly attempts: Attempts;
  /** Whether arrivals go on while an address is left alone: they fail then, where users would wait. */
  readonly failsFast: boolean;
}

/**
 * Connections whose streams are shared by all who come: in turn those that have room, so that each address gets its share.
 * One more is opened where all are full. A request that the server gave back unprocessed goes to another connection, and its
 * time goes on from when it was due.
 */
export class StreamPool implements Dispatcher, Http2Owner {
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #terms: PoolTerms;
  readonly #events: DispatchEvents;
  /** Those that take requests, in the order of their turns. */
  readonly #open: Http2Connection[] = [];
  readonly #all = new Set<Http2Connection>();
  readonly #connecting = new Set<Http2Connection>();
  readonly #queue = new UserQueue();
  readonly #moves = new Moves();
  #turn = 0;

  constructor(clock: Clock, connector: Connector, terms: PoolTerms, events: DispatchEvents) {
    this.#clock = clock;
    this.#connector = connector;
    this.#terms = terms;
    this.#events = events;
  }

  get counts() {
    return this.#terms.attempts.counts;
  }

  dispatch(user: VirtualUser, now: Micros): void {
    const connection = this.#withRoom();
    if (connection === undefined) this.#await(user, now);
    else this.#send(connection, user);
    this.#spread(now);
  }

  withdraw(user: VirtualUser, now: Micros): void {
    if (user.carrier) {
      const { carrier } = user;
      user.carrier = null;
      carrier.destroy();
      this.#serve();
    } else {
      this.#queue.remove(user);
      const [oldest] = this.#connecting;
      if (oldest === undefined) user.phase = 'queue';
      else if (user.phase === 'connect') {
        user.phase = oldest.phase;
        if (this.#queue.length <= (this.#connecting.size - 1) * this.#share) this.#giveUp(oldest, now);
      }
    }
    this.#refill(now);
  }

  readyAfterFailure(now: Micros): Micros {
    return this.#terms.failsFast ? now : micros(Math.max(now, this.#terms.attempts.alone));
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#connecting.clear();
    this.#open.length = 0;
  }

  connected(connection: Http2Connection): void {
    this.#connecting.delete(connection);
    this.#terms.attempts.succeeded(connection.address);
    this.counts.streams = connection.limit;
    this.#open.push(connection);
    this.#serve();
    this.#refill(this.#clock());
  }

  /** All who waited for this attempt alone would have had streams on it. */
  connectFailed(connection: Http2Connection, failure: Failure): void {
    const now = this.#clock();
    this.#failAttempt(connection, failure, now);
    let losing = this.#queue.length - this.#connecting.size * this.#share;
    if (this.#open.length > 0) losing = Math.min(losing, 1);
    for (; losing > 0; losing -= 1) {
      const user = this.#queue.shift();
      if (user) this.#events.lost(user, failure, now);
    }
    this.#refill(now);
  }

  resized(connection: Http2Connection): void {
    this.counts.streams = connection.limit;
    this.#serve();
    this.#refill(this.#clock());
  }

  leaving(connection: Http2Connection): void {
    const position = this.#open.indexOf(connection);
    if (position >= 0) this.#open.splice(position, 1);
  }

  closed(connection: Http2Connection, byServer: boolean): void {
    this.leaving(connection);
    if (this.#all.delete(connection)) this.counts.open -= 1;
    if (byServer) this.counts.closedIdle += 1;
    this.#refill(this.#clock());
  }

  answered(user: VirtualUser, status: number, body: Buffer | null, now: Micros): void {
    this.#serve();
    this.#events.answered(user, status, body, now);
  }

  lost(user: VirtualUser, failure: Failure, now: Micros): void {
    this.#events.lost(user, failure, now);
    this.#serve();
    this.#refill(this.#clock());
  }

  unprocessed(user: VirtualUser, failure: Failure, now: Micros): void {
    if (!this.#moves.allows(user)) {
      this.lost(user, { ...failure, kind: 'refused', detail: 'given back unprocessed again and again' }, now);
      return;
    }
    this.counts.moved += 1;
    user.sentAt = never;
    user.firstByteAt = never;
    user.bytesReceived = 0;
    this.dispatch(user, now);
  }

  /** How many streams a connection is expected to have. */
  get #share(): number {
    return Math.max(1, this.#connector.allowed);
  }

  #withRoom(): Http2Connection | undefined {
    const open = this.#open;
    for (let tried = 0; tried < open.length; tried += 1) {
      this.#turn = (this.#turn + 1) % open.length;
      const connection = open[this.#turn] as Http2Connection;
      if (connection.hasRoom) return connection;
    }
    return undefined;
  }

  #await(user: VirtualUser, now: Micros): void {
    const { max, attempts, failsFast } = this.#terms;
    if (this.#queue.length < this.#connecting.size * this.#share) {
      user.phase = 'connect';
      this.#queue.push(user);
    } else if (this.#all.size >= max) {
      if (failsFast) this.counts.queued += 1;
      user.phase = this.#all.size === this.#connecting.size ? 'connect' : 'queue';
      this.#queue.push(user);
    } else {
      user.phase = 'connect';
      const backoff = attempts.backoff(this.#connector.route.upcoming);
      const permission = failsFast ? backoff.permission(now) : 'granted';
      if (permission === 'granted') {
        this.#queue.push(user);
        this.#connect(now);
      } else {
        this.#connector.route.take();
        if (permission === 'awaited') this.#queue.push(user);
        else this.#events.lost(user, backoff.failure(), now);
      }
    }
  }

  /** Each address has a connection as soon as there is any load. */
  #spread(now: Micros): void {
    const { max, attempts, failsFast } = this.#terms;
    const { addresses, upcoming } = this.#connector.route;
    if (!failsFast || this.#all.size === 0 || this.#all.size >= Math.min(max, addresses)) return;
    if (attempts.backoff(upcoming).permission(now) === 'granted') this.#connect(now);
  }

  #send(connection: Http2Connection, user: VirtualUser): void {
    const { request, bytes } = user;
    if (!request || !bytes) return;
    this.counts.sent += 1;
    connection.send(user, bytes, request);
  }

  /** Sends what waits, as long as there is room. */
  #serve(): void {
    while (this.#queue.length > 0) {
      const connection = this.#withRoom();
      const user = connection && this.#queue.shift();
      if (!user) return;
      this.#send(connection, user);
    }
  }

  #connect(now: Micros): void {
    this.#terms.attempts.began(this.#connector.route.upcoming, now);
    const connection = new Http2Connection(this, this.#clock, this.#connector);
    this.#all.add(connection);
    this.#connecting.add(connection);
  }

  #failAttempt(connection: Http2Connection, failure: Failure, now: Micros): void {
    this.#connecting.delete(connection);
    this.#all.delete(connection);
    this.#terms.attempts.failed(connection.address, failure, now);
  }

  /** An attempt that outlived the requests which wanted it is given up, so that a silent target is not leaned on. */
  #giveUp(attempt: Http2Connection, now: Micros): void {
    attempt.destroy();
    const { phase } = attempt;
    this.#failAttempt(attempt, { kind: 'timeout', phase, detail: 'no connection in time' }, now);
  }

  /** Opens connections for users that wait with none on its way, or fails them where none can be had. */
  #refill(now: Micros): void {
    const { max, attempts, failsFast } = this.#terms;
    while (this.#queue.length > this.#connecting.size * this.#share) {
      const backoff = attempts.backoff(this.#connector.route.upcoming);
      const permission = failsFast ? backoff.permission(now) : 'granted';
      if (this.#all.size < max && permission === 'granted') this.#connect(now);
      else if (this.#all.size === this.#connecting.size && permission === 'refused') {
        this.#connector.route.take();
        const user = this.#queue.shift();
        if (user) this.#events.lost(user, backoff.failure(), now);
      } else break;
    }
  }
}
