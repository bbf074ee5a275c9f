import type { BodyRoom } from './body-room.ts';

/** Behind the first piece, a body grows as it has grown so far, within these bounds: a promised length may never come. */
const smallestGrowth = 4_096;
const largestGrowth = 1_048_576;

/** A body or a head that is wanted whole, copied out of the read buffer piece by piece; of a room, where there is one. */
export class KeptBody {
  readonly #room: BodyRoom | null;
  readonly #blocks: Buffer[] = [];
  /** How much of the last block is used. */
  #filled = 0;
  #capacity = 0;
  #held = true;

  constructor(room: BodyRoom | null = null) {
    this.#room = room;
  }

  /** Keeps a piece; false where there is no room for it. */
  append(bytes: Buffer, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      let block = this.#blocks.at(-1);
      if (block === undefined || this.#filled === block.length) {
        block = this.#grow(end - at);
        if (block === undefined) return false;
      }
      const copied = bytes.copy(block, this.#filled, at, end);
      this.#filled += copied;
      at += copied;
    }
    return true;
  }

  /** Gives the room back; what was kept can still be read by whoever has it. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    for (const { length } of this.#blocks) this.#room?.give(length);
  }

  get content(): Buffer {
    const [first] = this.#blocks;
    if (first === undefined) return Buffer.alloc(0);
    if (this.#blocks.length === 1) return first.subarray(0, this.#filled);
    const last = this.#blocks.at(-1) as Buffer;
    return Buffer.concat([...this.#blocks.slice(0, -1), last.subarray(0, this.#filled)]);
  }

  /** Most bodies come in one piece, which then has a block of just its size. */
  #grow(piece: number): Buffer | undefined {
    const grown = Math.min(Math.max(this.#capacity, smallestGrowth), largestGrowth);
    const size = this.#capacity === 0 ? piece : Math.max(piece, grown);
    if (!this.#held || this.#room?.take(size) === false) return undefined;
    const block = Buffer.allocUnsafe(size);
    this.#blocks.push(block);
    this.#capacity += size;
    this.#filled = 0;
    return block;
  }
}

/** So much of a body that nothing reads is kept to be shown. */
const longestShown = 2_048;

/** The start of a body. */
export class BodyStart extends KeptBody {
  #left = longestShown;

  override append(bytes: Buffer, start: number, end: number): boolean {
    const taken = Math.min(end - start, this.#left);
    this.#left -= taken;
    return taken === 0 || super.append(bytes, start, start + taken);
  }
}
