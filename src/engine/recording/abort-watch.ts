import type { AbortOn } from '../../model/run/plan.ts';
import { millisToMicros } from '../../model/units.ts';
import type { Sample } from './sample.ts';

const slotsPerSpan = 20;

/** Watches whether so large a share of requests has been failing for so long, by when they ended. */
export class AbortWatch {
  readonly #limit: number;
  readonly #slotUs: number;
  readonly #ended: number[] = [];
  readonly #failed: number[] = [];

  constructor({ errorRate, for: span }: AbortOn) {
    this.#limit = errorRate;
    this.#slotUs = millisToMicros(span) / slotsPerSpan;
  }

  add({ endedAt, outcome }: Sample): void {
    const slot = Math.max(0, Math.floor(endedAt / this.#slotUs));
    this.#ended[slot] = (this.#ended[slot] ?? 0) + 1;
    if (outcome !== 'ok') this.#failed[slot] = (this.#failed[slot] ?? 0) + 1;
  }

  /**
   * The share of errors over the latest span; null where the limit was not reached all along. The span goes from one
   * request's end to another's, so that a single failure proves nothing. All along means that the share falls below
   * the limit neither over the span nor over any part that begins or ends with it: a burst of errors shorter than the
   * span has good answers on one side, however many fail in it.
   */
  exceeded(): number | null {
    const last = this.#ended.length - 1;
    let first = last - slotsPerSpan;
    while (first >= 0 && this.#ended[first] === undefined) first -= 1;
    if (first < 0 || this.#shareFrom(last, first) === null) return null;
    return this.#shareFrom(first, last);
  }

  /** The share of errors from one slot to another, forth or back; null where it fell below the limit on the way. */
  #shareFrom(from: number, to: number): number | null {
    const step = Math.sign(to - from);
    let ended = 0;
    let failed = 0;
    for (let slot = from; slot !== to + step; slot += step) {
      ended += this.#ended[slot] ?? 0;
      failed += this.#failed[slot] ?? 0;
      if (failed < this.#limit * ended) return null;
    }
    return failed / ended;
  }
}
