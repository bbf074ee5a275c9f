import type { Micros } from '../../../model/units.ts';
import type { Failure } from '../../request/outcome.ts';
import { Backoff } from '../backoff.ts';
import { countAttempt, countFailedAttempt, noCounts } from '../dispatcher.ts';

/** What all pools of a loop know together: what connections did, and how long an address is left alone. */
export class Attempts {
  readonly counts = noCounts();
  /** Until when the address of the latest failed attempt is left alone. */
  alone = Number.NEGATIVE_INFINITY;
  /** By address. */
  readonly #backoffs: readonly Backoff[];

  constructor(addresses: number) {
    this.#backoffs = Array.from({ length: addresses }, () => new Backoff());
  }

  /** The backoff of an address. */
  backoff(address: number): Backoff {
    return this.#backoffs[address] as Backoff;
  }

  began(address: number, now: Micros): void {
    countAttempt(this.counts);
    this.backoff(address).began(now);
  }

  succeeded(address: number): void {
    this.backoff(address).succeeded();
    this.alone = Number.NEGATIVE_INFINITY;
  }

  failed(address: number, failure: Failure, now: Micros): void {
    const backoff = this.backoff(address);
    countFailedAttempt(this.counts, failure);
    backoff.failed(now, failure);
    this.alone = backoff.until;
  }
}
