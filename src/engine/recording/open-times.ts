import type { Micros } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';

/** Beyond so many, a list of times would take more memory than a histogram does. */
const longestList = 10_000;
/** Histograms that are free to be used again: each takes some pages of 4 kB. */
const free: Histogram[] = [];
const mostFree = 8;

/** Response times that are still being gathered: a list while they are few, a histogram when they are many. */
export class OpenTimes {
  #few: Micros[] | null = [];
  #many: Histogram | null = null;

  add(time: Micros): void {
    if (this.#many !== null) {
      this.#many.record(time);
      return;
    }
    this.#few ??= [];
    this.#few.push(time);
    if (this.#few.length === longestList) this.#spill();
  }

  /** Hands out what was gathered, for as long as `read` takes, and forgets it. */
  close<Result>(read: (times: Histogram) => Result): Result {
    const times = this.#many ?? this.#spill();
    const result = read(times);
    this.#many = null;
    times.clear();
    if (free.length < mostFree) free.push(times);
    return result;
  }

  #spill(): Histogram {
    const times = free.pop() ?? new Histogram();
    for (const time of this.#few ?? []) times.record(time);
    this.#few = null;
    this.#many = times;
    return times;
  }
}
