import { hexDigit, isBlank, isFieldByte } from './header-bytes.ts';
import { quotedLine } from './quoted-line.ts';

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;
const maxSizeLine = 16_384;
/** Another hexadecimal digit to a smaller size stays within the integers that a number holds exactly. */
const sizeBound = 2 ** 49;

type State =
  | 'size'
  | 'sizeBlank'
  | 'extension'
  | 'sizeLf'
  | 'data'
  | 'dataCr'
  | 'dataLf'
  | 'last'
  | 'malformed';

/** Reads a chunked body (RFC 9112, section 7.1) up to its last chunk; the trailers are header fields. */
export class ChunkScanner {
  fault = '';
  #state: State = 'size';
  #remaining = 0;
  #hasDigits = false;
  #lineLength = 0;

  /** The last chunk's size line has been read. */
  get last(): boolean {
    return this.#state === 'last';
  }

  get malformed(): boolean {
    return this.#state === 'malformed';
  }

  begin(): void {
    this.#state = 'size';
    this.#remaining = 0;
    this.#hasDigits = false;
    this.#lineLength = 0;
  }

  /** Reads on and hands over data; answers where it stopped. */
  scan(bytes: Buffer, start: number, end: number, data: (start: number, end: number) => void): number {
    let at = start;
    // Where the line or the end of a chunk begins, as far as it is in these bytes: what a fault quotes.
    let from = start;
    while (at < end && !this.malformed) {
      switch (this.#state) {
        case 'size':
        case 'sizeBlank':
        case 'extension':
          this.#readSizeByte(bytes[at] as number);
          at += 1;
          break;
        case 'sizeLf':
          if (bytes[at] !== LF) this.#fail('malformed chunk size');
          else this.#state = this.#remaining === 0 ? 'last' : 'data';
          at += 1;
          break;
        case 'data': {
          const taken = Math.min(this.#remaining, end - at);
          data(at, at + taken);
          at += taken;
          this.#remaining -= taken;
          from = at;
          if (this.#remaining === 0) this.#state = 'dataCr';
          break;
        }
        case 'dataCr':
          if (bytes[at] === CR) this.#state = 'dataLf';
          else this.#fail('chunk longer than its size');
          at += 1;
          break;
        case 'dataLf':
          if (bytes[at] === LF) this.begin();
          else this.#fail('chunk longer than its size');
          at += 1;
          if (!this.malformed) from = at;
          break;
        case 'last':
        case 'malformed':
          return at;
      }
    }
    if (this.malformed) this.fault += `: ${quotedLine(bytes, from, end)}`;
    return at;
  }

  #readSizeByte(byte: number): void {
    this.#lineLength += 1;
    if (this.#lineLength > maxSizeLine) return this.#fail('chunk size line too long');
    const digit = this.#state === 'size' ? hexDigit(byte) : -1;
    if (digit >= 0) {
      if (this.#remaining >= sizeBound) return this.#fail('malformed chunk size');
      this.#hasDigits = true;
      this.#remaining = this.#remaining * 16 + digit;
    } else if (byte === CR && this.#hasDigits) {
      this.#state = 'sizeLf';
    } else if (this.#state === 'extension') {
      if (!isFieldByte(byte)) this.#fail('malformed chunk extension');
    } else if (byte === SEMICOLON && this.#hasDigits) {
      this.#state = 'extension';
    } else if (isBlank(byte) && this.#hasDigits) {
      this.#state = 'sizeBlank';
    } else {
      this.#fail('malformed chunk size');
    }
  }

  #fail(fault: string): void {
    this.fault = fault;
    this.#state = 'malformed';
  }
}
