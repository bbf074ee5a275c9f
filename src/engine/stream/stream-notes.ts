import { type Micros, micros } from '../../model/units.ts';

/** What was seen of one streamed answer since it was last noted; moments and times in µs. */
export interface StreamPiece {
  readonly endpoint: number;
  readonly due: Micros;
  /** When the first event came that counts, if it did in this piece. */
  readonly firstAt: Micros | null;
  /** From written to that event. */
  readonly firstUs: Micros | null;
  /** A wait for the first event, or for another one, that was cut: it would have been longer. */
  readonly openFirstUs: Micros | null;
  readonly openGapUs: Micros | null;
  /** When the event came before the first of the gaps. */
  readonly from: Micros;
  /** The time from each event to the next, in order. */
  readonly gaps: Float64Array;
}

const headLength = 8;
const none = -1;

/** The pieces of all streams of a loop as plain numbers, until they are handed over to be recorded. */
export class StreamNotes {
  #numbers: number[] = [];

  get isEmpty(): boolean {
    return this.#numbers.length === 0;
  }

  add(piece: Omit<StreamPiece, 'gaps'> & { readonly gaps: readonly number[] }): void {
    const { endpoint, due, firstAt, firstUs, openFirstUs, openGapUs, from, gaps } = piece;
    const numbers = this.#numbers;
    numbers.push(endpoint, due, firstAt ?? none, firstUs ?? none, openFirstUs ?? none, openGapUs ?? none);
    numbers.push(from, gaps.length);
    for (const gap of gaps) numbers.push(gap);
  }

  /** Hands over what there is; null of nothing. */
  take(): Float64Array | null {
    if (this.isEmpty) return null;
    const taken = Float64Array.from(this.#numbers);
    this.#numbers = [];
    return taken;
  }
}

/** The pieces that were handed over. */
export function* piecesOf(numbers: Float64Array): Generator<StreamPiece> {
  const time = (at: number) => ((numbers[at] ?? none) < 0 ? null : micros(numbers[at] as number));
  for (let at = 0; at < numbers.length; ) {
    const gapsAt = at + headLength;
    const end = gapsAt + (numbers[at + 7] as number);
    yield {
      endpoint: numbers[at] as number,
      due: micros(numbers[at + 1] as number),
      firstAt: time(at + 2),
      firstUs: time(at + 3),
      openFirstUs: time(at + 4),
      openGapUs: time(at + 5),
      from: micros(numbers[at + 6] as number),
      gaps: numbers.subarray(gapsAt, end),
    };
    at = end;
  }
}
