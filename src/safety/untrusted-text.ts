/** Text that came from a server or a scenario: how it is shown without power over what shows it. */

/** The longest name or detail that a report shows. */
const longest = 200;

/** How much of a text goes on from where it comes in: an id, a key, a reason. */
export const longestEntering = 2_000;

/** How much of a text a record keeps, once secrets are taken out of it: a secret that was cut would not be known for one. */
export const longestKept = 500;

/** A text cut to a length and without halves of surrogate pairs, so that everything behind can rely on both. */
export function boundedText(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most - 1)}…` : text).toWellFormed();
}

/** One visible line of bounded length: control, format and unassigned characters are written out as escapes. */
export function printable(text: string, most = longest): string {
  const visible = text
    .slice(0, most * 4)
    .normalize('NFC')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeOf)
    .replaceAll(/(\p{M}{3})\p{M}+/gu, '$1');
  const characters = [...visible];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : visible;
}

const shortEscapes: { readonly [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  const short = shortEscapes[character];
  if (short !== undefined) return short;
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}

/**
 * Untrusted text as inline code for Markdown, which neither links, mentions, nor formats: between backticks where nothing in
 * it could end them or a table cell, else as entities, which are never syntax.
 */
export function markdownCode(text: string, most = longest): string {
  const line = printable(text, most);
  if (line.trim() === '') return '`(empty)`';
  if (!/[`|]/.test(line)) return `\`${line}\``;
  return `<code>${line.replaceAll(/[^\p{L}\p{N} ,/]/gu, entity)}</code>`;
}

/** Prose for Markdown, which may quote untrusted text: it reads as written, and what would mention or refer becomes code. */
export function markdownText(text: string, most = 2 * longest): string {
  return printable(text, most)
    .split(/((?:@|#|\bGH-)(?=[\p{L}\p{N}_])[\w/-]+|https?:\/\/[^\s<>()]+|www\.[^\s<>()]+)/giu)
    .map((part, index) => (index % 2 === 1 ? markdownCode(part) : plain(part)))
    .join('');
}

function plain(part: string): string {
  return part
    .replaceAll(/[&<>"'`*_[\]|~\\$#@^{}]/g, entity)
    .replaceAll(/:(?=\w)/g, entity)
    .replace(/^\s*(?:[-+=]|\d+(?=[.)]))/, start => [...start].map(entity).join(''));
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** Lines as a Markdown code block that nothing in them can end. */
export function fenced(lines: readonly string[], language = ''): string {
  const longestRun = Math.max(0, ...lines.flatMap(line => (line.match(/`+/g) ?? []).map(run => run.length)));
  const fence = '`'.repeat(Math.max(3, longestRun + 1));
  return [fence + language, ...lines, fence].join('\n');
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

/** How many columns a text takes in a terminal: two for a wide character, none for a mark on another. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}

/** A text followed by spaces, up to so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** A text cut in the middle to so many columns, since both ends of a route tell it from others. */
export function shortened(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const characters = [...text];
  const take = (from: readonly string[], room: number): readonly string[] => {
    let used = 0;
    const end = from.findIndex(character => {
      used += displayWidth(character);
      return used > room;
    });
    return end < 0 ? from : from.slice(0, end);
  };
  const head = take(characters, Math.ceil((columns - 1) / 2));
  const tail = take(characters.toReversed(), Math.floor((columns - 1) / 2)).toReversed();
  return `${head.join('')}…${tail.join('')}`;
}
