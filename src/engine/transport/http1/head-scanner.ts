import { unfolded } from './field-values.ts';
import { HeadMemo } from './head-memo.ts';
import { HeadReading } from './head-reading.ts';
import { isBlank, isFieldByte, tokenBytes } from './header-bytes.ts';
import { PartialLine } from './partial-line.ts';
import { quotedLine } from './quoted-line.ts';
import { beginsHttp2, beginsStatusLine, leastStatusLine, statusIn } from './status-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;

/** The longest status line and header block together; a longer one is malformed. */
export const maxHeaderBytes = 65_536;
const malformedStatusLine = 'malformed status line';
const malformedHeader = 'malformed header';
const onlyHttp2 =
  'the server speaks HTTP/2 only, and answers with frames of it: set `protocol: http2` (--http2)';
const headerTooLong = `header block over ${maxHeaderBytes} bytes`;

/** A thread's loop has one target, whose heads are much alike on all its connections. */
const memo = new HeadMemo();

type State = 'statusLine' | 'fields' | 'trailers' | 'done' | 'malformed';

/**
 * Reads status line and header fields (RFC 9112, sections 4 and 5) and understands those that decide how an answer is
 * delimited. Each byte is looked at once, unless the bytes end within a line, which is then gathered until it is whole;
 * a head that is the same as the one before is not read again.
 */
export class HeadScanner extends HeadReading {
  fault = '';
  #state: State = 'statusLine';
  #length = 0;
  readonly #partial = new PartialLine();

  get done(): boolean {
    return this.#state === 'done';
  }

  get malformed(): boolean {
    return this.#state === 'malformed';
  }

  /** Gets ready for a status line. */
  begin(): void {
    this.#state = 'statusLine';
    this.reset();
    this.#length = 0;
    this.#partial.begin();
  }

  /** Gets ready for the trailers behind the last chunk. */
  beginTrailers(): void {
    this.#state = 'trailers';
    this.#length = 0;
  }

  /** Reads on; answers where it stopped: `end`, or just behind the empty line, or where it is malformed. */
  scan(bytes: Buffer, start: number, end: number): number {
    const isWhole = start === 0 && this.#state === 'statusLine' && this.#partial.length === 0;
    const known = isWhole ? memo.recall(bytes, end, this) : 0;
    if (known > 0) this.#state = 'done';
    const next = known > 0 ? known : this.#scan(bytes, start, end);
    if (isWhole && known === 0 && this.done) memo.learn(bytes, next, this);
    return next;
  }

  #scan(bytes: Buffer, start: number, end: number): number {
    let at = this.#partial.length === 0 ? start : this.#scanOn(bytes, start, end);
    const from = at;
    while (at < end && this.#state !== 'done' && this.#state !== 'malformed') {
      const next = this.#readLine(bytes, at, end, true);
      if (next < 0) {
        this.#count(at - from);
        this.#gather(bytes, at, end);
        return end;
      }
      at = next;
    }
    this.#count(at - from);
    return at;
  }

  /** Goes on with a line of which a part came before; where what follows decides whether it is whole, that is awaited. */
  #scanOn(bytes: Buffer, start: number, end: number): number {
    const partial = this.#partial;
    let at = start;
    while (at < end && !partial.isWhole(bytes[at])) {
      let next = at;
      while (next < end && bytes[next] !== LF) next += 1;
      next = Math.min(next + 1, end);
      this.#gather(bytes, at, next);
      if (this.malformed) return next;
      at = next;
    }
    if (!partial.isWhole(at < end ? bytes[at] : undefined)) return at;
    const { length } = partial;
    this.#readLine(partial.bytes, 0, length, false);
    this.#count(length);
    partial.begin();
    return at;
  }

  #gather(bytes: Buffer, start: number, end: number): void {
    const isStatusLine = this.#state === 'statusLine';
    const partial = this.#partial;
    if (!partial.append(bytes, start, end, isStatusLine)) {
      this.#failAt(partial.bytes, 0, partial.length);
    } else if (this.#length + partial.length > maxHeaderBytes) {
      this.#fail(headerTooLong);
    }
  }

  #count(length: number): void {
    this.#length += length;
    if (this.#length > maxHeaderBytes && !this.malformed) this.#fail(headerTooLong);
  }

  #fail(fault: string): void {
    this.fault = fault;
    this.#state = 'malformed';
  }

  /** Quotes the line that is no status line, or no field. */
  #failAt(bytes: Buffer, at: number, end: number): void {
    const isStatusLine = this.#state === 'statusLine';
    if (this.malformed) return;
    if (isStatusLine && beginsHttp2(bytes, at, end)) this.#fail(onlyHttp2);
    else this.#fail(`${isStatusLine ? malformedStatusLine : malformedHeader}: ${quotedLine(bytes, at, end)}`);
  }

  /** Answers the offset behind the line, `end` where it is malformed, or -1 where the bytes end before its LF. */
  #readLine(bytes: Buffer, at: number, end: number, inPlace: boolean): number {
    const next =
      this.#state === 'statusLine'
        ? this.#readStatusLine(bytes, at, end)
        : this.#readField(bytes, at, end, inPlace);
    return this.malformed ? end : next;
  }

  #readStatusLine(bytes: Buffer, at: number, end: number): number {
    if (bytes[at] === CR) {
      // Some servers end an answer's body with a line end too many. It is skipped here, as Node's parser does.
      if (at + 1 >= end) return -1;
      if (bytes[at + 1] !== LF) this.#failAt(bytes, at, end);
      return at + 2;
    }
    if (end - at < leastStatusLine) return -1;
    let byte = at + 12;
    while (byte < end && isFieldByte(bytes[byte] as number)) byte += 1;
    if (!beginsStatusLine(bytes, at) || (byte < end && bytes[byte] !== CR)) this.#failAt(bytes, at, end);
    if (byte + 1 >= end) return -1;
    if (bytes[byte + 1] !== LF) this.#failAt(bytes, at, end);
    if (this.malformed) return end;
    this.startsWith(statusIn(bytes, at), bytes[at + 7] === 0x30);
    this.#state = 'fields';
    return byte + 2;
  }

  #readField(bytes: Buffer, at: number, end: number, inPlace: boolean): number {
    if (bytes[at] === CR) {
      if (at + 1 >= end) return -1;
      if (bytes[at + 1] === LF) this.#end();
      else this.#failAt(bytes, at, end);
      return at + 2;
    }
    let colon = at;
    while (colon < end && tokenBytes[bytes[colon] as number] === 1) colon += 1;
    if (colon === end) return -1;
    if (bytes[colon] !== COLON || colon === at) this.#failAt(bytes, at, end);
    let start = colon + 1;
    while (start < end && isBlank(bytes[start])) start += 1;
    let stop = this.#endOfText(bytes, at, start, end);
    if (stop < 0) return -1;
    const isFolded = !this.malformed && isBlank(bytes[stop + 2]) && stop + 2 < end;
    while (!this.malformed && stop + 2 < end && isBlank(bytes[stop + 2])) {
      stop = this.#endOfText(bytes, at, stop + 2, end);
      if (stop < 0) return -1;
    }
    // Only the byte behind a line shows that the field does not go on.
    if (inPlace && stop + 2 >= end && !this.malformed) return -1;
    if (this.#state === 'fields') {
      const fault = isFolded
        ? this.understand(unfolded(bytes, at, stop), 0, colon - at, stop - at, false)
        : this.understand(bytes, at, colon, stop, inPlace);
      if (fault !== null) this.#fail(fault);
    }
    return stop + 2;
  }

  /** Where the text of a line ends; -1 where its line end has not come. */
  #endOfText(bytes: Buffer, at: number, start: number, end: number): number {
    let stop = start;
    while (stop < end && isFieldByte(bytes[stop] as number)) stop += 1;
    if (stop < end && bytes[stop] !== CR) this.#failAt(bytes, at, end);
    if (stop + 1 >= end) return -1;
    if (bytes[stop + 1] !== LF) this.#failAt(bytes, at, end);
    return stop;
  }

  #end(): void {
    if (this.#state === 'fields') this.concludes();
    this.#state = 'done';
  }
}
