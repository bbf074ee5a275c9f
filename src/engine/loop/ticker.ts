import { type Micros, micros } from '../../model/units.ts';
import type { Clock } from '../request/clock.ts';

/** When to be called again: `exact` deserves a spin, `coarse` may come some milliseconds late. */
export interface Wake {
  readonly exact: Micros;
  readonly coarse: Micros;
}

const never = micros(Number.POSITIVE_INFINITY);
const spinUs = 1_500;

/**
 * Calls `tick` when it is next due. A plain timer fires about 0.6 ms late; `precise` pacing therefore sets it early
 * for exact moments and spins through `setImmediate` for the rest, which keeps sockets served and costs a core while
 * it lasts.
 */
export class Ticker {
  readonly #clock: Clock;
  readonly #spinUs: number;
  /** A count that grows with whatever else the thread does. */
  readonly #work: () => number;
  /** Does what is due and answers when to be called again; null to stop. */
  readonly #tick: (now: Micros) => Wake | null;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #exact: Micros = never;
  #coarse: Micros = never;
  #running = false;
  #spun = 0;
  #lastSpin = 0;
  #workAtLastSpin = -1;

  constructor(
    clock: Clock,
    pacing: 'precise' | 'economical',
    work: () => number,
    tick: (now: Micros) => Wake | null,
  ) {
    this.#clock = clock;
    this.#work = work;
    this.#spinUs = pacing === 'precise' ? spinUs : 0;
    this.#tick = tick;
  }

  /** Microseconds that went by between spins with nothing done in them. */
  get spunUs(): number {
    return this.#spun;
  }

  start(): void {
    this.#running = true;
    this.#call(this.#clock());
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  /** Brings the next call forward to an exact moment, where it is due later than that. */
  wakeBy(moment: Micros): void {
    if (!this.#running || moment >= this.#exact) return;
    this.#exact = moment;
    this.#wait(this.#clock());
  }

  readonly #run = (): void => {
    const now = this.#clock();
    if (now >= this.#exact || now >= this.#coarse) {
      this.#call(now);
      return;
    }
    this.#countSpin(now);
    this.#wait(now);
  };

  #call(now: Micros): void {
    this.#exact = never;
    this.#coarse = never;
    const next = this.#tick(now);
    if (next === null) {
      this.stop();
      return;
    }
    if (!this.#running) return;
    if (next.exact < this.#exact) this.#exact = next.exact;
    this.#coarse = next.coarse;
    this.#wait(this.#clock());
  }

  #countSpin(now: Micros): void {
    const work = this.#work();
    if (work === this.#workAtLastSpin) this.#spun += now - this.#lastSpin;
    this.#workAtLastSpin = work;
    this.#lastSpin = now;
  }

  #wait(now: Micros): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    const waitUs = Math.min(this.#exact - this.#spinUs, this.#coarse) - now;
    if (waitUs <= 0) {
      this.#immediate = setImmediate(this.#run);
      return;
    }
    // What goes by until the timer fires is waiting, not spinning.
    this.#workAtLastSpin = -1;
    if (Number.isFinite(waitUs)) this.#timer = setTimeout(this.#run, Math.max(1, Math.ceil(waitUs / 1_000)));
  }
}
