import type { Micros } from '../../model/units.ts';
import { micros, microsToMillis } from '../../model/units.ts';
import { Histogram } from '../../stats/histogram.ts';
import type { Sample } from './sample.ts';

/** How a run stands, for people who watch it. */
export interface Progress {
  readonly elapsedMs: number;
  /** The planned length; answers may come after it. */
  readonly totalMs: number;
  readonly phase: 'warmup' | 'stages' | 'drain';
  /** Requests that ended since the last report, per second. */
  readonly requestsPerSecond: number;
  /** Of the requests since the last report; null where there were none. */
  readonly p95Ms: number | null;
  /** Since the start. */
  readonly requests: number;
  readonly errors: number;
  readonly openConnections: number;
}

/** Sums up samples between two reports. */
export class ProgressMeter {
  #recent = new Histogram();
  #recentCount = 0;
  #requests = 0;
  #errors = 0;
  #reportedAt = 0;

  add({ due, endedAt, outcome }: Sample): void {
    this.#requests += 1;
    this.#recentCount += 1;
    if (outcome !== 'ok') this.#errors += 1;
    if (outcome === 'ok' || outcome === 'timeout') this.#recent.record(micros(endedAt - due));
  }

  report(now: Micros, totalUs: Micros, measuredFrom: Micros, openConnections: number): Progress {
    const seconds = (now - this.#reportedAt) / 1e6;
    const progress: Progress = {
      elapsedMs: microsToMillis(now),
      totalMs: microsToMillis(totalUs),
      phase: now < measuredFrom ? 'warmup' : now < totalUs ? 'stages' : 'drain',
      requestsPerSecond: seconds > 0 ? this.#recentCount / seconds : 0,
      p95Ms: this.#recent.count > 0 ? microsToMillis(this.#recent.quantile(0.95)) : null,
      requests: this.#requests,
      errors: this.#errors,
      openConnections,
    };
    this.#recent = new Histogram();
    this.#recentCount = 0;
    this.#reportedAt = now;
    return progress;
  }
}
