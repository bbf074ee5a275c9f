/** A body that is wanted whole, copied out of the read buffer piece by piece into one buffer that doubles. */
export class KeptBody {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  append(bytes: Buffer, start: number, end: number): void {
    const length = this.#length + end - start;
    if (this.#bytes.length < length) {
      // Most bodies come in one piece, which then has a buffer of just its size.
      const larger = Buffer.allocUnsafe(this.#length === 0 ? length : 2 * length);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, this.#length, start, end);
    this.#length = length;
  }

  get content(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
