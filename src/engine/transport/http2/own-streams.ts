import { type Micros, micros } from '../../../model/units.ts';
import type { Clock } from '../../request/clock.ts';
import type { VirtualUser } from '../../request/virtual-user.ts';
import type { Connector } from '../connector.ts';
import type { DispatchEvents, Dispatcher } from '../dispatcher.ts';
import { Attempts } from './attempts.ts';
import { StreamPool } from './stream-pool.ts';

/** How a closed load shares connections. */
export interface Sharing {
  /** So many users have one together; a user's requests at once are streams of it. */
  readonly usersPerConnection: number;
  readonly workers: number;
}

/** The closed model's connections: each belongs to a user, or to a number of them. */
export class OwnStreams implements Dispatcher {
  readonly #clock: Clock;
  readonly #connector: Connector;
  readonly #events: DispatchEvents;
  readonly #sharing: Sharing;
  readonly #attempts: Attempts;
  readonly #pools: (StreamPool | undefined)[] = [];

  constructor(clock: Clock, connector: Connector, sharing: Sharing, events: DispatchEvents) {
    this.#clock = clock;
    this.#connector = connector;
    this.#events = events;
    this.#sharing = sharing;
    this.#attempts = new Attempts(connector.route.addresses);
  }

  get counts() {
    return this.#attempts.counts;
  }

  dispatch(user: VirtualUser, now: Micros): void {
    this.#poolOf(user).dispatch(user, now);
  }

  withdraw(user: VirtualUser, now: Micros): void {
    this.#poolOf(user).withdraw(user, now);
  }

  readyAfterFailure(now: Micros): Micros {
    return micros(Math.max(now, this.#attempts.alone));
  }

  close(): void {
    for (const pool of this.#pools) pool?.close();
  }

  #poolOf({ leader, number }: VirtualUser): StreamPool {
    const { usersPerConnection, workers } = this.#sharing;
    // Every nth user is this worker's.
    const own = Math.floor((leader?.number ?? number) / workers);
    const position = Math.floor(own / usersPerConnection);
    const pool = this.#pools[position] ?? this.#newPool();
    this.#pools[position] = pool;
    return pool;
  }

  #newPool(): StreamPool {
    const terms = { max: 1, attempts: this.#attempts, failsFast: false };
    return new StreamPool(this.#clock, this.#connector, terms, this.#events);
  }
}
