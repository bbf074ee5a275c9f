import { isDigit, isFieldByte, tokenBytes } from './header-bytes.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const COLON = 0x3a;
const statusLineStart = 'HTTP/1.';

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

  /** Drops what was gathered, and gets ready for another line. */
  begin(): void {
    this.length = 0;
  }

  /** Adds a piece; false where no line can begin so. */
  append(bytes: Buffer, start: number, end: number, isStatusLine: boolean): boolean {
    if (this.length === 0) this.#place = isStatusLine ? 'statusLine' : 'lineStart';
    const length = this.length + end - start;
    if (this.bytes.length < length) {
      const larger = Buffer.allocUnsafe(Math.max(512, 2 * length));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    bytes.copy(this.bytes, this.length, start, end);
    for (let at = this.length; at < length; at += 1) {
      if (!this.#accepts(this.bytes[at] as number, at)) return false;
    }
    this.length = length;
    return true;
  }

  #accepts(byte: number, offset: number): boolean {
    switch (this.#place) {
      case 'statusLine':
        if (offset < 12) return acceptsInStatusLine(byte, offset);
        if (byte !== SP && byte !== CR) return false;
        this.#place = byte === CR ? 'lf' : 'reason';
        return true;
      case 'lineStart':
        if (byte === CR) this.#place = 'lf';
        else this.#place = 'name';
        return byte === CR || tokenBytes[byte] === 1;
      case 'name':
        if (byte === COLON) this.#place = 'value';
        return byte === COLON || tokenBytes[byte] === 1;
      case 'reason':
      case 'value':
        if (byte === CR) this.#place = 'lf';
        return byte === CR || isFieldByte(byte);
      case 'lf':
        this.#place = 'end';
        return byte === LF;
      case 'end':
        return false;
    }
  }
}

/** `HTTP/1.0 ` or `HTTP/1.1 ` and a status from 100. */
function acceptsInStatusLine(byte: number, offset: number): boolean {
  if (offset < statusLineStart.length) return byte === statusLineStart.charCodeAt(offset);
  if (offset === 7) return byte === 0x30 || byte === 0x31;
  if (offset === 8) return byte === SP;
  return isDigit(byte) && (offset > 9 || byte !== 0x30);
}
