import type { EventListener, EventReader } from './event-reader.ts';
import type { EventText } from './event-text.ts';

const LF = 0x0a;
const byteOrderMark = '\ufeff';

/** Finds lines with a JSON value each (JSON Lines, NDJSON). Empty lines are none, and the last one needs no line feed. */
export class LineReader implements EventReader {
  readonly #listener: EventListener;
  readonly #text: EventText;
  #lines = 0;
  /** What is wrong with the first line that is no JSON value; null as long as all are. */
  fault: string | null = null;

  constructor(listener: EventListener, text: EventText) {
    this.#listener = listener;
    this.#text = text;
  }

  read(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      const from = at;
      while (at < end && bytes[at] !== LF) at += 1;
      if (at > from && !this.#text.append(bytes, from, at)) return false;
      if (at < end) this.#endLine();
      at += 1;
    }
    return true;
  }

  finish(): boolean {
    const { length } = this.#text;
    if (length === 0) return true;
    const before = this.fault;
    this.#endLine();
    if (this.fault === before) return true;
    this.fault = before;
    return false;
  }

  #endLine(): void {
    this.#lines += 1;
    const { content } = this.#text;
    const line = this.#lines === 1 && content.startsWith(byteOrderMark) ? content.slice(1) : content;
    if (line.trim() !== '') {
      if (isJson(line)) this.#listener.event(this.#text);
      else this.fault ??= `line ${this.#lines} is no JSON value`;
    }
    this.#text.clear();
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
