import type { Micros } from '../../model/units.ts';
import { outcomeCode } from './outcome.ts';

/** What becomes of requests that a user makes at once. */
export class Fork {
  readonly due: Micros;
  readonly lag: Micros;
  /** How many have not ended. */
  awaited: number;
  /** When the user may go on, and when the last of them ended. */
  freeAt: Micros;
  endedAt: Micros;
  bytesReceived = 0;
  /** The outcome of the first that was not ok. */
  code: number = outcomeCode.ok;
  /** Why the journey ends behind them: an answer without what is captured, a value that one needs, or the end of the load. */
  ends: 'captureFailed' | 'valueMissing' | 'cut' | null = null;

  constructor(due: Micros, lag: Micros, awaited: number, now: Micros) {
    this.due = due;
    this.lag = lag;
    this.awaited = awaited;
    this.freeAt = now;
    this.endedAt = now;
  }

  /** Adds one that ended. */
  add(bytesReceived: number, code: number, endedAt: Micros): void {
    this.bytesReceived += bytesReceived;
    if (endedAt > this.endedAt) this.endedAt = endedAt;
    if (this.code === outcomeCode.ok) this.code = code;
  }
}
