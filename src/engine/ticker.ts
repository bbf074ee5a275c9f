import { type Micros, micros } from '../model/units.ts';
import type { Clock } from './clock.ts';

/**
 * Calls `tick` when it is next due. A plain timer fires about 0.6 ms late; `precise` pacing therefore sets it early
 * and spins through `setImmediate` for the rest, which keeps sockets served and costs a core while it lasts.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #spinUs: number;
  /** Does what is due and answers when to be called again; null to stop. */
  readonly #tick: (now: Micros) => Micros | null;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #due: Micros = micros(Number.POSITIVE_INFINITY);
  #running = false;

  constructor(clock: Clock, pacing: 'precise' | 'economical', tick: (now: Micros) => Micros | null) {
    this.#clock = clock;
    this.#spinUs = pacing === 'precise' ? 1_500 : 0;
    this.#tick = tick;
  }

  start(): void {
    this.#running = true;
    this.#run();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  /** Brings the next call forward where it is due later than this moment. */
  wakeBy(moment: Micros): void {
    if (!this.#running || moment >= this.#due) return;
    this.#schedule(moment);
  }

  readonly #run = (): void => {
    const now = this.#clock();
    if (now < this.#due && Number.isFinite(this.#due)) {
      this.#schedule(this.#due);
      return;
    }
    this.#due = micros(Number.POSITIVE_INFINITY);
    const next = this.#tick(now);
    if (next === null) this.stop();
    else if (this.#running) this.#schedule(next);
  };

  #schedule(due: Micros): void {
    this.#due = due;
    const waitUs = due - this.#clock();
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    if (waitUs <= this.#spinUs) this.#immediate = setImmediate(this.#run);
    else this.#timer = setTimeout(this.#run, Math.max(1, Math.ceil((waitUs - this.#spinUs) / 1_000)));
  }
}
