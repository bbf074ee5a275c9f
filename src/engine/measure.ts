import type { Plan } from '../model/run/plan.ts';
import type { Completion, EndpointMeasurement, FailureSample, Measurement } from '../model/run/record.ts';
import { type Micros, micros, microsToMillis } from '../model/units.ts';
import { samplesPerKind } from './loop/failure-sampler.ts';
import { slowestOf } from './loop/slowest.ts';
import type { WorkerTally } from './loop/worker-messages.ts';
import { AbortWatch } from './recording/abort-watch.ts';
import { type Progress, ProgressMeter } from './recording/progress.ts';
import { Recorder } from './recording/recorder.ts';
import { prepareJourneys } from './request/prepared-request.ts';
import { arrivals } from './schedule/pacer.ts';
import { populationOf } from './schedule/population.ts';
import { endOf, measuredFrom, timelineOf } from './schedule/timeline.ts';
import { acceptingAddresses, isOwnAddress } from './transport/addresses.ts';
import { firstHop } from './transport/first-hop.ts';
import { countsOf } from './workers/counts.ts';
import { CpuMeter, type ServedCpu } from './workers/cpu-meter.ts';
import { LoadSession } from './workers/session.ts';
import { type Staffing, type StaffingOptions, staffingFor } from './workers/staffing.ts';
import { addUp, busiest, connectionTotals } from './workers/totals.ts';

/** What a measurement needs besides its plan. */
export interface MeasureOptions {
  /** The target's addresses, used in turn. */
  readonly addresses: readonly string[];
  /** Threads and pacing; by the plan and the machine where it is left out. */
  readonly staffing?: StaffingOptions;
  /** Aborted with an interrupt's signal as its reason, it ends the run early; what was measured is kept. */
  readonly interrupt?: AbortSignal;
  /** The CPU time of what was started as the target; left out where nothing was. */
  readonly servedCpuUs?: ServedCpu;
  /** Called when the load begins. */
  readonly onStart?: () => void;
  /** Called with what was captured from answers and is a secret. */
  readonly onSecrets?: ((secrets: readonly string[]) => void) | undefined;
  /** Told where to put a row of data that changes during the load. */
  readonly onFillable?: ((fill: (set: number, row: readonly string[]) => void) => void) | undefined;
  /** Called about twice a second. */
  readonly onProgress?: (progress: Progress) => void;
}

const progressMs = 500;

/**
 * Runs a plan on worker threads and answers what was measured. An interrupt, a silent target or a dead worker ends it
 * early and is told by `completion`; only a plan that cannot be run at all throws (a `PlimsollError`).
 */
export async function measure(plan: Plan, options: MeasureOptions): Promise<Measurement> {
  prepareJourneys(plan);
  const addresses = await acceptingAddresses(firstHop(plan), options.addresses);
  return await new MeasuredRun(plan, { ...options, addresses }).measure();
}

/** The measurement of a run that had nothing to send load to, and why. */
export function notStarted(plan: Plan, reason: string): Measurement {
  return new MeasuredRun(plan, { addresses: [] }).result({ state: 'notStarted', reason });
}

/** A session of which every sample goes into the record of a run. */
class MeasuredRun {
  readonly #plan: Plan;
  readonly #options: MeasureOptions;
  readonly #spans;
  readonly #staffing: Staffing;
  readonly #recorder: Recorder;
  readonly #session: LoadSession;
  readonly #meter = new ProgressMeter();
  readonly #cpu: CpuMeter;
  #loadEnds: NodeJS.Timeout | undefined;
  readonly #failureSamples: FailureSample[] = [];
  #diedAt: Micros = micros(0);

  constructor(plan: Plan, options: MeasureOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#spans = timelineOf(plan.load);
    this.#cpu = new CpuMeter(options.servedCpuUs ?? null);
    this.#staffing = staffingFor(plan, options.staffing ?? {});
    const abortWatch = plan.abortOn && new AbortWatch(plan.abortOn);
    this.#recorder = new Recorder(plan, this.#spans, sample => {
      if (options.onProgress) this.#meter.add(sample);
      abortWatch?.add(sample);
    });
    const workers = Array.from({ length: this.#staffing.workers }, (_, worker) => worker);
    const { addresses, interrupt } = options;
    const orders = workers.map(worker => ({ plan, addresses, ...this.#staffing, worker, turns: null }));
    this.#session = new LoadSession(
      { plan, orders, targets: [workers], ...(interrupt === undefined ? {} : { interrupt }) },
      {
        started: () => {
          options.onStart?.();
          this.#watchCpu();
        },
        samples: batch => this.#recorder.add(batch),
        failure: sample => this.#keepSample(sample),
        secrets: secrets => options.onSecrets?.(secrets),
        settled: until => this.#recorder.settle(until),
        cutShort: (at, { state }) => {
          if (state === 'workerDied') this.#diedAt = micros(Math.min(at, endOf(this.#spans)));
          this.#recorder.stop(at);
        },
        shouldEnd: () => {
          const errorRate = abortWatch?.exceeded() ?? null;
          return errorRate === null ? null : { state: 'aborted', errorRate, forMs: plan.abortOn?.for ?? 0 };
        },
      },
    );
  }

  async measure(): Promise<Measurement> {
    const { onProgress } = this.#options;
    const progress = onProgress && setInterval(() => onProgress(this.#progress()), progressMs);
    this.#options.onFillable?.((set, row) => this.#session.fill(set, row));
    try {
      await this.#session.run();
    } finally {
      clearInterval(progress);
      clearTimeout(this.#loadEnds);
      this.#cpu.stop();
    }
    return this.result(this.#session.completion);
  }

  /** Until the load is over: the wait for the last answers says nothing of how busy the machine was. */
  #watchCpu(): void {
    this.#cpu.start();
    this.#loadEnds = setTimeout(() => this.#cpu.stop(), microsToMillis(endOf(this.#spans)));
  }

  #keepSample(sample: FailureSample): void {
    const alike = this.#failureSamples.filter(
      ({ endpoint, kind }) => endpoint === sample.endpoint && kind === sample.kind,
    );
    if (alike.length < samplesPerKind) this.#failureSamples.push(sample);
  }

  #progress(): Progress {
    const { clock, openConnections } = this.#session;
    return this.#meter.report(clock(), endOf(this.#spans), measuredFrom(this.#spans), openConnections);
  }

  result(completion: Completion): Measurement {
    const tallies = [...this.#session.tallies.values()];
    const stoppedUs = micros(Math.max(this.#diedAt, ...tallies.map(tally => tally.stoppedUs)));
    const endedUs = Math.max(0, ...tallies.map(tally => tally.endedUs));
    const { windows, endpoints, transactions } = this.#recorder.finish(stoppedUs);
    const expected = this.#expected();
    const dry = this.#plan.data[tallies.find(tally => tally.dry !== null)?.dry ?? -1] ?? null;
    const sum = (pick: (tally: WorkerTally) => number) =>
      tallies.reduce((total, tally) => total + pick(tally), 0);
    const [offered, delivered] = [this.#offered(stoppedUs), sum(tally => tally.journeys)];
    return {
      completion,
      windows,
      endpoints: endpoints.map((endpoint, index) => ({ ...endpoint, ...expected.get(index) })),
      ...(transactions === undefined ? {} : { transactions }),
      load: {
        model: this.#plan.load.model,
        // A journey without a row was not due.
        offered: dry === null ? offered : offered && Math.min(offered, delivered),
        delivered,
        abandoned: sum(tally => tally.abandoned),
        cut: sum(tally => tally.cut),
        ...(dry === null ? {} : { dry: { set: dry.name, rows: dry.rows.length } }),
        ...this.#users(sum(tally => tally.users)),
        sent: this.#recorder.sent,
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
        cpu: this.#cpu.use,
      },
      slowest: slowestOf(tallies.map(tally => tally.slowest)),
      ...countsOf(this.#plan, tallies),
      failureSamples: this.#failureSamples,
      drain: {
        durationMs: microsToMillis(micros(Math.max(0, endedUs - stoppedUs))),
        completed: this.#recorder.completedInDrain,
      },
    };
  }

  /** By endpoint, where each of its steps names statuses: all of them. */
  #expected(): ReadonlyMap<number, Pick<EndpointMeasurement, 'expected'>> {
    const named = new Map<number, Set<number> | null>();
    for (const step of this.#plan.journeys.flatMap(({ steps }) => steps)) {
      if (step.kind !== 'request') continue;
      const before = named.get(step.endpoint);
      const { statuses } = step.expect;
      const isOpen = statuses === null || before === null;
      named.set(step.endpoint, isOpen ? null : new Set([...(before ?? []), ...statuses]));
    }
    return new Map(
      [...named].flatMap(([endpoint, statuses]) =>
        statuses === null ? [] : [[endpoint, { expected: [...statuses].sort((a, b) => a - b) }]],
      ),
    );
  }

  /** The users of a closed load: some never start where there are fewer journeys than users, or too little time. */
  #users(started: number): Pick<Measurement['load'], 'users'> {
    const { load } = this.#plan;
    if (load.model === 'open') return {};
    const { peak } = populationOf(load);
    return { users: { asked: peak, started } };
  }

  /** Journeys due by the plan within the stages, as far as the run went. */
  #offered(stoppedUs: Micros): number | null {
    const { load, seed } = this.#plan;
    if (load.model === 'closed') return load.iterations;
    const from = measuredFrom(this.#spans);
    let offered = 0;
    for (const due of arrivals(load, seed)) {
      if (due >= stoppedUs) break;
      if (due >= from) offered += 1;
    }
    return offered;
  }
}
