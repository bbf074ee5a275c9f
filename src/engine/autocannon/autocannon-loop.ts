import autocannon from 'autocannon';
import type { Plan } from '../../model/run/plan.ts';
import type { ClosedLoad } from '../../model/run/scenario.ts';
import { type Micros, micros } from '../../model/units.ts';
import { BusyMeter } from '../loop/busy-meter.ts';
import { FailureSampler } from '../loop/failure-sampler.ts';
import type { LoadLoopEvents } from '../loop/load-loop.ts';
import { packCode } from '../loop/sample-log.ts';
import { Slowest } from '../loop/slowest.ts';
import type { WorkerOrder, WorkerTally } from '../loop/worker-messages.ts';
import { type Clock, never } from '../request/clock.ts';
import { type Outcome, outcomeCode } from '../request/outcome.ts';
import { type PreparedRequest, prepareJourneys } from '../request/prepared-request.ts';
import type { VirtualUser } from '../request/virtual-user.ts';
import { endOf, measuredFrom, type Span, timelineOf } from '../schedule/timeline.ts';
import { Backoff } from '../transport/backoff.ts';
import { ConnectTimes } from '../transport/connect-times.ts';
import { noCounts } from '../transport/dispatcher.ts';
import type { Client } from './client.ts';
import { ClientWatch, type WatchOwner } from './client-watch.ts';
import { optionsFor } from './options.ts';

/**
 * A closed load, sent by autocannon and told as the http engine tells it. A user is a client of autocannon; a stage with
 * more users starts more of them, one with fewer lets some go. A fixed count of journeys is dealt out beforehand.
 */
export class AutocannonLoop implements WatchOwner {
  readonly counts = noCounts();
  readonly connectTimes = new ConnectTimes();
  readonly backoff = new Backoff();
  readonly clock: Clock;
  readonly requests: readonly PreparedRequest[];
  readonly maxResponse: number;
  readonly secure: boolean;
  readonly verifies: boolean;
  /** A closed load always begins with its users' first journeys. */
  readonly firstDue: Micros = micros(0);
  heard = false;
  readonly #plan: Plan;
  readonly #addresses: readonly string[];
  readonly #load: ClosedLoad;
  readonly #events: LoadLoopEvents;
  readonly #busy = new BusyMeter(() => 0);
  readonly #slowest: Slowest;
  readonly #failures: FailureSampler;
  readonly #spans: readonly Span[];
  readonly #measuredFrom: Micros;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** Users that the stage under way wants. */
  readonly #employed: ClientWatch[] = [];
  /** Clients that may still send or receive. */
  readonly #live = new Set<ClientWatch>();
  /** Clients that have begun a journey which counts. */
  readonly #limited = new Set<ClientWatch>();
  #wanted = 0;
  #endsAt: Micros;
  #endedAt: Micros = micros(0);
  #journeys = 0;
  #stopped = false;
  #over = false;

  constructor({ plan, addresses }: WorkerOrder, clock: Clock, events: LoadLoopEvents) {
    if (plan.load.model === 'open') throw new Error('autocannon has no open load model');
    this.#plan = plan;
    this.#addresses = addresses;
    this.#load = plan.load;
    this.#events = events;
    this.clock = clock;
    this.secure = plan.target.protocol === 'https';
    this.maxResponse = plan.transport.maxResponse;
    this.verifies = !plan.transport.tls.insecure;
    const [journey] = prepareJourneys(plan);
    this.requests = journey?.steps.filter(step => step.kind === 'request') ?? [];
    this.#slowest = new Slowest(plan.endpoints.map(({ name }) => name));
    this.#failures = new FailureSampler(plan, events.failure);
    this.#spans = timelineOf(plan.load);
    this.#measuredFrom = measuredFrom(this.#spans);
    this.#endsAt = endOf(this.#spans);
  }

  get openConnections(): number {
    return this.counts.open;
  }

  start(): void {
    this.#busy.start();
    for (const { stage, startUs } of this.#spans) {
      this.#at(startUs, () => this.#employ(this.#load.stages[Math.max(0, stage - 1)]?.from ?? 0));
    }
    this.#at(this.#endsAt, () => this.#end());
    if (this.#stopped) this.#end();
  }

  /** Lets nothing more become due, and gives up after `drainUs` what is still under way then. */
  stop(drainUs: number): void {
    if (this.#over || this.#stopped) return;
    const now = this.clock();
    this.#stopped = true;
    if (now < this.#endsAt) this.#endsAt = now;
    this.#end();
    this.#at(micros(now + drainUs), () => {
      for (const watch of [...this.#live]) watch.giveUp();
    });
  }

  /** Every request due before this moment has ended and is in the log. */
  settledUntil(): Micros {
    let settled = this.clock();
    for (const { user } of this.#live) {
      if (user.phase !== null && user.due < settled) settled = user.due;
    }
    return settled;
  }

  journey(watch: ClientWatch, due: Micros): void {
    if (due < this.#measuredFrom) return;
    this.#journeys += 1;
    if (this.#load.iterations === null || this.#limited.has(watch)) return;
    this.#limited.add(watch);
    watch.limitTo(Math.ceil((this.#load.iterations - watch.user.number) / this.#wanted));
  }

  ended(user: VirtualUser, outcome: Outcome, status: number, now: Micros): void {
    if (now > this.#endedAt) this.#endedAt = now;
    this.#events.log.append(
      user.due,
      user.lag,
      user.sentAt,
      user.firstByteAt,
      now,
      user.bytesReceived,
      packCode(user.request?.endpoint ?? 0, outcomeCode.of(outcome), status),
    );
    if (user.due >= this.#measuredFrom && user.sentAt !== never) this.#slowest.offer(user, status, now);
    if (outcome.kind === 'failed') this.#failures.offer(user, outcome.failure, status);
  }

  gone(watch: ClientWatch): void {
    this.#live.delete(watch);
    this.#finishIfOver();
  }

  /** Starts clients or lets some go, so that there are so many users, or one for each journey that counts. */
  #employ(users: number): void {
    this.#wanted = Math.min(users, this.#load.iterations ?? users);
    while (this.#employed.length > this.#wanted) this.#employed.pop()?.retire();
    const connections = this.#wanted - this.#employed.length;
    if (connections <= 0) return;
    const setupClient = (client: unknown) => {
      const watch = new ClientWatch(this.#employed.length, client as Client, this);
      this.#employed.push(watch);
      this.#live.add(watch);
    };
    autocannon({ ...optionsFor(this.#plan, this.#addresses, this.requests), connections, setupClient });
  }

  #end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const watch of this.#live) watch.end();
    this.#finishIfOver();
  }

  #finishIfOver(): void {
    const now = this.clock();
    const early = this.#stopped || this.#load.iterations !== null;
    if (this.#over || this.#live.size > 0 || (now < this.#endsAt && !early)) return;
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#events.done(this.tally());
  }

  /** What was counted so far, besides samples. */
  tally(): WorkerTally {
    const now = this.clock();
    return {
      counts: this.counts,
      connectTimes: this.connectTimes.buckets(),
      slowest: this.#slowest.all,
      journeys: this.#journeys,
      abandoned: 0,
      dry: null,
      cut: 0,
      errorBodies: [],
      blocking: [],
      checks: [],
      users: this.#employed.length,
      busy: this.#busy.busy(),
      stoppedUs: now < this.#endsAt ? this.#endedAt : this.#endsAt,
      endedUs: this.#endedAt,
    };
  }

  /** Acts at a moment and never before: timers may fire a little early. */
  #at(moment: Micros, action: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        if (this.clock() < moment) this.#at(moment, action);
        else action();
      },
      Math.max(0, (moment - this.clock()) / 1_000),
    );
    this.#timers.add(timer);
  }
}
