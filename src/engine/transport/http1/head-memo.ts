/** What a head says, as far as an answer is delimited and named by it. */
export interface HeadFields {
  status: number;
  keepAlive: boolean;
  /** What `Keep-Alive: timeout=` promises, in seconds; -1 without one. */
  keepAliveSeconds: number;
  /** -1 without one. */
  contentLength: number;
  chunked: boolean;
  /** A transfer coding other than chunked comes last: the body ends with the connection. */
  otherCoding: boolean;
  /** Where the request id stands in the bytes of the latest `scan`; empty where start = end. */
  requestIdStart: number;
  requestIdEnd: number;
}

const longest = 4_096;
/** Where every head is another, only some are learnt. */
const missesPerLesson = 8;

/**
 * Remembers one head and what was read in it. Most servers send the same head again and again, but for the second in
 * its date: comparing it word by word costs an eighth of reading it.
 */
export class HeadMemo {
  readonly #words = new Uint32Array(longest / 4);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  readonly #fields: HeadFields = {
    status: 0,
    keepAlive: true,
    keepAliveSeconds: -1,
    contentLength: -1,
    chunked: false,
    otherCoding: false,
    requestIdStart: 0,
    requestIdEnd: 0,
  };
  #length = 0;
  #misses = 0;
  /** The latest bytes compared, and their view as words: a loop reads into one buffer again and again. */
  #latest: Uint8Array = this.#bytes;
  #latestWords: Uint32Array = this.#words;

  /** Where the bytes begin with the remembered head, tells what it says and answers its length; else answers 0. */
  recall(bytes: Uint8Array, end: number, into: HeadFields): number {
    const length = this.#length;
    if (length === 0 || end < length || bytes.byteOffset % 4 !== 0) return 0;
    if (bytes !== this.#latest) {
      this.#latest = bytes;
      this.#latestWords = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    }
    const words = this.#words;
    const theirs = this.#latestWords;
    const whole = length >> 2;
    for (let index = 0; index < whole; index += 1) if (words[index] !== theirs[index]) return 0;
    for (let at = whole << 2; at < length; at += 1) if (this.#bytes[at] !== bytes[at]) return 0;
    copy(this.#fields, into);
    return length;
  }

  /** Remembers the head that fills the first `length` bytes, unless too many came that were not known. */
  learn(bytes: Uint8Array, length: number, fields: HeadFields): void {
    this.#misses += 1;
    if (this.#misses % missesPerLesson !== 1 || length > longest) return;
    copy(fields, this.#fields);
    this.#bytes.set(bytes.subarray(0, length));
    this.#length = length;
  }
}

function copy(from: HeadFields, to: HeadFields): void {
  to.status = from.status;
  to.keepAlive = from.keepAlive;
  to.keepAliveSeconds = from.keepAliveSeconds;
  to.contentLength = from.contentLength;
  to.chunked = from.chunked;
  to.otherCoding = from.otherCoding;
  to.requestIdStart = from.requestIdStart;
  to.requestIdEnd = from.requestIdEnd;
}
