import { HeadScanner } from './head-scanner.ts';
import { KeptBody } from './kept-body.ts';

/** A head scanner that keeps the head as well, where something reads it; trailers are left out. */
export class KeptHead extends HeadScanner {
  #kept = new KeptBody();
  #isInTrailers = false;
  /** Whether the next head is kept. */
  keeps = true;

  override begin(): void {
    super.begin();
    this.#kept = new KeptBody();
    this.#isInTrailers = false;
  }

  override beginTrailers(): void {
    super.beginTrailers();
    this.#isInTrailers = true;
  }

  override scan(bytes: Buffer, start: number, end: number): number {
    const next = super.scan(bytes, start, end);
    if (this.keeps && !this.#isInTrailers) this.#kept.append(bytes, start, next);
    return next;
  }

  /** Status line and header fields, as far as they have come, each field in one line. */
  get text(): string {
    return this.#kept.content.toString('latin1').replaceAll(/\r\n[ \t]+/g, ' ');
  }
}
