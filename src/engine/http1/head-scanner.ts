import { isDigit, isFieldByte, spells, tokenBytes } from './header-bytes.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const HTAB = 0x09;
const COLON = 0x3a;

/** The longest status line and header block together; a longer one is malformed. */
export const maxHeaderBytes = 65_536;
const statusLineStart = 'HTTP/1.';
/** `HTTP/1.1 200` and what follows it. */
const leastStatusLine = 13;

type State = 'statusLine' | 'fields' | 'trailers' | 'done' | 'malformed';

/**
 * Reads status line and header fields (RFC 9112, sections 4 and 5) and understands those that decide how an answer is
 * delimited. Each byte is looked at once, unless the bytes end within a line, which is then gathered until it is whole.
 */
export class HeadScanner {
  status = 0;
  keepAlive = true;
  /** What `Keep-Alive: timeout=` promises, in seconds; -1 without one. */
  keepAliveSeconds = -1;
  /** -1 without one. */
  contentLength = -1;
  chunked = false;
  /** A transfer coding other than chunked comes last: the body ends with the connection. */
  otherCoding = false;
  /** Where the request id stands in the bytes of the latest `scan`; empty where start = end. */
  requestIdStart = 0;
  requestIdEnd = 0;
  fault = '';
  #state: State = 'statusLine';
  #minorVersion = 1;
  #length = 0;
  #carry: Buffer | null = null;
  #carryLength = 0;

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
    this.#carryLength = 0;
  }

  /** Gets ready for the trailers behind the last chunk. */
  beginTrailers(): void {
    this.#state = 'trailers';
    this.#length = 0;
  }

  /** Reads on; answers where it stopped: `end`, or just behind the empty line, or where it is malformed. */
  scan(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#state !== 'done' && this.#state !== 'malformed') {
      at = this.#carryLength === 0 ? this.#scanInPlace(bytes, at, end) : this.#scanGathered(bytes, at, end);
    }
    return at;
  }

  #scanInPlace(bytes: Buffer, at: number, end: number): number {
    const next = this.#readLine(bytes, at, end, true);
    if (next < 0) {
      this.#gather(bytes, at, end);
      return end;
    }
    this.#length += next - at;
    if (this.#length > maxHeaderBytes) this.#fail(`header block over ${maxHeaderBytes} bytes`);
    return next;
  }

  #scanGathered(bytes: Buffer, at: number, end: number): number {
    let lineEnd = at;
    while (lineEnd < end && bytes[lineEnd] !== LF) lineEnd += 1;
    const whole = lineEnd < end;
    const next = whole ? lineEnd + 1 : end;
    this.#gather(bytes, at, next);
    if (!whole || !this.#carry || this.malformed) return next;
    const length = this.#carryLength;
    this.#carryLength = 0;
    this.#length += length;
    this.#readLine(this.#carry, 0, length, false);
    return next;
  }

  #gather(bytes: Buffer, start: number, end: number): void {
    const length = this.#carryLength + end - start;
    if (this.#length + length > maxHeaderBytes) {
      return this.#fail(`header block over ${maxHeaderBytes} bytes`);
    }
    if (!this.#carry || this.#carry.length < length) {
      const larger = Buffer.allocUnsafe(Math.max(512, 2 * length));
      this.#carry?.copy(larger, 0, 0, this.#carryLength);
      this.#carry = larger;
    }
    bytes.copy(this.#carry, this.#carryLength, start, end);
    this.#carryLength = length;
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
    const malformed = 'malformed status line';
    const known = Math.min(end, at + statusLineStart.length);
    for (let byte = at; byte < known; byte += 1) {
      if (bytes[byte] !== statusLineStart.charCodeAt(byte - at)) this.#fail(malformed);
    }
    if (end - at < leastStatusLine) {
      if (bytes.subarray(at, end).includes(LF)) this.#fail(malformed);
      return -1;
    }
    const minor = bytes[at + 7] as number;
    const hundreds = bytes[at + 9] as number;
    const tens = bytes[at + 10] as number;
    const ones = bytes[at + 11] as number;
    const behind = bytes[at + 12];
    const wellFormed =
      (minor === 0x30 || minor === 0x31) &&
      bytes[at + 8] === SP &&
      isDigit(hundreds) &&
      hundreds !== 0x30 &&
      isDigit(tens) &&
      isDigit(ones) &&
      (behind === SP || behind === CR);
    let byte = at + 12;
    while (byte < end && isFieldByte(bytes[byte] as number)) byte += 1;
    if (!wellFormed || (byte < end && bytes[byte] !== CR)) this.#fail(malformed);
    if (byte + 1 >= end) return -1;
    if (bytes[byte + 1] !== LF) this.#fail(malformed);
    this.status = (hundreds - 0x30) * 100 + (tens - 0x30) * 10 + ones - 0x30;
    this.#minorVersion = minor - 0x30;
    this.keepAlive = minor === 0x31;
    if (!this.malformed) this.#state = 'fields';
    return byte + 2;
  }

  #readField(bytes: Buffer, at: number, end: number, inPlace: boolean): number {
    const malformed = 'malformed header';
    if (bytes[at] === CR) {
      if (at + 1 >= end) return -1;
      if (bytes[at + 1] === LF) this.#state = 'done';
      else this.#fail(malformed);
      return at + 2;
    }
    let colon = at;
    while (colon < end && tokenBytes[bytes[colon] as number] === 1) colon += 1;
    if (colon === end) return -1;
    if (bytes[colon] !== COLON || colon === at) this.#fail(malformed);
    let start = colon + 1;
    while (start < end && isBlank(bytes[start])) start += 1;
    let stop = start;
    while (stop < end && isFieldByte(bytes[stop] as number)) stop += 1;
    if (stop < end && bytes[stop] !== CR) this.#fail(malformed);
    if (stop + 1 >= end) return -1;
    if (bytes[stop + 1] !== LF) this.#fail(malformed);
    let valueEnd = stop;
    while (valueEnd > start && isBlank(bytes[valueEnd - 1])) valueEnd -= 1;
    if (this.#state === 'fields') this.#understand(bytes, at, colon, start, valueEnd, inPlace);
    return stop + 2;
  }

  /** Takes note of the few fields that matter, told apart by length before they are spelled out. */
  #understand(bytes: Buffer, at: number, colon: number, start: number, end: number, inPlace: boolean): void {
    const value = () => bytes.toString('latin1', start, end).toLowerCase();
    switch (colon - at) {
      case 10:
        if (spells(bytes, at, 'connection')) this.#readConnection(bytes, start, end);
        else if (spells(bytes, at, 'keep-alive')) this.#readKeepAlive(value());
        break;
      case 11:
      case 12:
        if (inPlace && (spells(bytes, at, 'traceparent') || spells(bytes, at, 'x-request-id'))) {
          this.requestIdStart = start;
          this.requestIdEnd = end;
        }
        break;
      case 14:
        if (spells(bytes, at, 'content-length')) this.#readContentLength(bytes, start, end);
        break;
      case 17:
        if (spells(bytes, at, 'transfer-encoding')) this.#readCodings(value());
        break;
    }
  }

  #readConnection(bytes: Buffer, start: number, end: number): void {
    // By far the most frequent value, and in HTTP/1.1 without meaning: told apart before any text is made of it.
    if (end - start === 10 && this.#minorVersion === 1 && spells(bytes, start, 'keep-alive')) return;
    for (const option of bytes.toString('latin1', start, end).toLowerCase().split(',')) {
      const name = option.trim();
      if (name === 'close') this.keepAlive = false;
      else if (name === 'keep-alive' && this.#minorVersion === 0) this.keepAlive = true;
    }
  }

  #readKeepAlive(value: string): void {
    const timeout = /(?:^|[\s,])timeout\s*=\s*(\d{1,9})/.exec(value);
    if (timeout) this.keepAliveSeconds = Number(timeout[1]);
  }

  #readContentLength(bytes: Buffer, start: number, end: number): void {
    // Fifteen digits stay within the integers that a number holds exactly.
    if (start === end || end - start > 15) return this.#fail('malformed content-length');
    let length = 0;
    for (let at = start; at < end; at += 1) {
      if (!isDigit(bytes[at])) return this.#fail('malformed content-length');
      length = length * 10 + (bytes[at] as number) - 0x30;
    }
    if (this.contentLength >= 0 && this.contentLength !== length) return this.#fail('two content-lengths');
    this.contentLength = length;
  }

  #readCodings(value: string): void {
    this.chunked = value.split(',').at(-1)?.trim() === 'chunked';
    this.otherCoding = !this.chunked;
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === SP || byte === HTAB;
}
