import {
  allowsNoMore,
  declaredLength,
  endsChunked,
  isEmptyList,
  listedOptions,
  promisedSeconds,
} from './field-values.ts';
import type { HeadFields } from './head-memo.ts';
import { isBlank, spells } from './header-bytes.ts';
import { quotedLine } from './quoted-line.ts';

const connection = Buffer.from('connection');
const contentLength = Buffer.from('content-length');
const keepAlive = Buffer.from('keep-alive');
const traceparent = Buffer.from('traceparent');
const transferEncoding = Buffer.from('transfer-encoding');
const xRequestId = Buffer.from('x-request-id');

/** What the lines of a head say, of how an answer is delimited and whether its connection lasts. */
export class HeadReading implements HeadFields {
  status = 0;
  keepAlive = true;
  keepAliveSeconds = -1;
  contentLength = -1;
  chunked = false;
  otherCoding = false;
  requestIdStart = 0;
  requestIdEnd = 0;
  /** HTTP/1.0; every later minor version is read as HTTP/1.1 (RFC 9110, section 2.5). */
  #isFirstVersion = false;
  #closes = false;

  /** Forgets the head before. */
  protected reset(): void {
    this.status = 0;
    this.keepAlive = true;
    this.keepAliveSeconds = -1;
    this.contentLength = -1;
    this.chunked = false;
    this.otherCoding = false;
    this.#closes = false;
  }

  protected startsWith(status: number, isFirstVersion: boolean): void {
    this.status = status;
    this.#isFirstVersion = isFirstVersion;
    this.keepAlive = !isFirstVersion;
  }

  /**
   * Takes note of a field between `at` and `stop` if it is one of the few that matter, told apart by length before they
   * are spelled out; answers what is wrong with it, or null.
   */
  protected understand(
    bytes: Buffer,
    at: number,
    colon: number,
    stop: number,
    inPlace: boolean,
  ): string | null {
    const length = colon - at;
    if (length < 10 || length > 17) return null;
    let start = colon + 1;
    while (start < stop && isBlank(bytes[start])) start += 1;
    let end = stop;
    while (end > start && isBlank(bytes[end - 1])) end -= 1;
    switch (length) {
      case 10:
        if (spells(bytes, at, connection)) this.#readConnection(bytes, start, end);
        else if (spells(bytes, at, keepAlive)) this.#readKeepAlive(bytes, start, end);
        return null;
      case 11:
      case 12:
        if (inPlace && (spells(bytes, at, traceparent) || spells(bytes, at, xRequestId))) {
          this.requestIdStart = start;
          this.requestIdEnd = end;
        }
        return null;
      case 14:
        return spells(bytes, at, contentLength) ? this.#readContentLength(bytes, at, start, end) : null;
      case 17:
        return spells(bytes, at, transferEncoding) ? this.#readCodings(bytes, start, end) : null;
    }
    return null;
  }

  /** The header block has ended. */
  protected concludes(): void {
    // Chunks are unknown to HTTP/1.0, so whoever stands between may have framed them otherwise (RFC 9112, section 6.1).
    if (this.#isFirstVersion && this.chunked) this.keepAlive = false;
  }

  #readConnection(bytes: Buffer, start: number, end: number): void {
    // By far the most frequent value, and in HTTP/1.1 without meaning: told apart before any text is made of it.
    if (end - start === 10 && !this.#isFirstVersion && spells(bytes, start, keepAlive)) return;
    const options = listedOptions(bytes, start, end);
    if (options.includes('close')) this.#closes = true;
    if (options.includes('keep-alive')) this.keepAlive = true;
    if (this.#closes) this.keepAlive = false;
  }

  #readKeepAlive(bytes: Buffer, start: number, end: number): void {
    this.keepAliveSeconds = promisedSeconds(bytes, start, end);
    if (!allowsNoMore(bytes, start, end)) return;
    this.#closes = true;
    this.keepAlive = false;
  }

  #readContentLength(bytes: Buffer, at: number, start: number, end: number): string | null {
    const length = declaredLength(bytes, start, end);
    if (!Number.isSafeInteger(length)) return `malformed content-length: ${quotedLine(bytes, at, end)}`;
    if (this.contentLength >= 0 && this.contentLength !== length) {
      return `two content-lengths: ${this.contentLength} and ${length}`;
    }
    this.contentLength = length;
    return null;
  }

  #readCodings(bytes: Buffer, start: number, end: number): string | null {
    if (isEmptyList(bytes, start, end)) return 'empty transfer-encoding';
    this.chunked = endsChunked(bytes, start, end);
    this.otherCoding = !this.chunked;
    return null;
  }
}
