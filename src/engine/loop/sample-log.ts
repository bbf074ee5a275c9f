import { StreamNotes } from '../stream/stream-notes.ts';

/**
 * Requests that ended, as rows of plain numbers: the sending loop appends, the recorder reads. Histograms are filled
 * and encoded on the other side, so that accounting never delays a send.
 */
export interface SampleBatch {
  readonly rows: Float64Array;
  readonly length: number;
  /** What each answer said of itself, as many numbers a row as the plan has signals; null where it has none. */
  readonly signals: Float64Array | null;
  /** What was seen of streamed answers, in pieces; null of none. */
  readonly streams: Float64Array | null;
}

/**
 * Numbers a row: due, lag, sentAt, firstByteAt, endedAt, bytes, code; moments in µs, -1 for never. What is measured as a whole
 * has an endpoint behind those of the plan. It ends when its time is over, counted from its due moment, and `firstByteAt` is
 * when its last answer came.
 */
export const sampleWidth = 7;
/** Positions within a row. */
export const column = { due: 0, lag: 1, sentAt: 2, firstByteAt: 3, endedAt: 4, bytes: 5, code: 6 } as const;

const rowsPerBatch = 4_096;
const outcomeRange = 32;
const statusRange = 1_024;

/** Endpoint, outcome and status in one number. */
export function packCode(endpoint: number, outcome: number, status: number): number {
  return (endpoint * statusRange + status) * outcomeRange + outcome;
}

/** The parts of a packed code; status 0 for none. */
export function unpackCode(code: number): { endpoint: number; outcome: number; status: number } {
  const outcome = code % outcomeRange;
  const rest = (code - outcome) / outcomeRange;
  const status = rest % statusRange;
  return { endpoint: (rest - status) / statusRange, outcome, status };
}

/** The writing side. */
export class SampleLog {
  /** What is seen of streamed answers. */
  readonly streams = new StreamNotes();
  readonly #full: (batch: SampleBatch) => void;
  readonly #signalCount: number;
  #rows = new Float64Array(rowsPerBatch * sampleWidth);
  #signals: Float64Array | null;
  #length = 0;

  constructor(full: (batch: SampleBatch) => void, signalCount = 0) {
    this.#full = full;
    this.#signalCount = signalCount;
    this.#signals = this.#noSignals();
  }

  /** Notes what the answer said that is appended next; one that is not noted said nothing. */
  note(values: Float64Array): void {
    this.#signals?.set(values, this.#length * this.#signalCount);
  }

  /** Notes one signal of the request that is appended next, by its place among the plan's. */
  noteOne(signal: number, value: number): void {
    if (this.#signals !== null) this.#signals[this.#length * this.#signalCount + signal] = value;
  }

  append(
    due: number,
    lag: number,
    sentAt: number,
    firstByteAt: number,
    endedAt: number,
    bytes: number,
    code: number,
  ): void {
    const rows = this.#rows;
    const at = this.#length * sampleWidth;
    rows[at] = due;
    rows[at + 1] = lag;
    rows[at + 2] = sentAt;
    rows[at + 3] = firstByteAt;
    rows[at + 4] = endedAt;
    rows[at + 5] = bytes;
    rows[at + 6] = code;
    this.#length += 1;
    if (this.#length === rowsPerBatch) this.flush();
  }

  /** Hands over what there is. */
  flush(): void {
    if (this.#length === 0 && this.streams.isEmpty) return;
    const streams = this.streams.take();
    const batch = { rows: this.#rows, length: this.#length, signals: this.#signals, streams };
    this.#rows = new Float64Array(rowsPerBatch * sampleWidth);
    this.#signals = this.#noSignals();
    this.#length = 0;
    this.#full(batch);
  }

  #noSignals(): Float64Array | null {
    if (this.#signalCount === 0) return null;
    return new Float64Array(rowsPerBatch * this.#signalCount).fill(Number.NaN);
  }
}
