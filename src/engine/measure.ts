import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Plan } from '../model/plan.ts';
import type { Completion, FailureSample, Measurement } from '../model/record.ts';
import { type Micros, micros, microsToMillis } from '../model/units.ts';
import { type Clock, clockFrom, sharedNow } from './clock.ts';
import { samplesPerKind } from './failure-sampler.ts';
import { prepareJourneys } from './http1/request.ts';
import { isOwnAddress } from './own-address.ts';
import { arrivals } from './pacer.ts';
import { type Progress, ProgressMeter } from './progress.ts';
import type { FromWorker, ToWorker, WorkerTally } from './protocol.ts';
import { Recorder } from './recorder.ts';
import { slowestOf } from './slowest.ts';
import { startWorker } from './start-worker.ts';
import { endOf, measuredFrom, timelineOf } from './timeline.ts';
import { addUp, connectionTotals } from './totals.ts';

/** What a measurement needs besides its plan. */
export interface MeasureOptions {
  /** The target's addresses, used in turn. */
  readonly addresses: readonly string[];
  /** Aborted with `SIGINT` or `SIGTERM` as its reason, it ends the run early; what was measured is kept. */
  readonly interrupt?: AbortSignal;
  /** Called about twice a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Without a byte of an answer for so long, a run is given up. */
const silenceUs = 12e6;
/** How long an interrupted run waits for answers: CI kills a step some seconds after the interrupt. */
const interruptedDrainUs = 3e6;
const progressMs = 500;
/** From the announcement of the start to the start: time for the message to reach every worker. */
const leadUs = 30_000;

/**
 * Runs a plan on worker threads and answers what was measured. An interrupt, a silent target or a dead worker ends it
 * early and is told by `completion`; only a plan that cannot be run at all throws (a `PlimsollError`).
 */
export async function measure(plan: Plan, options: MeasureOptions): Promise<Measurement> {
  prepareJourneys(plan);
  const session = new Session(plan, options);
  return await session.run();
}

class Session {
  readonly #plan: Plan;
  readonly #options: MeasureOptions;
  readonly #spans;
  readonly #recorder: Recorder;
  readonly #meter = new ProgressMeter();
  readonly #workers: Worker[] = [];
  readonly #tallies: WorkerTally[] = [];
  readonly #failureSamples: FailureSample[] = [];
  readonly #settled: number[] = [];
  readonly #open: number[] = [];
  readonly #pacing: 'precise' | 'economical';
  #completion: Completion = { state: 'complete' };
  #heard = false;
  #firstDueUs = Number.POSITIVE_INFINITY;
  #clock: Clock = clockFrom(0);

  constructor(plan: Plan, options: MeasureOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#spans = timelineOf(plan.load);
    this.#pacing = availableParallelism() > 1 ? 'precise' : 'economical';
    const names = plan.endpoints.map(({ name }) => name);
    this.#recorder = new Recorder(
      names,
      this.#spans,
      options.onProgress && (sample => this.#meter.add(sample)),
    );
  }

  async run(): Promise<Measurement> {
    const { interrupt, onProgress } = this.#options;
    const ended = this.#startWorkers();
    const watch = setInterval(() => this.#giveUpOnSilence(), progressMs);
    const progress = onProgress && setInterval(() => onProgress(this.#progress()), progressMs);
    const onInterrupt = () => this.#interrupted();
    interrupt?.addEventListener('abort', onInterrupt, { once: true });
    if (interrupt?.aborted) onInterrupt();
    try {
      await ended;
    } finally {
      clearInterval(watch);
      clearInterval(progress);
      interrupt?.removeEventListener('abort', onInterrupt);
      await Promise.all(this.#workers.map(worker => worker.terminate()));
    }
    return this.#result();
  }

  /** Starts the workers and, once all are ready, the run; resolves when each is done or dead. */
  #startWorkers(): Promise<void> {
    const workers = 1;
    return new Promise(resolve => {
      let ready = 0;
      let ended = 0;
      const end = () => {
        ended += 1;
        if (ended === workers) resolve();
      };
      for (let number = 0; number < workers; number += 1) {
        const { plan, addresses } = { plan: this.#plan, addresses: this.#options.addresses };
        const worker = startWorker({ plan, addresses, pacing: this.#pacing, worker: number, workers });
        this.#workers.push(worker);
        this.#settled[number] = 0;
        let done = false;
        const die = (reason: string) => {
          if (done) return;
          done = true;
          this.#completion = { state: 'workerDied', reason };
          this.#stop(0);
          end();
        };
        worker.on('error', error => die(error.stack ?? error.message));
        worker.on('exit', code => die(`the worker ended with code ${code}`));
        worker.on('message', (message: FromWorker) => {
          if (message.kind === 'ready') {
            this.#firstDueUs = Math.min(this.#firstDueUs, message.firstDueUs ?? Number.POSITIVE_INFINITY);
            ready += 1;
            if (ready === workers) this.#start();
          } else if (message.kind === 'done') {
            done = true;
            this.#tallies.push(message.tally);
            end();
          } else this.#hear(number, message);
        });
      }
    });
  }

  #start(): void {
    const sharedStart = sharedNow() + leadUs;
    this.#clock = clockFrom(sharedStart);
    this.#send({ kind: 'start', sharedStart });
  }

  #hear(worker: number, message: Exclude<FromWorker, { kind: 'ready' | 'done' }>): void {
    if (message.kind === 'samples') this.#recorder.add(message.batch);
    else if (message.kind === 'failure') this.#keepSample(message.sample);
    else {
      this.#heard ||= message.heard;
      this.#open[worker] = message.open;
      this.#settled[worker] = message.settledUs;
      this.#recorder.settle(micros(Math.min(...this.#settled)));
    }
  }

  #keepSample(sample: FailureSample): void {
    const alike = this.#failureSamples.filter(
      ({ endpoint, kind }) => endpoint === sample.endpoint && kind === sample.kind,
    );
    if (alike.length < samplesPerKind) this.#failureSamples.push(sample);
  }

  #giveUpOnSilence(): void {
    const now = this.#clock();
    if (this.#heard || this.#completion.state !== 'complete' || now < this.#firstDueUs + silenceUs) return;
    this.#completion = { state: 'neverAnswered', afterMs: microsToMillis(micros(now - this.#firstDueUs)) };
    this.#stop(0);
  }

  #interrupted(): void {
    if (this.#completion.state !== 'complete') return;
    const signal = this.#options.interrupt?.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
    this.#completion = { state: 'interrupted', signal };
    this.#stop(interruptedDrainUs);
  }

  #stop(drainUs: number): void {
    this.#send({ kind: 'stop', drainUs });
  }

  #send(message: ToWorker): void {
    for (const worker of this.#workers) worker.postMessage(message);
  }

  #progress(): Progress {
    const open = this.#open.reduce((sum, count) => sum + count, 0);
    return this.#meter.report(this.#clock(), endOf(this.#spans), measuredFrom(this.#spans), open);
  }

  #result(): Measurement {
    const stoppedUs = micros(Math.max(0, ...this.#tallies.map(tally => tally.stoppedUs)));
    const endedUs = Math.max(0, ...this.#tallies.map(tally => tally.endedUs));
    const { windows, endpoints } = this.#recorder.finish(stoppedUs);
    const sum = (pick: (tally: WorkerTally) => number) =>
      this.#tallies.reduce((total, tally) => total + pick(tally), 0);
    return {
      completion: this.#completion,
      windows,
      endpoints,
      load: {
        model: this.#plan.load.model,
        offered: this.#offered(stoppedUs),
        delivered: sum(tally => tally.journeys),
        abandoned: sum(tally => tally.abandoned),
        sent: sum(tally => tally.counts.sent),
      },
      connections: connectionTotals(this.#tallies.map(tally => tally.counts)),
      generator: {
        pacing: this.#pacing,
        workers: this.#workers.length,
        sendLag: this.#recorder.sendLag.encode(),
        exhausted: addUp<string>(this.#tallies.map(tally => tally.counts.exhausted)) as Record<
          string,
          number
        >,
        sharesMachine: this.#options.addresses.some(isOwnAddress),
      },
      slowest: slowestOf(this.#tallies.map(tally => tally.slowest)),
      failureSamples: this.#failureSamples,
      drain: {
        durationMs: microsToMillis(micros(Math.max(0, endedUs - stoppedUs))),
        completed: this.#recorder.completedInDrain,
      },
    };
  }

  /** Journeys due by the plan within the stages, as far as the run went. */
  #offered(stoppedUs: Micros): number | null {
    const { load, seed } = this.#plan;
    if (load.model === 'closed') return null;
    const from = measuredFrom(this.#spans);
    let offered = 0;
    for (const due of arrivals(load, seed)) {
      if (due >= stoppedUs) break;
      if (due >= from) offered += 1;
    }
    return offered;
  }
}
