import type { Micros } from '../../model/units.ts';
import type { Failure } from '../request/outcome.ts';

const shortestUs = 50_000;
const longestUs = 1_000_000;
/**
 * So many attempts in a row must fail before an address is left alone. A server that fails every second attempt fails so many
 * in a row once in a thousand times; one that fails fewer practically never does, so that its share of failures is told as it is.
 */
const fewestFailures = 10;

/**
 * How long to leave an address alone while no attempt to connect to it succeeds: 50 ms, doubled with each failed round up to
 * one second, over at the first success. Attempts that were already under way count as one round.
 */
export class Backoff {
  #until = Number.NEGATIVE_INFINITY;
  #lengthUs = 0;
  #failures = 0;
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
    this.#failures += 1;
    if (now < this.#until || this.#failures < fewestFailures) return;
    this.#lengthUs = this.#lengthUs === 0 ? shortestUs : Math.min(longestUs, 2 * this.#lengthUs);
    this.#until = now + this.#lengthUs;
  }

  succeeded(): void {
    this.#lengthUs = 0;
    this.#failures = 0;
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** The failure of a request that asks for a connection in the meantime. A time-out is not its own: it never waited. */
  failure(): Failure {
    const last = this.#last;
    const kind = last === null || last.kind === 'timeout' ? 'refused' : last.kind;
    return { kind, phase: 'connect', detail: `no attempt so soon after ${last?.detail ?? 'a refusal'}` };
  }
}
