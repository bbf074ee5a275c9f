import { interruptSignalOf } from '../../model/judgement/exit-code.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Completion, FailureSample } from '../../model/run/record.ts';
import { type Micros, micros, microsToMillis, millisToMicros } from '../../model/units.ts';
import type { SampleBatch } from '../loop/sample-log.ts';
import type { WorkerOrder, WorkerTally } from '../loop/worker-messages.ts';
import type { Clock } from '../request/clock.ts';
import { leadingThink } from '../schedule/leading-think.ts';
import { WorkerPool } from './worker-pool.ts';

/** What a session is made of. */
export interface SessionTerms {
  readonly plan: Pick<Plan, 'journeys'>;
  /** One worker each. */
  readonly orders: readonly WorkerOrder[];
  /** The workers, by position, that load one target together. Where there are several targets, they take turns. */
  readonly targets: readonly (readonly number[])[];
  /** Aborted with an interrupt's signal as its reason, it ends the session early; what was measured is kept. */
  readonly interrupt?: AbortSignal;
}

/** What a session tells as it goes. */
export interface SessionEvents {
  /** All workers are ready, and the load begins in a moment. */
  started?(): void;
  /** What came of requests of one worker, by its position among the orders. */
  samples(batch: SampleBatch, worker: number): void;
  failure(sample: FailureSample, worker: number): void;
  /** What was captured from answers and is a secret. */
  secrets?(secrets: readonly string[]): void;
  /** Every request due before this moment has ended and was told by `samples`, whichever worker sent it. */
  settled(until: Micros): void;
  /** The session ends before its planned end, at this moment of its own. */
  cutShort(at: Micros, completion: Completion): void;
  /** Asked twice a second: why the session should end now; null where it should go on. */
  shouldEnd?(): Completion | null;
}

/** Without a byte of an answer from a target for so long, or for as long as a first step may take, a session is given up. */
const leastSilenceUs = 12e6;
/** How long a session that is cut short waits for answers: CI kills a step some seconds after the interrupt. */
const cutDrainUs = 3e6;
/** After SIGTERM, where what was measured is still to be saved before the process is killed. */
const hastyDrainUs = 2e6;
const watchMs = 500;

/**
 * One stretch of load from its first request to its last, on worker threads: what a run and a restart of a duet share. An
 * interrupt, a target that never answers, or a dead worker ends it early; `completion` says which.
 */
export class LoadSession {
  readonly #terms: SessionTerms;
  readonly #events: SessionEvents;
  readonly #workerPool: WorkerPool;
  readonly #silenceUs: number;
  #completion: Completion = { state: 'complete' };

  constructor(terms: SessionTerms, events: SessionEvents) {
    this.#terms = terms;
    this.#events = events;
    this.#silenceUs = Math.max(leastSilenceUs, firstTimeout(terms.plan));
    this.#workerPool = new WorkerPool(terms.orders, {
      samples: (batch, worker) => events.samples(batch, worker),
      failure: (sample, worker) => events.failure(sample, worker),
      secrets: secrets => events.secrets?.(secrets),
      settled: until => events.settled(until),
      started: () => events.started?.(),
      died: (reason, at) => this.#died(reason, at),
    });
  }

  get completion(): Completion {
    return this.#completion;
  }

  /** The session's own time; it stands at zero until all workers are ready. */
  get clock(): Clock {
    return this.#workerPool.clock;
  }

  get openConnections(): number {
    return this.#workerPool.openConnections;
  }

  /** What each worker counted, by its position: all, or what was last heard of one that died. */
  get tallies(): ReadonlyMap<number, WorkerTally> {
    return this.#workerPool.tallies;
  }

  /** Whether any byte of any answer has come to each worker. */
  get heard(): readonly boolean[] {
    return this.#workerPool.heard;
  }

  /** Starts the load; resolves when it is over and no thread is left. */
  async run(): Promise<void> {
    const { interrupt } = this.#terms;
    const ended = this.#workerPool.run();
    const watch = setInterval(() => this.#watch(), watchMs);
    const onInterrupt = () => {
      if (!interrupt) return;
      const signal = interruptSignalOf(interrupt);
      this.#end({ state: 'interrupted', signal }, signal === 'SIGTERM' ? hastyDrainUs : cutDrainUs);
    };
    interrupt?.addEventListener('abort', onInterrupt, { once: true });
    if (interrupt?.aborted) onInterrupt();
    try {
      await ended;
    } finally {
      clearInterval(watch);
      interrupt?.removeEventListener('abort', onInterrupt);
    }
  }

  /** Puts another row in place of the only one of a data set. */
  fill(set: number, row: readonly string[]): void {
    this.#workerPool.fill(set, row);
  }

  /** Lets nothing become due from a moment on, and sees through what is due before it. */
  endAt(atUs: Micros): void {
    this.#workerPool.endAt(atUs);
  }

  #watch(): void {
    const waitedUs = this.#longestSilenceUs();
    if (waitedUs >= this.#silenceUs) {
      this.#end({ state: 'neverAnswered', afterMs: microsToMillis(micros(waitedUs)) }, 0);
      return;
    }
    const reason = this.#events.shouldEnd?.() ?? null;
    if (reason !== null) this.#end(reason, cutDrainUs);
  }

  /** How long the target that has been silent for longest has been awaited; zero where each has answered. */
  #longestSilenceUs(): number {
    const { plan, targets } = this.#terms;
    const { heard, tallies, firstDueUs, clock } = this.#workerPool;
    const silent = targets.filter(
      workers => !workers.some(worker => heard[worker]) && !workers.every(worker => tallies.has(worker)),
    );
    // Of the time that goes by, each target has only its share.
    const thinkUs = targets.length * leadingThink(plan);
    const waited = silent.map(
      workers =>
        clock() -
        Math.min(...workers.map(worker => firstDueUs[worker] ?? Number.POSITIVE_INFINITY)) -
        thinkUs,
    );
    return Math.max(0, ...waited);
  }

  #end(completion: Completion, drainUs: number): void {
    if (this.#completion.state !== 'complete') return;
    this.#completion = completion;
    this.#events.cutShort(this.#workerPool.clock(), completion);
    this.#workerPool.stop(drainUs);
  }

  /** Whatever else ended the session, what the dead worker counted is lost. */
  #died(reason: string, at: Micros): void {
    if (this.#completion.state === 'workerDied') return;
    this.#completion = { state: 'workerDied', reason };
    this.#events.cutShort(at, this.#completion);
  }
}

/** The longest that any journey's first request may take. */
function firstTimeout({ journeys }: Pick<Plan, 'journeys'>): Micros {
  const firsts = journeys.flatMap(({ steps }) => steps.find(step => step.kind === 'request') ?? []);
  return micros(Math.max(0, ...firsts.map(({ timeout }) => millisToMicros(timeout))));
}
