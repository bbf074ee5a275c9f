import { type Micros, micros } from '../../model/units.ts';
import type { Clock } from '../request/clock.ts';
import type { Failure } from '../request/outcome.ts';
import type { VirtualUser } from '../request/virtual-user.ts';
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

/** The closed model's connections: each user keeps one of its own and connects anew where it was closed. */
export class OwnConnections implements Dispatcher, ConnectionOwner {
  readonly counts = noCounts();
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #events: DispatchEvents;
  /** By address. */
  readonly #backoffs: readonly Backoff[];
  /** Until when the address of the latest failed attempt is left alone. */
  #alone = Number.NEGATIVE_INFINITY;
  readonly #byUser: (Connection | undefined)[] = [];

  constructor(clock: Clock, connector: Connector, events: DispatchEvents) {
    this.#clock = clock;
    this.#connector = connector;
    this.#events = events;
    this.#backoffs = Array.from({ length: connector.route.addresses }, () => new Backoff());
  }

  dispatch(user: VirtualUser): void {
    const own = this.#byUser[user.number];
    if (own?.reusable) {
      this.#send(own, user);
      return;
    }
    user.phase = 'connect';
    if (own?.state === 'resting') {
      own.user = user;
      return;
    }
    if (own) this.closedIdle(own);
    this.#connect(user);
  }

  #connect(user: VirtualUser): void {
    countAttempt(this.counts);
    const connection = new Connection(this, this.#clock, this.#connector);
    connection.user = user;
    connection.userNumber = user.number;
    this.#byUser[user.number] = connection;
  }

  withdraw(user: VirtualUser, now: Micros): void {
    const connection = this.#byUser[user.number];
    if (!connection) return;
    this.#byUser[user.number] = undefined;
    if (connection.state === 'connecting') {
      user.phase = connection.phase;
      const failure: Failure = { kind: 'timeout', phase: user.phase, detail: 'no connection in time' };
      this.#failAttempt(connection, failure, now);
    } else {
      this.counts.open -= 1;
    }
    user.carrier = null;
    connection.destroy();
  }

  readyAfterFailure(now: Micros): Micros {
    return micros(Math.max(now, this.#alone));
  }

  close(): void {
    for (const connection of this.#byUser) connection?.destroy();
    this.#byUser.length = 0;
  }

  connected(connection: Connection): void {
    this.#backoffs[connection.address]?.succeeded();
    this.#alone = Number.NEGATIVE_INFINITY;
    if (connection.user) this.#send(connection, connection.user);
  }

  connectFailed(connection: Connection, failure: Failure): void {
    const now = this.#clock();
    this.#failAttempt(connection, failure, now);
    this.#byUser[connection.userNumber] = undefined;
    if (connection.user) this.#events.lost(connection.user, failure, now);
  }

  answered(connection: Connection, user: VirtualUser, now: Micros): void {
    const body = connection.scanner.takeBody();
    const { status } = connection.scanner.head;
    if (connection.state === 'closed') this.#forget(user);
    this.#events.answered(user, status, body, now);
  }

  lost(_connection: Connection, user: VirtualUser, failure: Failure, now: Micros): void {
    this.#forget(user);
    this.#events.lost(user, failure, now);
  }

  rested(connection: Connection): void {
    if (connection.user) this.#send(connection, connection.user);
  }

  /** A user who waits for just this connection gets another. */
  closedIdle(connection: Connection): void {
    const { user } = connection;
    this.counts.closedIdle += 1;
    this.counts.open -= 1;
    connection.destroy();
    this.#byUser[connection.userNumber] = undefined;
    if (user) this.#connect(user);
  }

  #failAttempt(connection: Connection, failure: Failure, now: Micros): void {
    const backoff = this.#backoffs[connection.address];
    countFailedAttempt(this.counts, failure);
    backoff?.failed(now, failure);
    this.#alone = backoff?.until ?? Number.NEGATIVE_INFINITY;
  }

  #forget(user: VirtualUser): void {
    if (!this.#byUser[user.number]) return;
    this.#byUser[user.number] = undefined;
    this.counts.open -= 1;
  }

  #send(connection: Connection, user: VirtualUser): void {
    const { request, bytes } = user;
    if (!request || !bytes) return;
    this.counts.sent += 1;
    connection.send(user, bytes, request);
  }
}
