import { printable } from '../../../safety/untrusted-text.ts';

/** What an import could not carry over, by the reason. */
export class Omissions {
  readonly #byReason = new Map<string, string[]>();
  readonly #mostNamed: number;

  /** So many things are named of each reason. */
  constructor(mostNamed = 5) {
    this.#mostNamed = mostNamed;
  }

  /** Notes that something was left out; `reason` follows "Left out" in a sentence: `since they may change data`. */
  add(what: string, reason: string): void {
    const known = this.#byReason.get(reason);
    if (known === undefined) this.#byReason.set(reason, [what]);
    else known.push(what);
  }

  /** One line for each reason, with the first few things of which it holds; names are untrusted, and each line stays one. */
  lines(): readonly string[] {
    return [...this.#byReason].map(([reason, all]) => {
      const names = [...new Set(all.map(name => printable(name, 60)))];
      const more = names.length - this.#mostNamed;
      const shown = names.slice(0, this.#mostNamed).join(', ');
      return `${printable(reason)}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
    });
  }
}
