import { isSecretName } from '../../../safety/secret.ts';
import { FilledText, type ImportedPair } from '../form/imported.ts';
import { escapedVariables, type ImportedText, scenarioText, sentText } from '../form/imported-text.ts';
import type { SecretVariables } from '../form/secret-variables.ts';

/** A JSON body: as a value for `json`, or, where the notation of templates or of YAML forbids that, as text for `body`. */
export type WrittenJson =
  | { readonly isPlain: true; readonly value: unknown }
  | { readonly isPlain: false; readonly text: string };

/** Deeper values are written as text: whatever walks through a scenario has limits. */
const deepest = 100;

/** Writes a JSON body; of one that is recorded, secrets are replaced by what members are named. */
export function jsonBody(json: unknown, secrets: SecretVariables, isRecorded: boolean): WrittenJson {
  const clean = marked(json, secrets, isRecorded, '');
  if (isPlainJson(clean, 0)) return { isPlain: true, value: escapedJson(clean) };
  // In JSON a brace may be written as an escape, so that two of them are no template. Holes need theirs.
  const text = JSON.stringify(clean).replaceAll(/\{(?=\{)/g, '\\u007b');
  return { isPlain: false, text: holesBack(escapedVariables(text)) };
}

/** A form as its text, with names encoded. */
export function bodyText(
  fields: readonly ImportedPair[],
  write: (name: string, value: ImportedText) => string,
): string {
  return fields
    .map(({ name, value }) => `${encodeURIComponent(name.toWellFormed())}=${write(name, value)}`)
    .join('&');
}

/** The fields of a form by their names, with a list where there are several of one; undefined if a scenario cannot say them. */
export function writtenFields(
  fields: readonly ImportedPair[],
  write: (name: string, value: ImportedText) => string | undefined,
): { readonly [name: string]: string | readonly string[] } | undefined {
  const byName = new Map<string, string[]>();
  for (const { name, value } of fields) {
    const text = write(name, value);
    if (text === undefined || name === '' || name === '__proto__' || /\{\{|\p{Cc}/u.test(name))
      return undefined;
    byName.set(name, [...(byName.get(name) ?? []), text]);
  }
  return Object.fromEntries(
    [...byName].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]),
  );
}

/** Marks of variables and of captures inside of JSON, until the text around them is escaped. */
const marks = { variable: '\ue000', capture: '\ue001' };
const anyMark = /[\ue000\ue001]/g;

const holesBack = (text: string) =>
  text
    .replaceAll(/\ue000([A-Z0-9_]+)\ue000/g, (_, name: string) => `\${${name}}`)
    .replaceAll(/\ue001([^\ue001]+)\ue001/g, (_, name: string) => `{{${name}}}`);

/** JSON in which what is filled in later is marked, and texts hold no marks of their own. */
function marked(json: unknown, secrets: SecretVariables, isRecorded: boolean, member: string): unknown {
  const isText = typeof json === 'string' || json instanceof FilledText;
  if (isText || (typeof json === 'number' && isRecorded && isSecretName(member))) {
    const given = json instanceof FilledText ? json.text : sentText(String(json));
    const text = given.map(part =>
      part.kind === 'plain' ? { ...part, text: part.text.replaceAll(anyMark, '') } : part,
    );
    const replaced = isRecorded
      ? secrets.at('member of the body', member, text)
      : json instanceof FilledText
        ? secrets.within(text)
        : text;
    if (typeof json === 'number' && replaced.every(part => part.kind === 'plain')) return json;
    return replaced
      .map(part => (part.kind === 'plain' ? part.text : `${marks[part.kind]}${part.name}${marks[part.kind]}`))
      .join('');
  }
  if (Array.isArray(json)) return json.map(item => marked(item, secrets, isRecorded, member));
  if (typeof json !== 'object' || json === null) return json;
  return mapped(json, (value, name) => marked(value, secrets, isRecorded, name));
}

/** Whether YAML and templates leave a value as it is. */
function isPlainJson(json: unknown, depth: number): boolean {
  if (depth > deepest) return false;
  if (typeof json === 'string') return scenarioText(sentText(json)) !== undefined && json.isWellFormed();
  if (typeof json !== 'object' || json === null) return true;
  return Object.entries(json).every(
    ([name, value]) =>
      name !== '__proto__' && !/\{\{|\$\{/.test(name) && name.isWellFormed() && isPlainJson(value, depth + 1),
  );
}

function escapedJson(json: unknown): unknown {
  if (typeof json === 'string') return holesBack(escapedVariables(json));
  if (Array.isArray(json)) return json.map(escapedJson);
  if (typeof json !== 'object' || json === null) return json;
  return mapped(json, escapedJson);
}

function mapped(json: object, map: (value: unknown, name: string) => unknown): unknown {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, map(value, name)]));
}
