import type { EndpointWindow } from '../../model/run/record.ts';
import { type Micros, micros } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';

/** A request that is taken up later than this is late: what is less does not show beside a latency limit. */
const latestUs = 1_000;

/** The response times of requests that the generator itself took up late, with and without their own delay. */
export class LateTimes {
  #response: Histogram | null = null;
  #onTime: Histogram | null = null;
  #censoredMinUs = Number.POSITIVE_INFINITY;

  /** Adds a response time; `isCensored` says that it is only a lower bound. */
  add(responseUs: Micros, lag: Micros, isCensored: boolean): void {
    if (lag <= latestUs) return;
    const onTimeUs = micros(Math.max(1, responseUs - lag));
    this.#response ??= new Histogram();
    this.#onTime ??= new Histogram();
    this.#response.record(responseUs);
    this.#onTime.record(onTimeUs);
    if (isCensored) this.#censoredMinUs = Math.min(this.#censoredMinUs, Math.floor(onTimeUs));
  }

  /** What the record says of them; nothing of none. */
  result(): Pick<EndpointWindow, 'late'> {
    if (this.#response === null || this.#onTime === null) return {};
    return {
      late: {
        response: this.#response.encode(),
        onTime: this.#onTime.encode(),
        censoredMinUs: Number.isFinite(this.#censoredMinUs) ? this.#censoredMinUs : null,
      },
    };
  }
}
