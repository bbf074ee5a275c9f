import type { EventListener, EventReader } from './event-reader.ts';
import type { EventText } from './event-text.ts';

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const COLON = 0x3a;
const data = Buffer.from('data');
const lineFeed = Buffer.from('\n');
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** The part of a line that the bytes have come to. */
type Place = 'mark' | 'lineStart' | 'name' | 'space' | 'value' | 'field' | 'comment';

/**
 * Finds server-sent events (WHATWG HTML, section 9.2.6): lines end with CR, LF or both, an empty line ends an event, and one
 * without data is none. `event`, `id` and `retry` are fields like any other: they make no event.
 */
export class SseReader implements EventReader {
  readonly #listener: EventListener;
  readonly #text: EventText;
  #place: Place = 'mark';
  /** How many bytes of the mark, or of the name `data`, were found. */
  #found = 0;
  #isAfterCr = false;
  #hasData = false;
  /** Whether the block has a field, so that its end is missing. */
  #isOpen = false;
  #keeps = false;

  constructor(listener: EventListener, text: EventText) {
    this.#listener = listener;
    this.#text = text;
  }

  read(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const byte = bytes[at] as number;
      if (this.#isAfterCr) {
        this.#isAfterCr = false;
        if (byte === LF) {
          at += 1;
          continue;
        }
      }
      if (this.#place === 'value') {
        const from = at;
        while (at < end && bytes[at] !== LF && bytes[at] !== CR) at += 1;
        if (this.#keeps && at > from && !this.#text.append(bytes, from, at)) return false;
        if (at < end) this.#endLine(bytes[at] as number);
        at += 1;
      } else if (this.#place === 'field' || this.#place === 'comment') {
        while (at < end && bytes[at] !== LF && bytes[at] !== CR) at += 1;
        if (at < end) this.#endLine(bytes[at] as number);
        at += 1;
      } else {
        if (!this.#readByte(byte)) return false;
        at += 1;
      }
    }
    return true;
  }

  finish(): boolean {
    return !this.#isOpen && !(this.#place === 'mark' && this.#found > 0);
  }

  #readByte(byte: number): boolean {
    if (this.#place === 'mark') {
      if (byte === byteOrderMark[this.#found]) {
        this.#found += 1;
        if (this.#found === byteOrderMark.length) this.#place = 'lineStart';
        return true;
      }
      // A part of the mark is the beginning of a name like any other.
      this.#isOpen = this.#found > 0;
      this.#place = this.#found > 0 ? 'field' : 'lineStart';
    }
    if (byte === LF || byte === CR) {
      if (this.#place === 'lineStart') this.#endBlock();
      // A line that is a name alone has an empty value.
      else if (this.#place === 'name' && this.#found === data.length && !this.#beginData()) return false;
      this.#endLine(byte);
      return true;
    }
    switch (this.#place) {
      case 'lineStart':
        if (byte === COLON) {
          this.#place = 'comment';
          return true;
        }
        this.#isOpen = true;
        this.#found = byte === data[0] ? 1 : 0;
        this.#place = this.#found === 1 ? 'name' : 'field';
        return true;
      case 'name':
        if (byte === COLON && this.#found === data.length) {
          this.#place = 'space';
          return this.#beginData();
        }
        if (byte === data[this.#found]) this.#found += 1;
        else this.#place = 'field';
        return true;
      case 'space':
        this.#place = 'value';
        return byte === SPACE || !this.#keeps || this.#text.append(Uint8Array.of(byte), 0, 1);
      default:
        return true;
    }
  }

  /** Lines of data are joined by line feeds. */
  #beginData(): boolean {
    if (this.#hasData) return !this.#keeps || this.#text.append(lineFeed, 0, 1);
    this.#hasData = true;
    this.#keeps = this.#listener.wantsText();
    return true;
  }

  #endLine(byte: number): void {
    this.#isAfterCr = byte === CR;
    this.#place = 'lineStart';
  }

  #endBlock(): void {
    this.#isOpen = false;
    if (!this.#hasData) return;
    this.#hasData = false;
    this.#listener.event(this.#text);
    this.#text.clear();
  }
}
