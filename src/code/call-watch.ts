import type { Plan } from '../model/run/plan.ts';
import { callMemory, functionsOf, type StepFunction } from './user-functions.ts';

/** A function that has not come to its end for so long never will. */
const longestCallMs = 10_000;

/** Watches from another thread whether a function of the scenario comes to its end. */
export class CallWatch {
  /** What the thread that calls functions is given. */
  readonly memory = callMemory();
  readonly #seen = new Int32Array(this.memory);
  readonly #functions: readonly StepFunction[];
  readonly #endpoints: Plan['endpoints'];
  readonly #longestMs: number;
  #calls = 0;
  #since: number | null = null;

  constructor(plan: Pick<Plan, 'journeys' | 'framing' | 'endpoints'>, longestMs = longestCallMs) {
    this.#functions = functionsOf(plan);
    this.#endpoints = plan.endpoints;
    this.#longestMs = longestMs;
  }

  /** What hangs, in words; null where nothing does. To be asked again and again. */
  hung(now = performance.now()): string | null {
    const running = Atomics.load(this.#seen, 0);
    const calls = Atomics.load(this.#seen, 1);
    if (running === 0 || calls !== this.#calls || this.#since === null) {
      this.#calls = calls;
      this.#since = running === 0 ? null : now;
      return null;
    }
    if (now - this.#since < this.#longestMs) return null;
    const hangs = this.#functions[running - 1];
    const of = this.#endpoints[hangs?.endpoint ?? -1]?.name;
    return `${hangs?.kind ?? 'a function'}${of === undefined ? '' : ` of ${of}`} has not come to its end for ${this.#longestMs / 1_000} s`;
  }
}
