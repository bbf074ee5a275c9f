import { formsOf, type SecretForm } from './secret-forms.ts';

/** A shorter value occurs everywhere by chance: replacing it would destroy the text and protect nothing. */
export const shortestSecret = 4;

/** How far back of a cut the beginning of a secret is looked for, and of how many cuts of one text. */
const longestBeginning = 4_096;
const mostCuts = 100;

/** What stands where a text was cut. */
const cutMark = '…';

interface Beginning {
  readonly lengths: readonly number[];
  readonly forms: ReadonlyMap<string, SecretForm>;
}

/**
 * Finds given values in texts in any of their forms, in time that grows with the text and hardly with the number of values:
 * the four characters at each position say whether any form begins there.
 */
export class KnownSecrets {
  readonly #beginnings = new Map<string, Beginning>();
  /** Which hashes of four characters occur, so that nearly every position costs a look at one byte. */
  readonly #filter = new Uint8Array(65_536);

  constructor(secrets: readonly string[]) {
    const long = secrets.filter(secret => secret.length >= shortestSecret);
    const all = new Map<string, Map<string, SecretForm>>();
    for (const form of long.flatMap(formsOf)) {
      if (form.text.length < shortestSecret) continue;
      const start = form.text.slice(0, shortestSecret);
      const forms = all.get(start) ?? new Map<string, SecretForm>();
      all.set(start, forms);
      if (!forms.has(form.text)) forms.set(form.text, form);
    }
    for (const [start, forms] of all) {
      const lengths = [...new Set([...forms.keys()].map(({ length }) => length))].sort((a, b) => b - a);
      this.#beginnings.set(start, { lengths, forms });
      let hash = 0;
      for (let index = 0; index < shortestSecret; index += 1) hash = mixed(hash, start.charCodeAt(index));
      this.#filter[hash] = 1;
    }
  }

  /** The text with each value replaced, overlapping ones together, and without the beginning of one that a cut left. */
  replaced(text: string, by: string): string {
    if (this.#beginnings.size === 0) return text;
    let [clean, done] = ['', 0];
    for (const { start, end } of this.#spansIn(text)) {
      clean += text.slice(done, start) + by;
      done = end;
    }
    return this.#withoutBeginnings(clean + text.slice(done), by);
  }

  /** Disjoint stretches, in their order. */
  *#spansIn(text: string): Generator<{ readonly start: number; readonly end: number }> {
    let [from, to] = [-1, -1];
    let hash = 0;
    for (let index = 0; index < text.length; index += 1) {
      hash = mixed(hash, text.charCodeAt(index));
      if (this.#filter[hash] !== 1) continue;
      const at = index - shortestSecret + 1;
      const form = at < 0 ? undefined : this.#formAt(text, at);
      if (form === undefined) continue;
      const start = form.before && at > 0 && isBase64(text[at - 1]) ? at - 1 : at;
      const past = at + form.text.length;
      const end = form.behind && isBase64(text[past]) ? past + 1 : past;
      if (start < to) {
        to = Math.max(to, end);
        continue;
      }
      if (to >= 0) yield { start: from, end: to };
      [from, to] = [start, end];
    }
    if (to >= 0) yield { start: from, end: to };
  }

  #formAt(text: string, at: number): SecretForm | undefined {
    const beginning = this.#beginnings.get(text.slice(at, at + shortestSecret));
    for (const length of beginning?.lengths ?? []) {
      const form = beginning?.forms.get(text.slice(at, at + length));
      if (form !== undefined) return form;
    }
    return undefined;
  }

  #withoutBeginnings(text: string, by: string): string {
    let [clean, done, cuts] = ['', 0, 0];
    for (let cut = text.indexOf(cutMark); cut >= 0 && cuts < mostCuts; cut = text.indexOf(cutMark, cut + 1)) {
      cuts += 1;
      for (let at = Math.max(done, cut - longestBeginning); at <= cut - shortestSecret; at += 1) {
        // Half of a character at the cut became a sign of its own.
        if (!this.#isBeginning(text.slice(at, cut).replace(/\ufffd$/, ''))) continue;
        clean += text.slice(done, at) + by;
        done = cut;
        break;
      }
    }
    return clean + text.slice(done);
  }

  #isBeginning(text: string): boolean {
    const forms = this.#beginnings.get(text.slice(0, shortestSecret))?.forms.keys() ?? [];
    for (const form of forms) if (form.startsWith(text)) return true;
    return false;
  }
}

/** The hash of four characters, one by one: of earlier ones nothing is left in 16 bits. */
function mixed(hash: number, code: number): number {
  return ((hash << 4) ^ code) & 0xffff;
}

function isBase64(character: string | undefined): boolean {
  return character !== undefined && /[\w+/-]/.test(character);
}
