/** Memory that many share; taken before it is used, and given back. */
export interface SharedRoom {
  readonly limit: number;
  take(bytes: number): boolean;
  give(bytes: number): void;
}

/** The longest event that is kept to be read. */
export const longestEvent = 4_000_000;

const smallest = 1_024;

/** The text of one event after another, as far as it has come, in memory that is bounded. */
export class EventText {
  length = 0;
  /** Why the event cannot be kept, once `append` answered false. */
  lack: 'tooLong' | 'noRoom' | null = null;
  readonly #room: SharedRoom | null;
  readonly #taken: number[] = [];
  #bytes: Buffer = Buffer.alloc(0);

  constructor(room: SharedRoom | null) {
    this.#room = room;
  }

  /** Adds a piece; false where the event is too long, or there is no room for it. */
  append(bytes: Uint8Array, start: number, end: number): boolean {
    const length = this.length + end - start;
    if (length > this.#bytes.length && !this.#grow(length)) return false;
    this.#bytes.set(bytes.subarray(start, end), this.length);
    this.length = length;
    return true;
  }

  /** Gets ready for the next event. */
  clear(): void {
    this.length = 0;
  }

  /** Whether the event is these bytes. */
  is(expected: Buffer): boolean {
    return (
      this.length === expected.length && expected.compare(this.#bytes, 0, this.length, 0, this.length) === 0
    );
  }

  /** The event as text. */
  get content(): string {
    return this.#bytes.toString('utf8', 0, this.length);
  }

  /** Gives the room back; what was kept can still be read. */
  release(): void {
    for (const bytes of this.#taken.splice(0)) this.#room?.give(bytes);
  }

  #grow(length: number): boolean {
    const size = Math.min(Math.max(smallest, 2 * this.#bytes.length, length), longestEvent);
    const more = size - this.#bytes.length;
    if (length > longestEvent) this.lack = 'tooLong';
    else if (this.#room !== null && !this.#room.take(more)) this.lack = 'noRoom';
    if (this.lack !== null) return false;
    this.#taken.push(more);
    const larger = Buffer.allocUnsafe(size);
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
    return true;
  }
}
