import type { Verdict } from '../../model/judgement/verdict.ts';
import { printable } from '../../safety/untrusted-text.ts';

/** A piece of text that is not our own: it keeps its role until a renderer shows it, which escapes it in its own way. */
export interface InlineSpan {
  /** `name`: of a scenario, an endpoint, a branch, a machine; `prose`: a sentence that may quote such names. */
  readonly role: 'name' | 'prose';
  readonly text: string;
  /** The most characters that are shown of it. */
  readonly most: number;
}

/** A line of text: our own words as they are, and spans. */
export type Inline = readonly (string | InlineSpan)[];

/** A verdict and the sentence that explains it: `FAIL (cut): said`. */
export interface Sentence {
  readonly verdict: Verdict;
  /** How a run or a duet was cut short; null where it came to its end. */
  readonly cut: string | null;
  readonly said: Inline;
}

/** An untrusted name. */
export function name(text: string, most = 200): InlineSpan {
  return { role: 'name', text, most };
}

/** A sentence that may quote untrusted names. */
export function prose(text: string, most = 400): InlineSpan {
  return { role: 'prose', text, most };
}

/** The same without its full stop, for the middle of a longer sentence. */
export function clause(text: string): InlineSpan {
  return prose(text.replace(/\.$/, ''));
}

/** A template whose own words are trusted, and whose values are text of our own, spans or whole lines. */
export function line(
  words: TemplateStringsArray,
  ...values: readonly (string | number | InlineSpan | Inline)[]
): Inline {
  return words.flatMap((word, index) => {
    const value = values[index];
    if (value === undefined) return [word];
    if (typeof value === 'number') return [word, String(value)];
    return typeof value === 'string' || 'role' in value ? [word, value] : [word, ...value];
  });
}

/** Lines one after another with a separator between them. */
export function joined(parts: readonly Inline[], separator: string): Inline {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

/** How many findings, reasons or scenarios a sentence names before it only counts the rest. */
export const mostNamed = 3;

/** The first few parts, and how many more there are. */
export function listed(parts: readonly Inline[], separator: string): Inline {
  const more = parts.length - mostNamed;
  const named = parts.slice(0, mostNamed);
  return joined(more > 0 ? [...named, [`and ${more} more`]] : named, separator);
}

/** A line as plain text in which nothing untrusted has power over what shows it. */
export function plainText(inline: Inline): string {
  return inline.map(part => (typeof part === 'string' ? part : printable(part.text, part.most))).join('');
}

/** The words before the sentence: `FAIL`, or `PASS (partial: …)`. */
export function verdictWords({ verdict, cut }: Sentence): string {
  return `${verdict.toUpperCase()}${cut === null ? '' : ` (${cut})`}`;
}

/** A whole sentence as plain text. */
export function spoken(sentence: Sentence): string {
  return `${verdictWords(sentence)}: ${plainText(sentence.said)}`;
}
