import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** A regular expression that only tells whether it matches. */
export interface Pattern {
  test(text: string): boolean;
  /** Its source, which tells it from others. */
  toString(): string;
}

/** How much of one value patterns look at in all, in characters: more than any answer has that is meant to be read. */
const mostLooked = 1_000_000;

/** The patterns of one schema have more to look at in a value than is looked at. */
export class TooMuchText extends Error {
  constructor() {
    super(`more than ${mostLooked.toLocaleString('en-US')} characters to match against patterns`);
  }
}

/**
 * The patterns of one schema: regular expressions of JavaScript (flag u), matched in a time in proportion to the text, whatever that is.
 * One that cannot be matched so, with a look-ahead or a back reference, is a `SyntaxError`.
 */
export class LinearPatterns {
  #left = mostLooked;

  /** Another value begins. */
  begin(): void {
    this.#left = mostLooked;
  }

  pattern(source: string): Pattern {
    const native = new RegExp(source, 'u');
    const engine: Pick<Pattern, 'test'> = isPlain(source) ? native : compiled(source);
    return {
      test: text => {
        this.#left -= text.length;
        if (this.#left < 0) throw new TooMuchText();
        return engine.test(text);
      },
      toString: () => String(native),
    };
  }
}

/** What a regular expression finds in a text: its first group, or the whole match where it has none; null for no match. */
export type TextSearch = (text: string) => string | null;

/**
 * Compiles a regular expression of JavaScript (flag u) that finds a part of a text in a time in proportion to it. One that cannot
 * be matched so is a `SyntaxError`.
 */
export function linearSearch(source: string): TextSearch {
  new RegExp(source, 'u');
  const pattern = compiled(source);
  const group = Math.min(1, pattern.groupCount());
  const start = literalStart(source);
  return text => {
    // Looking for plain text is much faster than any engine.
    const from = start === '' ? 0 : text.indexOf(start);
    if (from < 0) return null;
    const looked = text.slice(from);
    if (looked.length > mostLooked) throw new TooMuchText();
    const matcher = pattern.matcher(looked);
    return matcher.find() ? (matcher.group(group) ?? '') : null;
  };
}

/** The plain text that every match begins with; often none. */
function literalStart(source: string): string {
  if (/[|]/.test(source)) return '';
  const [plain = ''] = /^[^\\^$.*+?()[\]{}|]*/.exec(source) ?? [];
  return /^[*?{]/.test(source.slice(plain.length)) ? [...plain].slice(0, -1).join('') : plain;
}

/** RE2's engine follows all ways to match at once, where that of JavaScript tries one after the other. It is slower for most texts. */
function compiled(source: string) {
  const { RE2JS } = require('re2js') as typeof import('re2js');
  try {
    return RE2JS.compile(RE2JS.translateRegExp(asRe2(source)));
  } catch (cause) {
    const found = `the pattern ${JSON.stringify(source)} cannot be matched in linear time`;
    throw new SyntaxError(`${found}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Whether any engine is fast: it begins at the start alone, and at most one part of it can match more or less. */
function isPlain(source: string): boolean {
  const choices = source.match(/[*+?]|\{\d+,\d*\}/g) ?? [];
  return source.startsWith('^') && !/[(|]/.test(source) && choices.length <= 1;
}

const space = String.raw`\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;
const noSpace = String.raw`\u0000-\u0008\u000e-\u001f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e\u2060-\u2fff\u3001-\ufefe\uff00-\u{10ffff}`;

/** The same expression where RE2 means less by white space than JavaScript does, and more by a dot. */
function asRe2(source: string): string {
  let isInClass = false;
  return source.replace(/\\[\s\S]|[[\].]/g, part => {
    if (part === '[') isInClass = true;
    else if (part === ']') isInClass = false;
    else if (part === '.' && !isInClass) return String.raw`[^\n\r\u2028\u2029]`;
    else if (part === '\\s') return isInClass ? space : `[${space}]`;
    else if (part === '\\S') return isInClass ? noSpace : `[${noSpace}]`;
    else if (part === '\\b' && isInClass) return String.raw`\x08`;
    return part;
  });
}
