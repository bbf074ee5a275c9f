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
  /** By address. */
  readonly #backoffs: readonly Backoff[];
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Carrier>();
  readonly #connecting = new Set<Connection>();
  readonly #queue = new UserQueue();

  constructor(clock: Clock, connector: Connector, max: number, events: DispatchEvents) {
    this.#clock = clock;
    this.#connector = connector;
    this.#max = max;
    this.#backoffs = Array.from({ length: connector.route.addresses }, () => new Backoff());
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
    } else {
      user.phase = 'connect';
      const backoff = this.#upcoming;
      const permission = backoff.permission(now);
      if (permission === 'granted') {
        this.#queue.push(user);
        this.#open(now);
      } else {
        this.#connector.route.take();
        if (permission === 'awaited') this.#queue.push(user);
        else this.#events.lost(user, backoff.failure(), now);
      }
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
    this.#backoffs[connection.address]?.succeeded();
    this.#serve(connection);
    // Those who awaited this attempt.
    if (this.#queue.length > this.#connecting.size) this.#refill(this.#clock());
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
    const body = connection.scanner.takeBody();
    const { status } = connection.scanner.head;
    if (connection.state === 'idle') this.#serve(connection);
    else if (connection.state === 'closed') this.#drop(connection);
    this.#events.answered(user, status, body, now);
    if (connection.state === 'closed') this.#refill(now);
  }

  lost(connection: Connection, user: VirtualUser, failure: Failure, now: Micros): void {
    this.#drop(connection);
    this.#events.lost(user, failure, now);
    this.#refill(now);
  }

  rested(connection: Connection): void {
    this.#serve(connection);
  }

  closedIdle(connection: Connection): void {
    this.counts.closedIdle += 1;
    this.#drop(connection);
    const position = this.#idle.indexOf(connection);
    if (position >= 0) this.#idle.splice(position, 1);
    this.#refill(this.#clock());
  }

  /** The backoff of the address that the next connection goes to. */
  get #upcoming(): Backoff {
    return this.#backoffs[this.#connector.route.upcoming] as Backoff;
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
    const { request, bytes } = user;
    if (!request || !bytes) return;
    this.counts.sent += 1;
    connection.send(user, bytes, request);
  }

  #serve(connection: Connection): void {
    const user = this.#queue.shift();
    if (user) this.#send(connection, user);
    else this.#idle.push(connection);
  }

  #open(now: Micros): void {
    countAttempt(this.counts);
    this.#upcoming.began(now);
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
    this.#backoffs[connection.address]?.failed(now, failure);
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
      const backoff = this.#upcoming;
      const permission = backoff.permission(now);
      if (this.#all.size < this.#max && permission === 'granted') this.#open(now);
      else if (this.#all.size === this.#connecting.size && permission === 'refused') {
        this.#connector.route.take();
        const user = this.#queue.shift();
        if (user) this.#events.lost(user, backoff.failure(), now);
      } else break;
    }
  }
}
