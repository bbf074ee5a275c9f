/** Characters with power over a terminal or over how a text reads: controls, and those that turn its direction or break its lines. */
const powers =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text with such characters written out as escapes, those of JSON, so that JSON still says the same. */
export function powerless(text: string): string {
  return text.replace(powers, escapeOf);
}

function escapeOf(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
}
