/** Counted in blocks, so that a 32-bit counter, which threads can share, does for any limit. */
const blockBytes = 4_096;

/** The counter that the rooms of several threads share. */
export function sharedCounter(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** The memory that bodies may take which are kept to be checked or captured from: one bound over all connections and threads. */
export class BodyRoom {
  readonly limit: number;
  readonly #used: Int32Array;

  constructor(limit = Number.POSITIVE_INFINITY, counter = sharedCounter()) {
    this.limit = limit;
    this.#used = new Int32Array(counter);
  }

  /** Takes so many bytes; false where they are not to be had, and then none are taken. */
  take(bytes: number): boolean {
    const blocks = Math.ceil(bytes / blockBytes);
    const used = Atomics.add(this.#used, 0, blocks) + blocks;
    if (used * blockBytes <= this.limit) return true;
    Atomics.sub(this.#used, 0, blocks);
    return false;
  }

  /** Gives back what one `take` took. */
  give(bytes: number): void {
    Atomics.sub(this.#used, 0, Math.ceil(bytes / blockBytes));
  }
}
