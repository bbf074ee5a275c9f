import { problem } from '../../model/error.ts';

const name = String.raw`(?:[\w-]|\\[^\n]|[^\x00-\x7f])+`;
const attribute = String.raw`\[\s*${name}\s*(?:[~|^$*]?=\s*(?:"[^"\\]*"|'[^'\\]*'|${name})\s*(?:[iIsS]\s*)?)?\]`;
const part = `[.#]${name}|${attribute}|:(?:first|last)-child`;
const selector = new RegExp(`^(?:${name}|\\*|${part})`, 'u');
const further = new RegExp(`^(?:${part})`, 'u');
const combinator = /^(?:\s*[>+]\s*|\s+)/;
const longest = 1_000;

/*
 *   selector   ::= compound { ( " " | ">" | "+" ) compound }
 *   compound   ::= ( name | "*" | part ) { part }
 *   part       ::= "#" name | "." name | "[" name [ operator value ] "]" | ":first-child" | ":last-child"
 */
/**
 * Checks a selector of CSS. What may take more than a time in proportion to the page is left out: an answer must not be able to
 * hold up the load.
 */
export function parseSelector(written: string): string {
  const text = written.trim();
  if (text.length > longest) throw invalid();
  let rest = text;
  for (;;) {
    const first = selector.exec(rest);
    if (first === null) throw invalid();
    rest = rest.slice(first[0].length);
    for (let next = further.exec(rest); next !== null; next = further.exec(rest)) {
      rest = rest.slice(next[0].length);
    }
    if (rest === '') return text;
    const link = combinator.exec(rest);
    if (link === null) throw invalid();
    rest = rest.slice(link[0].length);
  }
}

function invalid() {
  return problem('selector.invalid', {
    expected:
      'names, #ids, .classes, [attributes], :first-child and :last-child, joined by spaces, > or +: form.login input[name="csrf"]',
  });
}
