import type { Worker } from 'node:worker_threads';
import { CallWatch } from '../../code/call-watch.ts';
import type { FailureSample } from '../../model/run/record.ts';
import { type Micros, micros, microsToMillis } from '../../model/units.ts';
import { boundedText, longestEntering } from '../../safety/untrusted-text.ts';
import type { SampleBatch } from '../loop/sample-log.ts';
import type { FromWorker, ToWorker, WorkerOrder, WorkerTally } from '../loop/worker-messages.ts';
import { type Clock, clockFrom, sharedNow } from '../request/clock.ts';
import { sharedCounter } from '../transport/http1/body-room.ts';
import { startWorker } from './start-worker.ts';

/** What a worker pool tells of the run as it goes. */
export interface WorkerPoolEvents {
  /** What came of requests of one worker, by its position among the orders. */
  samples(batch: SampleBatch, worker: number): void;
  failure(sample: FailureSample, worker: number): void;
  /** What was captured from answers and is a secret. */
  secrets?(secrets: readonly string[]): void;
  /** Every request due before this moment has ended and was told by `samples`, whichever worker sent it. */
  settled(until: Micros): void;
  /** All workers are ready, and the load begins in a moment. */
  started?(): void;
  /** A worker ended or hung before its work was done; the others are stopped. */
  died(reason: string, at: Micros): void;
}

/** From the announcement of the start to the start: time for the message to reach every worker. */
const leadUs = 30_000;

/** A worker that has not been heard for so long hangs: its pulse comes four times a second. */
const longestSilenceMs = 30_000;
const watchMs = 500;
/** Behind the time in which it may still wait for answers, a thread that is stopped ends soon. */
const longestStopMs = 5_000;

/** The worker threads of a run, one an order: started together, and heard until each is done or dead. */
export class WorkerPool {
  /** What each worker counted, by its position: all, or what was last heard of one that died. */
  readonly tallies = new Map<number, WorkerTally>();
  /** The run's own time; it stands at zero until all workers are ready. */
  clock: Clock = () => micros(0);
  /** The moment at which each worker's first journey is due; infinite where none is. */
  readonly firstDueUs: number[];
  /** Whether any byte of any answer has come to each worker. */
  readonly heard: boolean[];
  readonly #orders: readonly WorkerOrder[];
  readonly #events: WorkerPoolEvents;
  readonly #workers: Worker[] = [];
  readonly #settled: number[] = [];
  readonly #open: number[] = [];
  readonly #latest: WorkerTally[] = [];
  /** For how many rounds of the watch each worker has not been heard. */
  readonly #silentRounds: number[] = [];
  readonly #bury: ((reason: string) => void)[] = [];
  #silenceMs: number;
  readonly #keptBodies = sharedCounter();
  readonly #calls: (CallWatch | null)[] = [];
  #ready = 0;
  #started = false;
  #over = false;
  #dismiss = (): void => {};

  constructor(orders: readonly WorkerOrder[], events: WorkerPoolEvents, silenceMs = longestSilenceMs) {
    this.#orders = orders;
    this.firstDueUs = orders.map(() => Number.POSITIVE_INFINITY);
    this.heard = orders.map(() => false);
    this.#events = events;
    this.#silenceMs = silenceMs;
  }

  get openConnections(): number {
    return this.#open.reduce((sum, count) => sum + count, 0);
  }

  /** Starts the workers and, once all are ready, the run; resolves when each is done or dead, and no thread is left. */
  async run(): Promise<void> {
    const dismissed = new Promise<void>(resolve => {
      this.#dismiss = resolve;
    });
    const watch = setInterval(() => this.#watch(), watchMs);
    try {
      await Promise.race([
        dismissed,
        Promise.all(this.#orders.map((order, number) => this.#employ(order, number))),
      ]);
    } finally {
      clearInterval(watch);
      this.#over = true;
      await Promise.all(this.#workers.map(worker => worker.terminate()));
    }
  }

  /** Puts another row in place of the only one of a data set. */
  fill(set: number, row: readonly string[]): void {
    this.#tell({ kind: 'fill', set, row });
  }

  /** Lets nothing become due from a moment on, and sees through what is due before it. */
  endAt(atUs: Micros): void {
    this.#tell({ kind: 'end', atUs });
  }

  /** Lets nothing more become due and gives up what is under way after `drainUs`; before the start, there is no run. */
  stop(drainUs: number): void {
    if (!this.#started) return this.#dismiss();
    this.#tell({ kind: 'stop', drainUs });
    // A thread that does not even hear it has nothing to say any more.
    this.#silenceMs = Math.min(this.#silenceMs, microsToMillis(micros(drainUs)) + longestStopMs);
  }

  /** Counts rounds, not time: where all threads were suspended together, the first round after it finds no silence. */
  #watch(): void {
    for (const [number, calls] of this.#calls.entries()) {
      const hung = calls?.hung() ?? null;
      if (hung !== null) this.#bury[number]?.(hung);
    }
    for (const [number, rounds] of this.#silentRounds.entries()) {
      this.#silentRounds[number] = rounds + 1;
      if (rounds * watchMs < this.#silenceMs) continue;
      const during = this.#started ? '' : ' while it started';
      this.#bury[number]?.(`the thread hung${during}: not a sign of it for ${this.#silenceMs / 1_000} s`);
    }
  }

  #employ(order: WorkerOrder, number: number): Promise<void> {
    const calls = order.plan.module === undefined ? null : new CallWatch(order.plan);
    this.#calls[number] = calls;
    const memory = calls === null ? {} : { calls: calls.memory };
    const worker = startWorker({ ...order, keptBodies: this.#keptBodies, ...memory });
    this.#workers.push(worker);
    this.#settled[number] = 0;
    this.#silentRounds[number] = 0;
    return new Promise(resolve => {
      let ended = false;
      const end = () => {
        ended = true;
        this.#silentRounds[number] = Number.NEGATIVE_INFINITY;
        this.#open[number] = 0;
        this.#settled[number] = Number.POSITIVE_INFINITY;
        resolve();
      };
      const die = (reason: string) => {
        if (ended || this.#over) return;
        end();
        const latest = this.#latest[number];
        if (latest) this.tallies.set(number, { ...latest, stoppedUs: 0 });
        this.#events.died(boundedText(reason, longestEntering), this.clock());
        this.stop(0);
      };
      this.#bury[number] = die;
      worker.on('error', error => die(error.stack ?? error.message));
      worker.on('exit', code => die(`the thread ended with code ${code}`));
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'done') {
          this.tallies.set(number, message.tally);
          end();
        } else this.#hear(number, message);
      });
    });
  }

  #hear(number: number, message: Exclude<FromWorker, { kind: 'done' }>): void {
    // The pulse begins with the run: until then, a worker that is ready has nothing to say.
    this.#silentRounds[number] = this.#started ? 0 : Number.NEGATIVE_INFINITY;
    if (message.kind === 'samples') this.#events.samples(message.batch, number);
    else if (message.kind === 'failure') this.#events.failure(message.sample, number);
    else if (message.kind === 'secrets') this.#events.secrets?.(message.secrets);
    else if (message.kind === 'ready') {
      this.firstDueUs[number] = message.firstDueUs ?? Number.POSITIVE_INFINITY;
      this.#ready += 1;
      if (this.#ready === this.#orders.length) this.#start();
    } else {
      this.heard[number] = message.heard;
      this.#open[number] = message.open;
      this.#settled[number] = message.settledUs;
      this.#latest[number] = message.tally;
      this.#events.settled(micros(Math.min(...this.#settled)));
    }
  }

  #start(): void {
    const sharedStart = sharedNow() + leadUs;
    this.clock = clockFrom(sharedStart);
    this.#started = true;
    this.#silentRounds.fill(0);
    this.#tell({ kind: 'start', sharedStart });
    this.#events.started?.();
  }

  #tell(message: ToWorker): void {
    for (const worker of this.#workers) worker.postMessage(message);
  }
}
