import type { BodyReader } from './body-reader.ts';
import type { BodyRoom } from './body-room.ts';
import { ChunkScanner } from './chunk-scanner.ts';
import { HeadScanner } from './head-scanner.ts';
import { BodyStart, KeptBody } from './kept-body.ts';
import { KeptHead } from './kept-head.ts';

type State =
  | 'head'
  | 'fixedBody'
  | 'untilClose'
  | 'chunks'
  | 'trailers'
  | 'complete'
  | 'malformed'
  | 'noRoom';

/** Of which answers the head is kept. */
export type KeptHeads = 'none' | 'asked' | 'all';

/** The longest answer, in bytes, whose body is kept though nobody needs it. */
const longestOptional = 65_536;

/**
 * Reads HTTP/1.1 answers (RFC 9112) from bytes that come in pieces of any size. One scanner serves one connection,
 * answer after answer: `begin`, then `scan` until `complete`, `malformed` or `lacksRoom`.
 */
export class ResponseScanner {
  /** Status and connection fields of the answer. */
  readonly head: HeadScanner;
  readonly #chunks = new ChunkScanner();
  readonly #maxResponse: number;
  readonly #keepsHeads: KeptHeads;
  readonly #keptHead: KeptHead | null;
  #state: State = 'head';
  #fault = '';
  #headRequest = false;
  #remaining = 0;
  #received = 0;
  readonly #room: BodyRoom | null;
  #kept: KeptBody | null = null;
  #isOptional = false;
  #reader: BodyReader | null = null;
  #bytes: Buffer = Buffer.alloc(0);

  /** An answer of more bytes than `maxResponse`, header and body, is malformed; a body that is kept takes of the room. */
  constructor(
    maxResponse = Number.POSITIVE_INFINITY,
    keepsHeads: KeptHeads = 'none',
    room: BodyRoom | null = null,
  ) {
    this.#maxResponse = maxResponse;
    this.#room = room;
    this.#keepsHeads = keepsHeads;
    this.#keptHead = keepsHeads === 'none' ? null : new KeptHead();
    this.head = this.#keptHead ?? new HeadScanner();
  }

  get complete(): boolean {
    return this.#state === 'complete';
  }

  get malformed(): boolean {
    return this.#state === 'malformed';
  }

  /** There is no room for a body that is to be kept, or its reader cannot go on. */
  get lacksRoom(): boolean {
    return this.#state === 'noRoom';
  }

  /** What is wrong, once `malformed` or `lacksRoom`. */
  get fault(): string {
    return this.#fault;
  }

  /** The body where it was to be kept, as far as it has come; else null. */
  get body(): Buffer | null {
    return this.#kept?.content ?? null;
  }

  /** Whether the head of the answer is kept. */
  get keepsHead(): boolean {
    return this.#keptHead?.keeps === true;
  }

  /** Hands the body over, where it was kept, and lets go of it. */
  takeBody(): Buffer | null {
    const { body } = this;
    this.release();
    return body;
  }

  /** Lets go of the body. */
  release(): void {
    this.#kept?.release();
    this.#kept = null;
    this.#reader?.release();
    this.#reader = null;
  }

  /** Status line and header fields where they are kept; else empty. */
  get headText(): string {
    return this.#keptHead?.text ?? '';
  }

  /**
   * Gets ready for the answer to the next request; a body that is optional is kept only where it is small. The head is kept
   * beside a body, and where it is asked for. The body is handed to a reader as it comes, where there is one.
   */
  begin(
    headRequest: boolean,
    keepBody: boolean,
    isOptional = false,
    keepHead = keepBody,
    reader: BodyReader | null = null,
  ): void {
    this.#reader = reader;
    this.#headRequest = headRequest;
    this.#state = 'head';
    this.#received = 0;
    this.#kept?.release();
    this.#isOptional = isOptional;
    this.#kept = keepBody ? new KeptBody(isOptional ? null : this.#room) : null;
    if (this.#keptHead !== null) this.#keptHead.keeps = keepHead || keepBody || this.#keepsHeads === 'all';
    this.head.begin();
  }

  /** Reads on; answers where it stopped: `end`, or just behind a complete answer, or at what is malformed. */
  scan(bytes: Buffer, start: number, end: number): number {
    const { head } = this;
    head.requestIdStart = head.requestIdEnd = 0;
    let at = start;
    while (at < end && !this.complete && !this.malformed && !this.lacksRoom)
      at = this.#scanPart(bytes, at, end);
    this.#received += at - start;
    if (this.#received > this.#maxResponse && !this.malformed && !this.lacksRoom) {
      this.#fail(`answer over ${this.#maxResponse} bytes (maxResponse)`);
    }
    return at;
  }

  #scanPart(bytes: Buffer, at: number, end: number): number {
    const { head } = this;
    switch (this.#state) {
      case 'head': {
        const next = head.scan(bytes, at, end);
        if (head.malformed) this.#fail(head.fault);
        else if (head.done) this.#beginBody();
        return next;
      }
      case 'fixedBody': {
        const next = at + Math.min(this.#remaining, end - at);
        this.#remaining -= next - at;
        if (this.#remaining === 0) this.#state = 'complete';
        this.#keep(bytes, at, next);
        return next;
      }
      case 'untilClose':
        this.#keep(bytes, at, end);
        return end;
      case 'chunks': {
        this.#bytes = bytes;
        const next = this.#chunks.scan(bytes, at, end, this.#keepChunk);
        if (this.lacksRoom) return next;
        if (this.#chunks.malformed) this.#fail(this.#chunks.fault);
        else if (this.#chunks.last) {
          head.beginTrailers();
          this.#state = 'trailers';
        }
        return next;
      }
      case 'trailers': {
        const next = head.scan(bytes, at, end);
        if (head.malformed) this.#fail(head.fault);
        else if (head.done) this.#state = 'complete';
        return next;
      }
      case 'complete':
      case 'malformed':
      case 'noRoom':
        return at;
    }
  }

  /** Tells the scanner that the server closed; true where that completes an answer delimited by close. */
  close(): boolean {
    if (this.#state === 'untilClose') this.#state = 'complete';
    return this.#state === 'complete';
  }

  /** The read buffer belongs to all connections and is written over by the next read: what is kept is copied. */
  readonly #keepChunk = (start: number, end: number): void => this.#keep(this.#bytes, start, end);

  #keep(bytes: Buffer, start: number, end: number): void {
    if (this.#reader !== null && !this.#reader.read(bytes, start, end)) {
      this.#state = 'noRoom';
      return;
    }
    if (this.#kept === null) return;
    if (this.#isOptional && this.#received + end - start > longestOptional) {
      this.#kept.release();
      this.#kept = null;
      return;
    }
    if (this.#kept.append(bytes, start, end)) return;
    this.release();
    this.#fault = `no room for its body: those of all users may take ${this.#room?.limit} bytes together (maxBodies)`;
    this.#state = 'noRoom';
  }

  #fail(fault: string): void {
    this.#fault = fault;
    this.#state = 'malformed';
  }

  /** Decides how the body is delimited (RFC 9112, section 6.3). */
  #beginBody(): void {
    const { head } = this;
    const { status } = head;
    if (this.#reader !== null && status >= 200) this.#reader.begin(status, this.headText);
    // Of an answer that failed by its status, the start of the body is shown.
    if (status >= 400 && this.#kept === null) {
      this.#isOptional = false;
      this.#kept = new BodyStart();
    }
    if (head.contentLength >= 0 && (head.chunked || head.otherCoding)) {
      // A length beside a coding is the sign of an answer that was smuggled or mangled on its way.
      this.#fail('both content-length and transfer-encoding');
    } else if (status < 200 && status !== 101) {
      head.begin();
    } else if (status === 101) {
      head.keepAlive = false;
      this.#state = 'complete';
    } else if (this.#headRequest || status === 204 || status === 304) {
      this.#state = 'complete';
    } else if (head.chunked) {
      this.#chunks.begin();
      this.#state = 'chunks';
    } else if (head.contentLength >= 0) {
      this.#remaining = head.contentLength;
      this.#state = head.contentLength === 0 ? 'complete' : 'fixedBody';
    } else {
      head.keepAlive = false;
      this.#state = 'untilClose';
    }
  }
}
