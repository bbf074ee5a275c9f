import type { EndpointSeconds } from '../../model/run/record.ts';
import { type Micros, micros } from '../../model/units.ts';
import { OpenTimes } from './open-times.ts';
import type { Sample } from './sample.ts';

interface Second {
  requests: number;
  errors: number;
  /** Response times; null before the first, and once the quantiles are taken. */
  times: OpenTimes | null;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  max: number | null;
}

const secondUs = 1e6;

/** Plain figures per second of one endpoint, by when requests were due. */
export class EndpointSeries {
  readonly #seconds: Second[] = [];
  #settled = 0;

  add({ due, endedAt, outcome }: Sample): void {
    const second = this.#at(Math.max(0, Math.floor(due / secondUs)));
    second.requests += 1;
    if (outcome !== 'ok') second.errors += 1;
    if (outcome === 'ok' || outcome === 'timeout' || outcome === 'unfinished') {
      second.times ??= new OpenTimes();
      second.times.add(micros(endedAt - due));
    }
  }

  /** Takes the quantiles of the seconds that end by this moment; no more samples come for them. */
  settle(until: Micros): void {
    while (this.#settled < this.#seconds.length && (this.#settled + 1) * secondUs <= until) {
      const second = this.#at(this.#settled);
      second.times?.close(times => {
        if (times.count === 0) return;
        second.p50 = times.quantile(0.5);
        second.p95 = times.quantile(0.95);
        second.p99 = times.quantile(0.99);
        second.max = times.max;
      });
      second.times = null;
      this.#settled += 1;
    }
  }

  /** The figures of every second that had begun when nothing more was due. */
  result(stoppedAt: Micros): EndpointSeconds {
    const count = Math.max(this.#seconds.length, Math.ceil(stoppedAt / secondUs - 1e-9));
    const seconds = Array.from({ length: count }, (_, index) => this.#at(index));
    return {
      requests: seconds.map(({ requests }) => requests),
      errors: seconds.map(({ errors }) => errors),
      p50Us: seconds.map(({ p50 }) => p50),
      p95Us: seconds.map(({ p95 }) => p95),
      p99Us: seconds.map(({ p99 }) => p99),
      maxUs: seconds.map(({ max }) => max),
    };
  }

  #at(index: number): Second {
    while (this.#seconds.length <= index) {
      this.#seconds.push({
        requests: 0,
        errors: 0,
        times: null,
        p50: null,
        p95: null,
        p99: null,
        max: null,
      });
    }
    return this.#seconds[index] as Second;
  }
}
