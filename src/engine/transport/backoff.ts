import type { Micros } from '../../model/units.ts';
import type { Failure } from '../request/outcome.ts';

const shortestUs = 50_000;
const longestUs = 1_000_000;

/**
 * How long to leave a target alone after a failed attempt to connect: 50 ms, doubled with each failed round up to one
 * second, over at the first success. Attempts that were already under way count as one round.
 */
export class Backoff {
  #until = Number.NEGATIVE_INFINITY;
  #lengthUs = 0;
  #last: Failure | null = null;

  /** The moment from which an attempt is allowed again. */
  get until(): number {
    return this.#until;
  }

  allows(now: Micros): boolean {
    return now >= this.#until;
  }

  failed(now: Micros, failure: Failure): void {
    this.#last = failure;
    if (now < this.#until) return;
    this.#lengthUs = this.#lengthUs === 0 ? shortestUs : Math.min(longestUs, 2 * this.#lengthUs);
    this.#until = now + this.#lengthUs;
  }

  succeeded(): void {
    this.#lengthUs = 0;
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** The failure of a request that asks for a connection in the meantime. A time-out is not its own: it never waited. */
  failure(): Failure {
    const last = this.#last;
    const kind = last === null || last.kind === 'timeout' ? 'refused' : last.kind;
    return { kind, phase: 'connect', detail: `no attempt so soon after ${last?.detail ?? 'a refusal'}` };
  }
}
