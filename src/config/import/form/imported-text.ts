import { variablesIn } from '../../source/variable.ts';

/** Plain text, a variable of the environment, or what an earlier step captured. */
export type TextPart =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'capture'; readonly name: string };

/** A text of an imported request. What it says literally has no meaning in a scenario, whatever characters it holds. */
export type ImportedText = readonly TextPart[];

/** Text that is sent as it is. */
export function sentText(text: string): ImportedText {
  return text === '' ? [] : [{ kind: 'plain', text: text.toWellFormed() }];
}

/** What a text says, if no part of it is filled in later. */
export function plainOf(text: ImportedText): string | null {
  return text.every(part => part.kind === 'plain') ? text.map(part => part.text).join('') : null;
}

const hole = /\{\{([^{}]{0,200})\}\}/;

/** Text in which `{{name}}` stands for something, as in Postman and Artillery. */
export function textWithHoles(text: string, fill: (name: string) => ImportedText): ImportedText {
  return text.split(hole).flatMap((part, index) => (index % 2 === 0 ? sentText(part) : fill(part.trim())));
}

/** The text as a scenario writes it; undefined if a scenario has no way to say it. */
export function scenarioText(given: ImportedText): string | undefined {
  const text = merged(given);
  if (opensHole(text)) return undefined;
  const written = text
    .map(part => (part.kind === 'plain' ? escapedVariables(part.text) : held(part)))
    .join('');
  return sameParts(partsOf(written), text) ? written : undefined;
}

/** A part of a URL as a scenario writes it: plain text is encoded as far as `encode` and the notation of templates ask for. */
export function scenarioUrlText(text: ImportedText, encode: (text: string) => string): string {
  return text
    .map(part => {
      if (part.kind !== 'plain') return held(part);
      return encode(part.text).replaceAll(/[^!-~]|[{}#]/gu, character => percentEncoded(character));
    })
    .join('');
}

/** Text whose `${` is none of a variable. */
export function escapedVariables(text: string): string {
  // As a text, the replacement would itself be a pattern.
  return text.replaceAll('${', () => '$${');
}

const held = (part: Exclude<TextPart, { readonly kind: 'plain' }>) =>
  part.kind === 'variable' ? `\${${part.name}}` : `{{${part.name}}}`;

/** Encodes a character that may not stand in a path; half of a surrogate pair is none. */
function percentEncoded(character: string): string {
  return encodeURIComponent(character.toWellFormed());
}

/** What a scenario reads in a text. */
function partsOf(written: string): ImportedText {
  return variablesIn(written).flatMap((part): ImportedText => {
    if (part.kind === 'variable') return [{ kind: 'variable', name: part.name }];
    if (part.kind === 'malformed') return [{ kind: 'variable', name: part.written }];
    return textWithHoles(part.text, name => [{ kind: 'capture', name }]);
  });
}

function sameParts(read: ImportedText, meant: ImportedText): boolean {
  return JSON.stringify(merged(read)) === JSON.stringify(merged(meant));
}

/** Whether braces in the text itself would begin a hole, alone or with one behind them. */
function opensHole(text: ImportedText): boolean {
  return text.some((part, index) => {
    if (part.kind !== 'plain') return false;
    return part.text.includes('{{') || (part.text.endsWith('{') && text[index + 1]?.kind === 'capture');
  });
}

function merged(text: ImportedText): ImportedText {
  const parts: TextPart[] = [];
  for (const part of text) {
    const last = parts.at(-1);
    if (part.kind === 'plain' && last?.kind === 'plain') {
      parts[parts.length - 1] = { kind: 'plain', text: last.text + part.text };
    } else parts.push(part);
  }
  return parts;
}
