import { isBlank, isFieldByte, tokenBytes } from './header-bytes.ts';
import { acceptsInStatusLine } from './status-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const COLON = 0x3a;

/** The part of a line that the bytes have come to: of a status line up to its reason, or of a field. */
type Place = 'statusLine' | 'reason' | 'lineStart' | 'name' | 'value' | 'lf' | 'end';

/**
 * A line of a header block that came in several pieces. Each piece is checked as it comes, so that a bad line is known
 * for one as early as a line in one piece is, and no byte is looked at again before the line is whole.
 */
export class PartialLine {
  length = 0;
  bytes: Buffer = Buffer.alloc(0);
  #place: Place = 'lineStart';
  /** A field goes on in the next line where that begins with a blank (RFC 9112, section 5.2). */
  #foldable = false;

  /** Drops what was gathered, and gets ready for another line. */
  begin(): void {
    this.length = 0;
  }

  /** Whether the line is whole, given the byte that follows; undefined where none has come yet. */
  isWhole(following: number | undefined): boolean {
    if (this.#place !== 'end') return false;
    return !this.#foldable || (following !== undefined && !isBlank(following));
  }

  /** Adds a piece; false where no line can begin so. */
  append(bytes: Buffer, start: number, end: number, isStatusLine: boolean): boolean {
    const before = this.length;
    if (before === 0) {
      this.#place = isStatusLine ? 'statusLine' : 'lineStart';
      this.#foldable = false;
    }
    const length = before + end - start;
    if (this.bytes.length < length) {
      const larger = Buffer.allocUnsafe(Math.max(512, 2 * length));
      this.bytes.copy(larger, 0, 0, before);
      this.bytes = larger;
    }
    bytes.copy(this.bytes, before, start, end);
    this.length = length;
    for (let at = before; at < length; at += 1) {
      if (!this.#accepts(this.bytes[at] as number, at)) return false;
    }
    return true;
  }

  #accepts(byte: number, offset: number): boolean {
    switch (this.#place) {
      case 'statusLine':
        if (offset === 0 && byte === CR) {
          this.#place = 'lf';
          return true;
        }
        if (offset < 12) return acceptsInStatusLine(byte, offset);
        if (byte !== SP && byte !== CR) return false;
        this.#place = byte === CR ? 'lf' : 'reason';
        return true;
      case 'lineStart':
        if (byte === CR) this.#place = 'lf';
        else this.#place = 'name';
        return byte === CR || tokenBytes[byte] === 1;
      case 'name':
        if (byte === COLON) {
          this.#place = 'value';
          this.#foldable = true;
        }
        return byte === COLON || tokenBytes[byte] === 1;
      case 'reason':
      case 'value':
        if (byte === CR) this.#place = 'lf';
        return byte === CR || isFieldByte(byte);
      case 'lf':
        this.#place = 'end';
        return byte === LF;
      case 'end':
        this.#place = 'value';
        return this.#foldable && isBlank(byte);
    }
  }
}
