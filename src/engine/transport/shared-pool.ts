import type { Micros } from '../../model/units.ts';
import type { Clock } from '../request/clock.ts';
import type { Failure } from '../request/outcome.ts';
import type { Carrier, VirtualUser } from '../request/virtual-user.ts';
import { Backoff } from './backoff.ts';
import { Connection, type ConnectionOwner } from './connection.ts';
import type { Connector } from './connector.ts';
import {
  countAttempt,
  countFailedAttempt,
  type DispatchEvents,
  type Dispatcher,
  noCounts,
} from './dispatcher.ts';
import { UserQueue } from './user-queue.ts';

/**
 * The open model's connections: a pool shared by all arrivals. The latest used connection goes first, so that a pool
 * that has grown can shrink; an arrival that finds none free opens one up to `max` and takes whichever connection is
 * ready first.
 */
export class SharedPool implements Dispatcher, ConnectionOwner {
  readonly counts = noCounts();
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #max: number;
  readonly #events: DispatchEvents;
  readonly #backoff = new Backoff();
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Carrier>();
  readonly #connecting = new Set<Connection>();
  readonly #queue = new UserQueue();

  constructor(clock: Clock, connector: Connector, max: number, events: DispatchEvents) {
    this.#clock = clock;
    this.#connector = connector;
    this.#max = max;
    this.#events = events;
  }

  dispatch(user: VirtualUser, now: Micros): void {
    const connection = this.#takeIdle();
    if (connection) {
      this.#send(connection, user);
      return;
    }
    if (this.#all.size >= this.#max) {
      this.counts.queued += 1;
      user.phase = 'queue';
      this.#queue.push(user);
    } else if (this.#backoff.allows(now)) {
      user.phase = 'connect';
      this.#queue.push(user);
      this.#open();
    } else {
      user.phase = 'connect';
      this.#events.lost(user, this.#backoff.failure(), now);
    }
  }

  withdraw(user: VirtualUser, now: Micros): void {
    if (user.carrier) {
      const { carrier } = user;
      user.carrier = null;
      this.#drop(carrier);
      carrier.destroy();
    } else {
      this.#queue.remove(user);
      if (user.phase === 'connect') {
        const [oldest] = this.#connecting;
        if (oldest) user.phase = oldest.phase;
        if (oldest && this.#connecting.size > this.#queue.length) this.#giveUp(oldest, now);
      }
    }
    this.#refill(now);
  }

  readyAfterFailure(now: Micros): Micros {
    return now;
  }

  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#connecting.clear();
    this.#idle.length = 0;
  }

  connected(connection: Connection): void {
    this.#connecting.delete(connection);
    this.#backoff.succeeded();
    this.#serve(connection);
  }

  connectFailed(connection: Connection, failure: Failure): void {
    const now = this.#clock();
    this.#failAttempt(connection, failure, now);
    if (this.#queue.length > this.#connecting.size) {
      const user = this.#queue.shift();
      if (user) this.#events.lost(user, failure, now);
    }
    this.#refill(now);
  }

  answered(connection: Connection, user: VirtualUser, now: Micros): void {
    const { body } = connection.scanner;
    const { status } = connection.scanner.head;
    if (connection.state === 'idle') this.#serve(connection);
    else this.#drop(connection);
    this.#events.answered(user, status, body, now);
    if (connection.state === 'closed') this.#refill(now);
  }

  lost(connection: Connection, user: VirtualUser, failure: Failure, now: Micros): void {
    this.#drop(connection);
    this.#events.lost(user, failure, now);
    this.#refill(now);
  }

  closedIdle(connection: Connection): void {
    this.counts.closedIdle += 1;
    this.#drop(connection);
    const position = this.#idle.indexOf(connection);
    if (position >= 0) this.#idle.splice(position, 1);
  }

  #takeIdle(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (connection.reusable) return connection;
      connection.destroy();
      this.counts.closedIdle += 1;
      this.#drop(connection);
    }
    return undefined;
  }

  #send(connection: Connection, user: VirtualUser): void {
    const request = user.request;
    if (!request) return;
    this.counts.sent += 1;
    const bytes = request.bytes ?? this.#events.bytesFor(user);
    connection.send(user, bytes, request.headRequest, request.readsBody);
  }

  #serve(connection: Connection): void {
    const user = this.#queue.shift();
    if (user) this.#send(connection, user);
    else this.#idle.push(connection);
  }

  #open(): void {
    countAttempt(this.counts);
    const connection = new Connection(this, this.#clock, this.#connector);
    this.#all.add(connection);
    this.#connecting.add(connection);
  }

  #drop(connection: Carrier): void {
    if (this.#all.delete(connection)) this.counts.open -= 1;
  }

  #failAttempt(connection: Connection, failure: Failure, now: Micros): void {
    this.#connecting.delete(connection);
    this.#all.delete(connection);
    countFailedAttempt(this.counts, failure);
    this.#backoff.failed(now, failure);
  }

  /** An attempt that outlived the request which wanted it is given up, so that a silent target is not leaned on. */
  #giveUp(attempt: Connection, now: Micros): void {
    attempt.destroy();
    this.#failAttempt(
      attempt,
      { kind: 'timeout', phase: attempt.phase, detail: 'no connection in time' },
      now,
    );
  }

  /** Opens connections for users that wait with none on its way, or fails them where none can be had. */
  #refill(now: Micros): void {
    while (this.#queue.length > this.#connecting.size) {
      if (this.#all.size < this.#max && this.#backoff.allows(now)) this.#open();
      else if (this.#all.size === this.#connecting.size && !this.#backoff.allows(now)) {
        const user = this.#queue.shift();
        if (user) this.#events.lost(user, this.#backoff.failure(), now);
      } else break;
    }
  }
}
