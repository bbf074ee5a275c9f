import { type Micros, micros } from '../../model/units.ts';
import { never } from './clock.ts';
import { outcomeCode } from './outcome.ts';

/** Something that is measured as a whole, from its first request on. */
export interface OpenTransaction {
  /** Index into the plan's transactions. */
  readonly transaction: number;
  /** When its first request was due; `never` before one has ended. */
  due: Micros;
  /** How long its user waited for answers, and how much of that because of the generator. */
  waitedUs: number;
  lagUs: number;
  bytes: number;
  /** When its last answer came. */
  endedAt: Micros;
  /** The outcome of its first request that was not ok. */
  code: number;
}

/** A request that ended, as far as it matters. */
interface EndedRequest {
  readonly due: Micros;
  readonly lag: Micros;
  readonly bytesReceived: number;
}

/** What a user has begun of what is measured as a whole, outermost first. */
export class OpenTransactions {
  readonly #open: OpenTransaction[] = [];

  /** The moment at which the first request of any was due; null where none has ended a request. */
  get since(): Micros | null {
    const due = this.#open[0]?.due ?? never;
    return due < 0 ? null : due;
  }

  begin(transaction: number): void {
    const none = { due: never, waitedUs: 0, lagUs: 0, bytes: 0, endedAt: never };
    this.#open.push({ transaction, ...none, code: outcomeCode.ok });
  }

  /** Adds a request that ended. Think times are no part of it, since each counts from when it was due. */
  add({ due, lag, bytesReceived }: EndedRequest, code: number, endedAt: Micros): void {
    for (const open of this.#open) {
      if (open.due < 0) open.due = due;
      open.waitedUs += endedAt - due;
      open.lagUs += lag;
      open.bytes += bytesReceived;
      open.endedAt = endedAt;
      if (open.code === outcomeCode.ok) open.code = code;
    }
  }

  /** Ends the innermost. */
  end(): OpenTransaction | undefined {
    return this.#open.pop();
  }

  /** Gives up all. */
  clear(): void {
    this.#open.length = 0;
  }
}

/** The time of something that was measured as a whole, as that of a request: from its due moment on. */
export function endOfWhole({ due, waitedUs }: OpenTransaction): Micros {
  return micros(due + waitedUs);
}
