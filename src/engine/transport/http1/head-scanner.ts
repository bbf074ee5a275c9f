import { declaredLength, endsChunked, listed, promisedSeconds } from './field-values.ts';
import { type HeadFields, HeadMemo } from './head-memo.ts';
import { isBlank, isDigit, isFieldByte, spells, tokenBytes } from './header-bytes.ts';
import { PartialLine } from './partial-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const COLON = 0x3a;

/** The longest status line and header block together; a longer one is malformed. */
export const maxHeaderBytes = 65_536;
const statusLineStart = Buffer.from('HTTP/1.');
/** `HTTP/1.1 200` and what follows it. */
const leastStatusLine = 13;
const malformedStatusLine = 'malformed status line';
const malformedHeader = 'malformed header';
const headerTooLong = `header block over ${maxHeaderBytes} bytes`;

const connection = Buffer.from('connection');
const contentLength = Buffer.from('content-length');
const keepAlive = Buffer.from('keep-alive');
const traceparent = Buffer.from('traceparent');
const transferEncoding = Buffer.from('transfer-encoding');
const xRequestId = Buffer.from('x-request-id');

/** A thread's loop has one target, whose heads are much alike on all its connections. */
const memo = new HeadMemo();

type State = 'statusLine' | 'fields' | 'trailers' | 'done' | 'malformed';

/**
 * Reads status line and header fields (RFC 9112, sections 4 and 5) and understands those that decide how an answer is
 * delimited. Each byte is looked at once, unless the bytes end within a line, which is then gathered until it is whole;
 * a head that is the same as the one before is not read again.
 */
export class HeadScanner implements HeadFields {
  status = 0;
  keepAlive = true;
  keepAliveSeconds = -1;
  contentLength = -1;
  chunked = false;
  otherCoding = false;
  requestIdStart = 0;
  requestIdEnd = 0;
  fault = '';
  #state: State = 'statusLine';
  #minorVersion = 1;
  #length = 0;
  #closes = false;
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
    this.status = 0;
    this.keepAlive = true;
    this.keepAliveSeconds = -1;
    this.contentLength = -1;
    this.chunked = false;
    this.otherCoding = false;
    this.#length = 0;
    this.#closes = false;
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

  /** Goes on with a line of which a part came before. */
  #scanOn(bytes: Buffer, at: number, end: number): number {
    let lineEnd = at;
    while (lineEnd < end && bytes[lineEnd] !== LF) lineEnd += 1;
    const whole = lineEnd < end;
    const next = whole ? lineEnd + 1 : end;
    this.#gather(bytes, at, next);
    if (!whole || this.malformed) return next;
    const partial = this.#partial;
    const { length } = partial;
    this.#readLine(partial.bytes, 0, length, false);
    this.#count(length);
    partial.begin();
    return next;
  }

  #gather(bytes: Buffer, start: number, end: number): void {
    const isStatusLine = this.#state === 'statusLine';
    if (!this.#partial.append(bytes, start, end, isStatusLine)) {
      this.#fail(isStatusLine ? malformedStatusLine : malformedHeader);
    } else if (this.#length + this.#partial.length > maxHeaderBytes) {
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

  /** Answers the offset behind the line, `end` where it is malformed, or -1 where the bytes end before its LF. */
  #readLine(bytes: Buffer, at: number, end: number, inPlace: boolean): number {
    const next =
      this.#state === 'statusLine'
        ? this.#readStatusLine(bytes, at, end)
        : this.#readField(bytes, at, end, inPlace);
    return this.malformed ? end : next;
  }

  #readStatusLine(bytes: Buffer, at: number, end: number): number {
    if (end - at < leastStatusLine) return -1;
    for (let index = 0; index < statusLineStart.length; index += 1) {
      if (bytes[at + index] !== statusLineStart[index]) this.#fail(malformedStatusLine);
    }
    const minor = bytes[at + 7] as number;
    const hundreds = bytes[at + 9] as number;
    const tens = bytes[at + 10] as number;
    const ones = bytes[at + 11] as number;
    const wellFormed =
      (minor === 0x30 || minor === 0x31) &&
      bytes[at + 8] === SP &&
      isDigit(hundreds) &&
      hundreds !== 0x30 &&
      isDigit(tens) &&
      isDigit(ones) &&
      (bytes[at + 12] === SP || bytes[at + 12] === CR);
    let byte = at + 12;
    while (byte < end && isFieldByte(bytes[byte] as number)) byte += 1;
    if (!wellFormed || (byte < end && bytes[byte] !== CR)) this.#fail(malformedStatusLine);
    if (byte + 1 >= end) return -1;
    if (bytes[byte + 1] !== LF) this.#fail(malformedStatusLine);
    if (this.malformed) return end;
    this.status = (hundreds - 0x30) * 100 + (tens - 0x30) * 10 + ones - 0x30;
    this.#minorVersion = minor - 0x30;
    this.keepAlive = minor === 0x31;
    this.#state = 'fields';
    return byte + 2;
  }

  #readField(bytes: Buffer, at: number, end: number, inPlace: boolean): number {
    if (bytes[at] === CR) {
      if (at + 1 >= end) return -1;
      if (bytes[at + 1] === LF) this.#state = 'done';
      else this.#fail(malformedHeader);
      return at + 2;
    }
    let colon = at;
    while (colon < end && tokenBytes[bytes[colon] as number] === 1) colon += 1;
    if (colon === end) return -1;
    if (bytes[colon] !== COLON || colon === at) this.#fail(malformedHeader);
    let start = colon + 1;
    while (start < end && isBlank(bytes[start])) start += 1;
    let stop = start;
    while (stop < end && isFieldByte(bytes[stop] as number)) stop += 1;
    if (stop < end && bytes[stop] !== CR) this.#fail(malformedHeader);
    if (stop + 1 >= end) return -1;
    if (bytes[stop + 1] !== LF) this.#fail(malformedHeader);
    let valueEnd = stop;
    while (valueEnd > start && isBlank(bytes[valueEnd - 1])) valueEnd -= 1;
    if (this.#state === 'fields') this.#understand(bytes, at, colon, start, valueEnd, inPlace);
    return stop + 2;
  }

  /** Takes note of the few fields that matter, told apart by length before they are spelled out. */
  #understand(bytes: Buffer, at: number, colon: number, start: number, end: number, inPlace: boolean): void {
    switch (colon - at) {
      case 10:
        if (spells(bytes, at, connection)) this.#readConnection(bytes, start, end);
        else if (spells(bytes, at, keepAlive)) this.keepAliveSeconds = promisedSeconds(bytes, start, end);
        break;
      case 11:
      case 12:
        if (inPlace && (spells(bytes, at, traceparent) || spells(bytes, at, xRequestId))) {
          this.requestIdStart = start;
          this.requestIdEnd = end;
        }
        break;
      case 14:
        if (spells(bytes, at, contentLength)) this.#readContentLength(bytes, start, end);
        break;
      case 17:
        if (spells(bytes, at, transferEncoding)) this.#readCodings(bytes, start, end);
        break;
    }
  }

  #readConnection(bytes: Buffer, start: number, end: number): void {
    // By far the most frequent value, and in HTTP/1.1 without meaning: told apart before any text is made of it.
    if (end - start === 10 && this.#minorVersion === 1 && spells(bytes, start, keepAlive)) return;
    const options = listed(bytes, start, end);
    if (options.includes('close')) this.#closes = true;
    if (options.includes('keep-alive')) this.keepAlive = true;
    if (this.#closes) this.keepAlive = false;
  }

  #readContentLength(bytes: Buffer, start: number, end: number): void {
    const length = declaredLength(bytes, start, end);
    if (!Number.isSafeInteger(length)) return this.#fail('malformed content-length');
    if (this.contentLength >= 0 && this.contentLength !== length) return this.#fail('two content-lengths');
    this.contentLength = length;
  }

  #readCodings(bytes: Buffer, start: number, end: number): void {
    if (start === end) return this.#fail('empty transfer-encoding');
    this.chunked = endsChunked(bytes, start, end);
    this.otherCoding = !this.chunked;
  }
}
