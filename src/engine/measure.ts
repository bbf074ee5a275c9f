import { interruptSignalOf } from '../model/judgement/exit-code.ts';
import type { Plan } from '../model/run/plan.ts';
import type { Completion, FailureSample, Measurement } from '../model/run/record.ts';
import { type Micros, micros, microsToMillis } from '../model/units.ts';
import { samplesPerKind } from './loop/failure-sampler.ts';
import { slowestOf } from './loop/slowest.ts';
import type { WorkerTally } from './loop/worker-messages.ts';
import { AbortWatch } from './recording/abort-watch.ts';
import { type Progress, ProgressMeter } from './recording/progress.ts';
import { Recorder } from './recording/recorder.ts';
import { prepareJourneys } from './request/prepared-request.ts';
import { leadingThink } from './schedule/leading-think.ts';
import { arrivals } from './schedule/pacer.ts';
import { endOf, measuredFrom, timelineOf } from './schedule/timeline.ts';
import { acceptingAddresses } from './transport/accepting.ts';
import { isOwnAddress } from './transport/own-address.ts';
import { type Staffing, type StaffingOptions, staffingFor } from './workers/staffing.ts';
import { addUp, busiest, connectionTotals } from './workers/totals.ts';
import { WorkerPool } from './workers/worker-pool.ts';

/** What a measurement needs besides its plan. */
export interface MeasureOptions {
  /** The target's addresses, used in turn. */
  readonly addresses: readonly string[];
  /** Threads and pacing; by the plan and the machine where it is left out. */
  readonly staffing?: StaffingOptions;
  /** Aborted with an interrupt's signal as its reason, it ends the run early; what was measured is kept. */
  readonly interrupt?: AbortSignal;
  /** Called about twice a second. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Without a byte of an answer for so long, a run is given up. */
const silenceUs = 12e6;
/** How long an interrupted run waits for answers: CI kills a step some seconds after the interrupt. */
const interruptedDrainUs = 3e6;
const progressMs = 500;

/**
 * Runs a plan on worker threads and answers what was measured. An interrupt, a silent target or a dead worker ends it
 * early and is told by `completion`; only a plan that cannot be run at all throws (a `PlimsollError`).
 */
export async function measure(plan: Plan, options: MeasureOptions): Promise<Measurement> {
  prepareJourneys(plan);
  const addresses = await acceptingAddresses(plan.target, options.addresses);
  const session = new Session(plan, { ...options, addresses });
  return await session.run();
}

/** The measurement of a run that had nothing to send load to, and why. */
export function notStarted(plan: Plan, reason: string): Measurement {
  return new Session(plan, { addresses: [] }).notStarted(reason);
}

class Session {
  readonly #plan: Plan;
  readonly #options: MeasureOptions;
  readonly #spans;
  readonly #staffing: Staffing;
  readonly #recorder: Recorder;
  readonly #workerPool: WorkerPool;
  readonly #meter = new ProgressMeter();
  readonly #abortWatch: AbortWatch | null;
  readonly #failureSamples: FailureSample[] = [];
  #completion: Completion = { state: 'complete' };
  #diedAt: Micros = micros(0);

  constructor(plan: Plan, options: MeasureOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#spans = timelineOf(plan.load);
    this.#staffing = staffingFor(plan, options.staffing ?? {});
    this.#abortWatch = plan.abortOn && new AbortWatch(plan.abortOn);
    const names = plan.endpoints.map(({ name }) => name);
    this.#recorder = new Recorder(names, this.#spans, sample => {
      if (options.onProgress) this.#meter.add(sample);
      this.#abortWatch?.add(sample);
    });
    this.#workerPool = new WorkerPool(
      Array.from({ length: this.#staffing.workers }, (_, worker) => ({
        plan,
        addresses: options.addresses,
        ...this.#staffing,
        worker,
        turns: null,
      })),
      {
        samples: batch => this.#recorder.add(batch),
        failure: sample => this.#keepSample(sample),
        settled: until => this.#recorder.settle(until),
        died: (reason, at) => this.#died(reason, at),
      },
    );
  }

  async run(): Promise<Measurement> {
    const { interrupt, onProgress } = this.#options;
    const ended = this.#workerPool.run();
    const watch = setInterval(() => this.#watch(), progressMs);
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
    }
    return this.#result();
  }

  notStarted(reason: string): Measurement {
    this.#completion = { state: 'notStarted', reason };
    return this.#result();
  }

  #keepSample(sample: FailureSample): void {
    const alike = this.#failureSamples.filter(
      ({ endpoint, kind }) => endpoint === sample.endpoint && kind === sample.kind,
    );
    if (alike.length < samplesPerKind) this.#failureSamples.push(sample);
  }

  /** Gives up a run that nobody answers, or that the scenario wants stopped because too much fails. */
  #watch(): void {
    const now = this.#workerPool.clock();
    if (this.#completion.state !== 'complete') return;
    const errorRate = this.#abortWatch?.exceeded() ?? null;
    const firstDueUs = Math.min(...this.#workerPool.firstDueUs) + leadingThink(this.#plan);
    if (!this.#workerPool.heard.includes(true) && now >= firstDueUs + silenceUs) {
      const silent = micros(now - firstDueUs);
      this.#completion = { state: 'neverAnswered', afterMs: microsToMillis(silent) };
      this.#stop(0);
    } else if (errorRate !== null) {
      this.#completion = { state: 'aborted', errorRate, forMs: this.#plan.abortOn?.for ?? 0 };
      this.#stop(interruptedDrainUs);
    }
  }

  #stop(drainUs: number): void {
    this.#recorder.stop(this.#workerPool.clock());
    this.#workerPool.stop(drainUs);
  }

  #interrupted(): void {
    if (this.#completion.state !== 'complete') return;
    const { interrupt } = this.#options;
    if (interrupt) this.#completion = { state: 'interrupted', signal: interruptSignalOf(interrupt) };
    this.#stop(interruptedDrainUs);
  }

  /** Whatever else ended the run, what the dead worker counted is lost. */
  #died(reason: string, at: Micros): void {
    if (this.#completion.state === 'workerDied') return;
    this.#completion = { state: 'workerDied', reason };
    this.#diedAt = micros(Math.min(at, endOf(this.#spans)));
    this.#recorder.stop(at);
  }

  #progress(): Progress {
    const { clock, openConnections } = this.#workerPool;
    return this.#meter.report(clock(), endOf(this.#spans), measuredFrom(this.#spans), openConnections);
  }

  #result(): Measurement {
    const tallies = [...this.#workerPool.tallies.values()];
    const stoppedUs = micros(Math.max(this.#diedAt, ...tallies.map(tally => tally.stoppedUs)));
    const endedUs = Math.max(0, ...tallies.map(tally => tally.endedUs));
    const { windows, endpoints } = this.#recorder.finish(stoppedUs);
    const sum = (pick: (tally: WorkerTally) => number) =>
      tallies.reduce((total, tally) => total + pick(tally), 0);
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
      connections: connectionTotals(tallies, this.#plan),
      generator: {
        engine: this.#plan.engine,
        busy: busiest(tallies),
        pacing: this.#staffing.pacing,
        workers: this.#staffing.workers,
        sendLag: this.#recorder.sendLag.encode(),
        exhausted: addUp(tallies.map(tally => tally.counts.exhausted)),
        sharesMachine: this.#plan.target.socketPath !== null || this.#options.addresses.some(isOwnAddress),
      },
      slowest: slowestOf(tallies.map(tally => tally.slowest)),
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
