import { printable } from '../../../safety/untrusted-text.ts';

/** So many things of one kind are named. */
const mostNamed = 5;

/** What an import could not carry over, by the reason. */
export class Omissions {
  readonly #byReason = new Map<string, string[]>();

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
      const more = names.length - mostNamed;
      const shown = names.slice(0, mostNamed).join(', ');
      return `${printable(reason)}: ${shown}${more > 0 ? ` and ${more} more` : ''}`;
    });
  }
}
