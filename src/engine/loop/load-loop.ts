import { blockingFunctions } from '../../code/user-functions.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { FailureSample } from '../../model/run/record.ts';
import { type Micros, micros } from '../../model/units.ts';
import { CookieJar } from '../answer/cookie-jar.ts';
import { type Draws, drawsOf } from '../draws/draws.ts';
import { type Clock, earlier, never } from '../request/clock.ts';
import { Deadlines } from '../request/deadlines.ts';
import { Fork } from '../request/fork.ts';
import { outcomeOfAnswer } from '../request/inspection.ts';
import { endOfWhole, OpenTransactions } from '../request/open-transactions.ts';
import {
  type Failure,
  failed,
  type Outcome,
  ok,
  outcomeCode,
  timeoutDetail,
  unfinished,
} from '../request/outcome.ts';
import { type PreparedJourney, type PreparedRequest, prepareJourneys } from '../request/prepared-request.ts';
import { VirtualUser } from '../request/virtual-user.ts';
import { type Arrivals, ClosedArrivals, OpenArrivals } from '../schedule/arrivals.ts';
import { populationOf } from '../schedule/population.ts';
import { endOf, measuredFrom, timelineOf } from '../schedule/timeline.ts';
import { TimerQueue } from '../schedule/timer-queue.ts';
import { type Turns, turnsOf } from '../schedule/turns.ts';
import type { StreamWatch } from '../stream/stream-watch.ts';
import type { ConnectTimes } from '../transport/connect-times.ts';
import { connectorFor } from '../transport/connector.ts';
import type { DispatchEvents, Dispatcher } from '../transport/dispatcher.ts';
import { checkCountsOf, errorBodiesOf } from './answer-counts.ts';
import { BusyMeter } from './busy-meter.ts';
import { dispatcherFor } from './dispatcher-for.ts';
import { FailureSampler } from './failure-sampler.ts';
import { packCode, type SampleLog } from './sample-log.ts';
import { Slowest } from './slowest.ts';
import { Ticker, type Wake } from './ticker.ts';
import { mayAsk, wayOn } from './way.ts';
import type { WorkerOrder, WorkerTally } from './worker-messages.ts';

const forever = micros(Number.POSITIVE_INFINITY);
/** A user whose request cannot be sent waits so long for nothing: a load of such requests alone would never end a turn. */
const unsendablePauseUs = 10_000;
/** A journey that lacks a value fails as an answer does that holds nothing to capture. */
const abandonedCode: number = outcomeCode.of(failed('capture', 'answered', ''));

/** What a loop reports as it goes. */
export interface LoadLoopEvents {
  readonly log: SampleLog;
  failure(sample: FailureSample): void;
  done(tally: WorkerTally): void;
  /** Each request as it ends, with what its user knows of it, for those who look at single ones. */
  settled?(user: VirtualUser, outcome: Outcome, status: number, endedAt: Micros): void;
}

/** One event loop's share of a run: it takes journeys from the arrivals and sees every request through to its end. */
export class LoadLoop implements DispatchEvents {
  readonly #plan: Plan;
  readonly #clock: Clock;
  readonly #events: LoadLoopEvents;
  readonly #journeys: readonly PreparedJourney[];
  readonly #draws: Draws;
  readonly #arrivals: Arrivals;
  readonly #dispatcher: Dispatcher;
  readonly #connectTimes: ConnectTimes;
  readonly #timerQueue = new TimerQueue<VirtualUser>();
  readonly #deadlines = new Deadlines<VirtualUser>();
  readonly #ticker: Ticker;
  readonly #busy: BusyMeter;
  readonly #slowest: Slowest;
  readonly #measuredFrom: Micros;
  readonly #turns: Turns | null;
  readonly #failures: FailureSampler;
  readonly #setupCookies: Plan['setupCookies'] | null;
  readonly #checkSignal: number;
  readonly #streamSignal: number;
  readonly #isWatched: boolean;
  readonly #measuresWhole: boolean;
  readonly #companions: VirtualUser[] = [];
  /** The number of the next companion: users of a closed load have a connection each, by theirs. */
  #nextNumber: number;
  #endsAt: Micros;
  #giveUpAt: Micros = forever;
  #underWay = 0;
  #settled = 0;
  #endedAt: Micros = micros(0);
  #journeysStarted = 0;
  #abandoned = 0;
  #cut = 0;
  /** The data set whose rows were all used; null as long as none is. */
  #dry: number | null = null;
  #heard = false;
  #over = false;

  constructor(order: WorkerOrder, clock: Clock, events: LoadLoopEvents) {
    const { plan } = order;
    const turns = order.turns && turnsOf(order.turns);
    this.#plan = plan;
    this.#clock = clock;
    this.#events = events;
    this.#isWatched = events.settled !== undefined;
    this.#nextNumber = plan.load.model === 'closed' ? populationOf(plan.load).peak : 1;
    this.#measuresWhole = plan.transactions !== undefined;
    this.#journeys = prepareJourneys(plan, order.keepsAnswers, events.log.streams);
    this.#draws = drawsOf(plan);
    this.#slowest = new Slowest(plan.endpoints.map(({ name }) => name));
    this.#failures = new FailureSampler(plan, events.failure);
    this.#checkSignal = plan.signals.findIndex(({ name }) => name === 'checks');
    this.#streamSignal = plan.signals.findIndex(({ name }) => name === 'stream');
    this.#setupCookies = plan.setupCookies ?? null;
    const spans = timelineOf(plan.load);
    this.#turns = turns;
    this.#measuredFrom = measuredFrom(spans);
    this.#endsAt = turns === null ? endOf(spans) : turns.endOf(endOf(spans));
    const connector = connectorFor(order, clock);
    this.#connectTimes = connector.times;
    this.#dispatcher = dispatcherFor(order, clock, connector, this);
    if (plan.load.model === 'open') {
      this.#arrivals = new OpenArrivals(plan.load, plan.seed, order, clock, this.#startJourney, turns);
    } else {
      this.#arrivals = new ClosedArrivals(
        plan.load,
        order,
        clock,
        { measuredFrom: this.#measuredFrom, endsAt: this.#endsAt },
        this.#startJourney,
        turns,
      );
    }
    this.#ticker = new Ticker(clock, order.pacing, () => this.#settled + this.#underWay, this.#tick);
    this.#busy = new BusyMeter(() => this.#ticker.spunUs);
  }

  /** Whether any byte of any answer has come. */
  get heard(): boolean {
    this.#heard ||= this.#everyone().some(user => user.phase !== null && user.firstByteAt >= 0);
    return this.#heard;
  }

  /** The moment at which the first journey is due; null where none is. */
  get firstDue(): Micros | null {
    return this.#arrivals.next;
  }

  get openConnections(): number {
    return this.#dispatcher.counts.open;
  }

  start(): void {
    this.#busy.start();
    this.#ticker.start();
  }

  /** Lets nothing more become due, and gives up after `drainUs` what is still under way then. */
  stop(drainUs: number): void {
    if (this.#over) return;
    const now = this.#clock();
    this.#arrivals.stop();
    this.#timerQueue.clear();
    if (now < this.#endsAt) this.#endsAt = now;
    this.#giveUpAt = micros(now + drainUs);
    this.#ticker.wakeBy(now);
  }

  /** Lets nothing become due from a moment on, and sees through what is due before it. */
  endAt(moment: Micros): void {
    if (this.#over || moment >= this.#endsAt) return;
    this.#arrivals.endAt(moment);
    this.#timerQueue.dropFrom(moment);
    this.#endsAt = moment;
    this.#ticker.wakeBy(moment);
  }

  /** All users, with those who help them to make several requests at once. */
  #everyone(): readonly VirtualUser[] {
    const { users } = this.#arrivals;
    return this.#companions.length === 0 ? users : [...users, ...this.#companions];
  }

  /** Puts another row in place of the only one of a data set, as a new token is. */
  fill(set: number, row: readonly string[]): void {
    const rows = this.#plan.data[set]?.rows as (readonly string[])[] | undefined;
    if (rows !== undefined) rows[0] = row;
  }

  /** Every request due before this moment has ended and is in the log. */
  settledUntil(): Micros {
    let settled = this.#clock();
    for (const user of this.#everyone()) {
      if (user.phase !== null && user.due < settled) settled = user.due;
      if (user.transactions !== null) settled = earlier(settled, user.transactions.since);
    }
    return earlier(earlier(settled, this.#arrivals.next), this.#timerQueue.next);
  }

  readonly #tick = (now: Micros): Wake | null => {
    this.#arrivals.start(now);
    while ((this.#timerQueue.next ?? Number.POSITIVE_INFINITY) <= now) {
      const at = this.#timerQueue.next as Micros;
      const user = this.#timerQueue.take();
      if (user) this.#proceed(user, at, this.#clock());
    }
    this.#deadlines.expire(now, this.#expire);
    if (now >= this.#giveUpAt) this.#giveUp();
    if (this.#finishIfOver(now)) return null;
    let coarse = this.#endsAt > now ? this.#endsAt : this.#giveUpAt;
    if (this.#deadlines.size > 0) coarse = earlier(coarse, this.#deadlines.nextCheck());
    return { exact: earlier(this.#arrivals.next ?? forever, this.#timerQueue.next), coarse };
  };

  readonly #startJourney = (user: VirtualUser, index: number, due: Micros, now: Micros): void => {
    const journey = this.#journeys[this.#draws.journey(index)];
    if (!journey) return;
    if (journey.once !== null && index >= journey.once.rows) {
      this.#runDry(user, journey.once.set, index, now);
      return;
    }
    if (due >= this.#measuredFrom) this.#journeysStarted += 1;
    user.draws = this.#draws;
    user.embark(journey, index);
    if (this.#setupCookies !== null) user.cookies = new CookieJar(this.#setupCookies);
    if (this.#measuresWhole) user.transactions ??= new OpenTransactions();
    if (journey.transaction !== null) user.transactions?.begin(journey.transaction);
    this.#proceed(user, due, now);
  };

  /** A journey without a row of its own is not made. Where no journey has one any more, none comes. */
  #runDry(user: VirtualUser, set: number, index: number, now: Micros): void {
    this.#dry ??= set;
    const isOver = this.#journeys.every(({ once }) => once !== null && index >= once.rows);
    if (isOver) this.#arrivals.stop();
    else this.#arrivals.returned(user, micros(now + unsendablePauseUs), now);
  }

  /** Takes a user to its next request, through think times; `from` is when the step before was over. */
  #proceed(user: VirtualUser, from: Micros, now: Micros): void {
    const steps = user.journey?.steps ?? [];
    const turns = this.#turns;
    let due = turns === null ? from : turns.inTurn(from);
    for (let step = user.detour ?? steps[user.step]; step; step = steps[user.step]) {
      if (step.kind === 'think') {
        const gap = this.#draws.think(step, user.index, user.step);
        due = turns === null ? micros(due + gap) : turns.later(due, gap);
        user.step += 1;
        continue;
      }
      if (step.kind !== 'request' && step.kind !== 'parallel') {
        if (step.kind === 'begin') user.transactions?.begin(step.transaction);
        else if (step.kind === 'end') this.#endTransaction(user);
        user.step = wayOn(step, user);
        continue;
      }
      if (due >= this.#endsAt) {
        user.transactions?.clear();
        if (user.leader?.fork) user.leader.fork.ends ??= 'cut';
        else if (user.hasAsked) this.#cut += 1;
        break;
      }
      if (due > now) {
        this.#timerQueue.add(due, user);
        this.#ticker.wakeBy(due);
        return;
      }
      if (step.kind === 'parallel') {
        this.#fork(user, step.journeys, due, now);
        return;
      }
      if (step.needs.length > 0 && step.needs.some(slot => user.filled[slot] !== true)) {
        if (user.leader?.fork) {
          user.leader.fork.ends ??= 'valueMissing';
          break;
        }
        this.#abandoned += 1;
        this.#endTransactions(user, abandonedCode);
        break;
      }
      if (user.detour === null) {
        user.step += 1;
        user.detoursMade = 0;
      }
      user.detour = null;
      user.take(step, due, now);
      user.phase = 'queue';
      this.#underWay += 1;
      if (user.bytes === null && !this.#render(user, step, now)) return;
      if (step.stream !== null) user.deadline = earlier(user.deadline, lookAhead(step, now));
      this.#deadlines.add(user);
      this.#dispatcher.dispatch(user, now);
      return;
    }
    if (user.leader !== null) {
      this.#join(user, user.leader, due, now);
      return;
    }
    if (user.transactions !== null) this.#endTransactions(user, outcomeCode.ok);
    // A journey that asks for nothing would else begin again at once, for ever.
    const freeAt = user.hasAsked ? due : micros(Math.max(due, now + unsendablePauseUs));
    user.disembark();
    this.#arrivals.returned(user, freeAt, now);
    const next = this.#arrivals.next;
    if (next !== null) this.#ticker.wakeBy(next);
  }

  /** Makes several requests of a user at once, each by a companion; the first has the user's own connection. */
  #fork(user: VirtualUser, journeys: readonly PreparedJourney[], due: Micros, now: Micros): void {
    const place = user.step + 1;
    user.step = place + journeys.length;
    user.hasAsked = true;
    user.fork = new Fork(due, micros(now - due), journeys.length, now);
    if (this.#plan.cookies) user.cookies ??= new CookieJar();
    for (const [index, journey] of journeys.entries()) {
      const companion = user.companions[index] ?? this.#newCompanion(user);
      companion.accompany(user, journey, place + index);
      this.#proceed(companion, due, now);
    }
  }

  #newCompanion(leader: VirtualUser): VirtualUser {
    const isFirst = leader.companions.length === 0;
    const companion = new VirtualUser(isFirst ? leader.number : this.#nextNumber, leader);
    if (!isFirst) this.#nextNumber += 1;
    leader.companions.push(companion);
    this.#companions.push(companion);
    return companion;
  }

  /** Ends what a companion did; behind the last of them, the user goes on. */
  #join(companion: VirtualUser, user: VirtualUser, freeAt: Micros, now: Micros): void {
    const { fork } = user;
    companion.journey = null;
    if (fork === null) return;
    fork.awaited -= 1;
    if (freeAt > fork.freeAt) fork.freeAt = freeAt;
    if (fork.awaited > 0) return;
    user.fork = null;
    const isMissing = fork.ends === 'valueMissing';
    const code = isMissing && fork.code === outcomeCode.ok ? abandonedCode : fork.code;
    if (fork.ends === 'cut') {
      this.#cut += 1;
      user.transactions?.clear();
    } else user.transactions?.add(fork, code, fork.endedAt);
    if (isMissing) this.#abandoned += 1;
    if (fork.ends === 'captureFailed') this.#endJourney(user);
    else if (fork.ends !== null) user.step = user.journey?.steps.length ?? 0;
    this.#proceed(user, fork.freeAt, now);
  }

  /** Fills the holes of a user's request; one that cannot be sent fails, and its user goes on a little later. */
  #render(user: VirtualUser, request: PreparedRequest, now: Micros): boolean {
    const rendered = request.render((expression, before) => user.fill(expression, before), user);
    if (rendered.kind === 'bytes') {
      user.bytes = rendered.bytes;
      return true;
    }
    const kind = rendered.kind === 'script' ? 'script' : 'notSent';
    const outcome = failed(kind, 'queue', rendered.reason);
    this.#settle(user, outcome, 0, now, micros(now + unsendablePauseUs));
    return false;
  }

  answered(user: VirtualUser, status: number, body: Buffer | null, now: Micros): void {
    const outcome = outcomeOfAnswer(user, status, body, now);
    if (outcome.kind === 'failed') this.#failures.answered(body, user.answerHead);
    this.#settle(user, outcome, status, now, now);
  }

  lost(user: VirtualUser, failure: Failure, now: Micros): void {
    const neverConnected = user.sentAt < 0;
    const outcome: Outcome = { kind: 'failed', failure };
    this.#settle(user, outcome, 0, now, neverConnected ? this.#dispatcher.readyAfterFailure(now) : now);
  }

  readonly #expire = (user: VirtualUser): void => {
    const now = this.#clock();
    const { request } = user;
    if (request !== null && request.stream !== null && this.#lookAtStream(user, request, now)) return;
    this.#dispatcher.withdraw(user, now);
    const phase = user.phase ?? 'queue';
    const progress = user.stream?.progress ?? '';
    const outcome = failed('timeout', phase, timeoutDetail(micros(user.deadline - user.due)) + progress);
    this.#settle(user, outcome, 0, now, this.#dispatcher.readyAfterFailure(now));
  };

  /** Leaves a stream that was read for long enough or had no event for too long; true where its time is not over. */
  #lookAtStream(user: VirtualUser, request: PreparedRequest, now: Micros): boolean {
    const { stream } = user;
    const last = micros(user.due + request.timeout);
    if (stream?.isLeft(now)) {
      this.#dispatcher.withdraw(user, now);
      const fault = stream.leftFault();
      const outcome = fault === null ? ok : failed('stream', 'body', fault);
      this.#settle(user, outcome, stream.status, now, now);
      return true;
    }
    const idleMs = stream?.idleMs(now) ?? null;
    if (stream !== null && idleMs !== null && now < last) {
      this.#dispatcher.withdraw(user, now);
      const detail = `no event for ${idleMs} ms${stream.progress}`;
      this.#settle(user, failed('timeout', user.phase ?? 'body', detail), 0, now, now);
      return true;
    }
    if (now >= last) {
      user.deadline = last;
      return false;
    }
    user.deadline = earlier(last, stream === null ? lookAhead(request, now) : stream.nextLook(now));
    this.#deadlines.add(user);
    return true;
  }

  #settle(user: VirtualUser, outcome: Outcome, status: number, endedAt: Micros, freeAt: Micros): void {
    const { request } = user;
    if (!request) return;
    if (this.#isWatched) this.#events.settled?.(user, outcome, status, endedAt);
    this.#deadlines.remove(user);
    user.phase = null;
    user.bytes = null;
    user.answerHead = '';
    this.#underWay -= 1;
    this.#settled += 2;
    if (endedAt > this.#endedAt) this.#endedAt = endedAt;
    if (user.firstByteAt >= 0) this.#heard = true;
    if (user.signals !== null && outcome.kind === 'ok') this.#events.log.note(user.signals);
    if (request.hasChecks) this.#events.log.noteOne(this.#checkSignal, user.held);
    if (user.stream !== null) this.#endStream(user, user.stream, outcome, endedAt);
    const code = outcomeCode.of(outcome);
    this.#events.log.append(
      user.due,
      user.lag,
      user.sentAt,
      user.firstByteAt,
      endedAt,
      user.bytesReceived,
      packCode(request.endpoint, code, status),
    );
    user.transactions?.add(user, code, endedAt);
    user.leader?.fork?.add(user.bytesReceived, code, endedAt);
    if (user.due >= this.#measuredFrom && (status !== 0 || user.sentAt >= 0)) {
      this.#slowest.offer(user, status, endedAt);
    }
    if (outcome.kind === 'failed') {
      this.#failures.offer(user, outcome.failure, status);
      if (outcome.failure.kind === 'capture') {
        if (user.leader?.fork) user.leader.fork.ends ??= 'captureFailed';
        this.#endJourney(user);
      }
    }
    if (outcome.kind === 'unfinished') {
      user.leader?.transactions?.add(user, code, endedAt);
      this.#endTransactions(user.leader ?? user, code);
      return;
    }
    this.#proceed(user, freeAt, endedAt);
    if (this.#underWay === 0) this.#finishIfOver(endedAt);
  }

  #endStream(user: VirtualUser, stream: StreamWatch, outcome: Outcome, endedAt: Micros): void {
    user.stream = null;
    this.#events.log.noteOne(this.#streamSignal, stream.end(outcome, endedAt));
  }

  #endTransactions(user: VirtualUser, code: number): void {
    while (this.#endTransaction(user, code));
  }

  /** Ends the innermost of a user; one of good requests ends so. Without any request, nothing was measured. */
  #endTransaction(user: VirtualUser, code: number = outcomeCode.ok): boolean {
    const open = user.transactions?.end();
    if (open === undefined) return false;
    if (open.due < 0) return true;
    const endpoint = this.#plan.endpoints.length + open.transaction;
    const stands = open.code === outcomeCode.ok ? code : open.code;
    this.#events.log.append(
      open.due,
      open.lagUs,
      never,
      open.endedAt,
      endOfWhole(open),
      open.bytes,
      packCode(endpoint, stands, 0),
    );
    return true;
  }

  /** A journey goes no further than an answer without what it captures. */
  #endJourney(user: VirtualUser): void {
    const steps = user.journey?.steps ?? [];
    if (mayAsk(steps, user.step)) this.#abandoned += 1;
    user.step = steps.length;
    user.detour = null;
  }

  #giveUp(): void {
    const now = this.#clock();
    for (const user of this.#everyone()) {
      if (user.phase === null) continue;
      this.#dispatcher.withdraw(user, now);
      this.#settle(user, unfinished, 0, now, now);
    }
  }

  #finishIfOver(now: Micros): boolean {
    if (this.#over) return true;
    // A loop that is late past the end still owes what was due before it.
    const owes = (this.#arrivals.next ?? forever) < this.#endsAt;
    const noMoreDue = this.#arrivals.finished || (now >= this.#endsAt && !owes);
    if (!noMoreDue || this.#underWay > 0 || this.#timerQueue.size > 0) return false;
    this.#over = true;
    this.#ticker.stop();
    this.#dispatcher.close();
    this.#events.done(this.tally());
    return true;
  }

  /** The secrets that were captured since this was asked last. */
  learned(): readonly string[] {
    return this.#journeys.flatMap(journey => journey.learned.take());
  }

  /** What was counted so far, besides samples. */
  tally(): WorkerTally {
    const endsItself = this.#plan.load.model === 'closed' || this.#dry !== null;
    const isOver = this.#over && endsItself && this.#arrivals.finished;
    const endedEarly = isOver && this.#clock() < this.#endsAt;
    return {
      counts: this.#dispatcher.counts,
      connectTimes: this.#connectTimes.buckets(),
      slowest: this.#slowest.all,
      journeys: this.#journeysStarted,
      abandoned: this.#abandoned,
      cut: this.#cut,
      dry: this.#dry,
      errorBodies: errorBodiesOf(this.#journeys),
      checks: checkCountsOf(this.#journeys),
      blocking: blockingFunctions(),
      users: this.#plan.load.model === 'open' ? 0 : this.#arrivals.users.filter(hasStarted).length,
      busy: this.#busy.busy(),
      stoppedUs: endedEarly ? this.#endedAt : this.#endsAt,
      endedUs: this.#endedAt,
    };
  }
}

/** When a stream is first looked at: it is not known yet when it will be sent. */
function lookAhead({ stream }: PreparedRequest, now: Micros): Micros {
  return micros(now + Math.min(stream?.idleUs ?? forever, stream?.listenUs ?? forever));
}

const hasStarted = ({ journeyStarted }: VirtualUser) => journeyStarted !== never;
