import type { Micros } from '../../model/units.ts';
import type { Failure } from '../request/outcome.ts';

const shortestUs = 50_000;
const longestUs = 1_000_000;
/**
 * So many attempts in a row must fail before an address is left alone. A server that fails every second attempt fails so many
 * in a row once in a thousand times; one that fails fewer practically never does, so that its share of failures is told as it is.
 */
const fewestFailures = 10;

/** For so long others wait for what comes of the first attempt after a pause; past that each may try by itself. */
const telltaleUs = 50_000;

/** Whether an attempt may begin: yes; not yet, as one that has just begun will tell; or not for a while. */
export type Permission = 'granted' | 'awaited' | 'refused';

/**
 * How long to leave an address alone while no attempt to connect to it succeeds: 50 ms, doubled with each failed round up to
 * one second, over at the first success. Attempts that were already under way count as one round. After a pause one
 * attempt goes ahead: a loop that comes late to many arrivals would else make one for each before it hears of the first.
 */
export class Backoff {
  #until = Number.NEGATIVE_INFINITY;
  #lengthUs = 0;
  #failures = 0;
  #last: Failure | null = null;
  /** When the attempt began that goes ahead of others. */
  #aheadSince = Number.NEGATIVE_INFINITY;

  /** The moment from which an attempt is allowed again. */
  get until(): number {
    return this.#until;
  }

  permission(now: Micros): Permission {
    if (now < this.#until) return 'refused';
    return now - this.#aheadSince < telltaleUs ? 'awaited' : 'granted';
  }

  began(now: Micros): void {
    if (this.#lengthUs > 0) this.#aheadSince = now;
  }

  failed(now: Micros, failure: Failure): void {
    this.#last = failure;
    this.#aheadSince = Number.NEGATIVE_INFINITY;
    this.#failures += 1;
    if (now < this.#until || this.#failures < fewestFailures) return;
    this.#lengthUs = this.#lengthUs === 0 ? shortestUs : Math.min(longestUs, 2 * this.#lengthUs);
    this.#until = now + this.#lengthUs;
  }

  succeeded(): void {
    this.#lengthUs = 0;
    this.#failures = 0;
    this.#aheadSince = Number.NEGATIVE_INFINITY;
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** The failure of a request that asks for a connection in the meantime. A time-out is not its own: it never waited. */
  failure(): Failure {
    const last = this.#last;
    const kind = last === null || last.kind === 'timeout' ? 'refused' : last.kind;
    return { kind, phase: 'connect', detail: `no attempt so soon after ${last?.detail ?? 'a refusal'}` };
  }
}
