import type { ClosedLoad, OpenLoad } from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';
import { type Clock, never } from '../request/clock.ts';
import { VirtualUser } from '../request/virtual-user.ts';
import { arrivals } from './pacer.ts';
import { populationOf, staggerOf } from './population.ts';
import type { Turns } from './turns.ts';

/** Where journeys come from: arrivals at a rate, or users who come back. */
export interface Arrivals {
  /** The next moment at which a journey is due; null where none is known to come. */
  readonly next: Micros | null;
  /** No journey will come any more, whatever becomes of those under way. */
  readonly finished: boolean;
  /** Every user that was ever on a journey. */
  readonly users: readonly VirtualUser[];
  /** Starts the journeys due by now. */
  start(now: Micros): void;
  /** Takes a user back whose journey ended; `at` is the earliest moment for another. */
  returned(user: VirtualUser, at: Micros, now: Micros): void;
  /** Nothing more is to come. */
  stop(): void;
  /** Nothing that is due from this moment on is to come. */
  endAt(moment: Micros): void;
}

/** Starts one journey for a user that was due at a moment. */
export type StartJourney = (user: VirtualUser, index: number, due: Micros, now: Micros) => void;

/** This worker's share of a run: of everything numbered, it takes every `workers`-th from `worker` on. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
}

/** Journeys that start at their due moments, however long the ones before them take. */
export class OpenArrivals implements Arrivals {
  readonly users: VirtualUser[] = [];
  readonly #free: VirtualUser[] = [];
  readonly #clock: Clock;
  readonly #arrivals: Iterator<Micros, void>;
  readonly #share: Share;
  readonly #start: StartJourney;
  readonly #turns: Turns | null;
  #endsAt = Number.POSITIVE_INFINITY;
  #index = -1;
  next: Micros | null = null;

  constructor(
    load: OpenLoad,
    seed: number,
    share: Share,
    clock: Clock,
    start: StartJourney,
    turns: Turns | null = null,
  ) {
    this.#clock = clock;
    this.#arrivals = arrivals(load, seed);
    this.#share = share;
    this.#start = start;
    this.#turns = turns;
    this.#advance();
  }

  get finished(): boolean {
    return this.next === null;
  }

  start(now: Micros): void {
    while (this.next !== null && this.next <= now) {
      const due = this.next;
      const index = this.#index;
      this.#advance();
      // Each start reads the clock anew: a batch that takes long shows in the send lag of its last.
      this.#start(this.#free.pop() ?? this.#newUser(), index, due, this.#clock());
    }
  }

  returned(user: VirtualUser): void {
    this.#free.push(user);
  }

  stop(): void {
    this.next = null;
  }

  endAt(moment: Micros): void {
    this.#endsAt = moment;
    if (this.next !== null && this.next >= moment) this.next = null;
  }

  #newUser(): VirtualUser {
    const user = new VirtualUser(0);
    this.users.push(user);
    return user;
  }

  #advance(): void {
    const { worker, workers } = this.#share;
    do {
      const arrival = this.#arrivals.next();
      if (arrival.done) {
        this.next = null;
        return;
      }
      this.#index += 1;
      this.next = arrival.value;
    } while (this.#index % workers !== worker);
    if (this.#turns === null) return;
    const due = this.#turns.real(this.next);
    this.next = due < this.#endsAt ? due : null;
  }
}

interface Waiting {
  readonly user: VirtualUser;
  readonly at: Micros;
}

/** Users who start their next journey when the last has ended, as long as the load wants them. */
export class ClosedArrivals implements Arrivals {
  readonly users: readonly VirtualUser[];
  readonly #load: ClosedLoad;
  readonly #clock: Clock;
  readonly #population;
  readonly #share: Share;
  readonly #measuredFrom: Micros;
  readonly #start: StartJourney;
  readonly #turns: Turns | null;
  /** Users that are wanted again later, earliest last. */
  #waiting: Waiting[] = [];
  #started = 0;
  /** Of a fixed count of journeys; the warm-up's do not count. */
  #counted = 0;
  #stopped = false;
  #endsAt: Micros;

  constructor(
    load: ClosedLoad,
    share: Share,
    clock: Clock,
    { measuredFrom, endsAt }: { readonly measuredFrom: Micros; readonly endsAt: Micros },
    start: StartJourney,
    turns: Turns | null = null,
  ) {
    this.#load = load;
    this.#clock = clock;
    this.#population = populationOf(load);
    this.#share = share;
    this.#measuredFrom = measuredFrom;
    this.#endsAt = endsAt;
    this.#start = start;
    this.#turns = turns;
    const users: VirtualUser[] = [];
    for (let number = share.worker; number < this.#population.peak; number += share.workers) {
      users.push(new VirtualUser(number));
    }
    this.users = users;
    const offset = staggerOf(load, this.#population.peak);
    for (const user of users) {
      const own = offset(user.number);
      this.#wait(user, turns === null ? own : turns.real(own));
    }
  }

  get next(): Micros | null {
    return this.#waiting.at(-1)?.at ?? null;
  }

  get finished(): boolean {
    return this.#stopped || this.#exhausted;
  }

  get #exhausted(): boolean {
    const { iterations } = this.#load;
    if (iterations === null) return false;
    const { worker, workers } = this.#share;
    return this.#counted >= Math.ceil((iterations - worker) / workers);
  }

  start(now: Micros): void {
    for (let first = this.#waiting.at(-1); first && first.at <= now; first = this.#waiting.at(-1)) {
      this.#waiting.pop();
      const now = this.#clock();
      const due = this.#isDueWhenTaken(first.user) && now < this.#endsAt ? now : first.at;
      this.#embark(first.user, first.at, due, now);
    }
  }

  returned(user: VirtualUser, at: Micros, now: Micros): void {
    const turns = this.#turns;
    const pacing = millisToMicros(this.#load.pacing);
    const started = user.journeyStarted;
    const paced = turns === null ? micros(started + pacing) : turns.later(started, pacing);
    const ready = paced > at ? paced : at;
    const loadAt = turns === null ? now : turns.own(now);
    if (ready <= now && this.#population.wants(user.number, loadAt)) this.#embark(user, ready, ready, now);
    else this.#wait(user, ready);
  }

  /**
   * Users who start or are paced together are taken up one after another: each is due then, so that the batch is no lateness.
   * A user who only waits for the next turn is due when that begins.
   */
  #isDueWhenTaken(user: VirtualUser): boolean {
    return this.#turns === null || this.#load.pacing > 0 || user.journeyStarted === never;
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting = [];
  }

  endAt(moment: Micros): void {
    this.#endsAt = moment;
    this.#waiting = this.#waiting.filter(({ at }) => at < moment);
  }

  /** `at` is the moment that was planned, by which the pace is kept; the journey is `due` when the user is taken up. */
  #embark(user: VirtualUser, at: Micros, due: Micros, now: Micros): void {
    if (this.finished || at >= this.#endsAt) return;
    if (due >= this.#measuredFrom) this.#counted += 1;
    const { worker, workers } = this.#share;
    const index = worker + this.#started * workers;
    this.#started += 1;
    user.journeyStarted = at;
    this.#start(user, index, due, now);
  }

  #wait(user: VirtualUser, from: Micros): void {
    const at = this.finished ? null : this.#nextWanted(user.number, from);
    if (at === null || at >= this.#endsAt) return;
    const later = this.#waiting.findIndex(other => other.at <= at);
    this.#waiting.splice(later < 0 ? this.#waiting.length : later, 0, { user, at });
  }

  #nextWanted(user: number, from: Micros): Micros | null {
    if (this.#turns === null) return this.#population.nextWanted(user, from);
    const own = this.#population.nextWanted(user, this.#turns.own(from));
    return own === null ? null : this.#turns.real(own);
  }
}
