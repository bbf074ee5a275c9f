import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/**
 * The share of a thread's time that it worked. While it spins for precise pacing its event loop counts as always
 * active, so the time of spins that found nothing to do is taken off.
 */
export class BusyMeter {
  readonly #spunUs: () => number;
  #since: EventLoopUtilization | null = null;

  constructor(spunUs: () => number) {
    this.#spunUs = spunUs;
  }

  start(): void {
    this.#since = performance.eventLoopUtilization();
  }

  /** From the start until now: 0 to 1. */
  busy(): number {
    if (!this.#since) return 0;
    const { active, idle } = performance.eventLoopUtilization(this.#since);
    const whole = active + idle;
    return whole > 0 ? Math.min(1, Math.max(0, active - this.#spunUs() / 1_000) / whole) : 0;
  }
}
