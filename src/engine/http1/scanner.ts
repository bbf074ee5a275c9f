import { ChunkScanner } from './chunk-scanner.ts';
import { HeadScanner } from './head-scanner.ts';

type State = 'head' | 'fixedBody' | 'untilClose' | 'chunks' | 'trailers' | 'complete' | 'malformed';

/**
 * Reads HTTP/1.1 answers (RFC 9112) from bytes that come in pieces of any size. One scanner serves one connection,
 * answer after answer: `begin`, then `scan` until `complete` or `malformed`.
 */
export class ResponseScanner {
  /** Status and connection fields of the answer. */
  readonly head = new HeadScanner();
  /** The body's bytes where they are wanted; null where they are not kept. */
  body: Buffer[] | null = null;
  readonly #chunks = new ChunkScanner();
  #state: State = 'head';
  #headRequest = false;
  #remaining = 0;
  #bytes: Buffer = Buffer.alloc(0);

  get complete(): boolean {
    return this.#state === 'complete';
  }

  get malformed(): boolean {
    return this.#state === 'malformed';
  }

  /** What is wrong, once `malformed`. */
  get fault(): string {
    return this.head.fault || this.#chunks.fault;
  }

  /** Gets ready for the answer to the next request. */
  begin(headRequest: boolean, keepBody: boolean): void {
    this.#headRequest = headRequest;
    this.#state = 'head';
    this.body = keepBody ? [] : null;
    this.head.begin();
  }

  /** Reads on; answers where it stopped: `end`, or just behind a complete answer, or at what is malformed. */
  scan(bytes: Buffer, start: number, end: number): number {
    const { head } = this;
    head.requestIdStart = head.requestIdEnd = 0;
    let at = start;
    while (at < end) {
      switch (this.#state) {
        case 'head':
          at = head.scan(bytes, at, end);
          if (head.malformed) this.#state = 'malformed';
          else if (head.done) this.#beginBody();
          break;
        case 'fixedBody': {
          const taken = Math.min(this.#remaining, end - at);
          if (this.body) this.body.push(Buffer.from(bytes.subarray(at, at + taken)));
          at += taken;
          this.#remaining -= taken;
          if (this.#remaining === 0) this.#state = 'complete';
          break;
        }
        case 'untilClose':
          if (this.body) this.body.push(Buffer.from(bytes.subarray(at, end)));
          at = end;
          break;
        case 'chunks':
          this.#bytes = bytes;
          at = this.#chunks.scan(bytes, at, end, this.#keep);
          if (this.#chunks.malformed) this.#state = 'malformed';
          else if (this.#chunks.last) {
            head.beginTrailers();
            this.#state = 'trailers';
          }
          break;
        case 'trailers':
          at = head.scan(bytes, at, end);
          if (head.malformed) this.#state = 'malformed';
          else if (head.done) this.#state = 'complete';
          break;
        case 'complete':
        case 'malformed':
          return at;
      }
    }
    return at;
  }

  /** Tells the scanner that the server closed; true where that completes an answer delimited by close. */
  close(): boolean {
    if (this.#state === 'untilClose') this.#state = 'complete';
    return this.#state === 'complete';
  }

  /** The read buffer belongs to all connections and is written over by the next read: what is kept is copied. */
  readonly #keep = (start: number, end: number): void => {
    this.body?.push(Buffer.from(this.#bytes.subarray(start, end)));
  };

  /** Decides how the body is delimited (RFC 9112, section 6.3). */
  #beginBody(): void {
    const { head } = this;
    const { status } = head;
    if (status < 200 && status !== 101) {
      head.begin();
      return;
    }
    if (status === 101) head.keepAlive = false;
    if (this.#headRequest || status === 101 || status === 204 || status === 304) {
      this.#state = 'complete';
    } else if (head.chunked) {
      this.#beginChunks();
    } else if (head.contentLength >= 0 && !head.otherCoding) {
      this.#remaining = head.contentLength;
      this.#state = head.contentLength === 0 ? 'complete' : 'fixedBody';
    } else {
      head.keepAlive = false;
      this.#state = 'untilClose';
    }
  }

  #beginChunks(): void {
    if (this.head.contentLength >= 0) {
      // A length beside a chunked coding is the sign of an answer that was smuggled or mangled on its way.
      this.head.fault = 'both content-length and chunked';
      this.#state = 'malformed';
      return;
    }
    this.#chunks.begin();
    this.#state = 'chunks';
  }
}
