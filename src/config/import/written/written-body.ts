import { isSecretName } from '../../../safety/secret.ts';
import type { ImportedPair } from '../form/imported.ts';
import { escapedVariables, type ImportedText, scenarioText, sentText } from '../form/imported-text.ts';
import type { SecretVariables } from '../form/secret-variables.ts';

/** A JSON body: as a value for `json`, or, where the notation of templates or of YAML forbids that, as text for `body`. */
export type WrittenJson =
  | { readonly isPlain: true; readonly value: unknown }
  | { readonly isPlain: false; readonly text: string };

/** Deeper values are written as text: whatever walks through a scenario has limits. */
const deepest = 100;

/** Writes a JSON body; `secrets`, if given, replace what members are named like one. */
export function jsonBody(json: unknown, secrets: SecretVariables | null): WrittenJson {
  const clean = secrets === null ? json : withoutSecrets(json, secrets, '');
  if (isPlainJson(clean, 0)) return { isPlain: true, value: escapedJson(clean) };
  // In JSON a brace may be written as an escape, so that two of them are no template. Variables need theirs.
  const text = JSON.stringify(clean).replaceAll(/\{(?=\{)/g, '\\u007b');
  return { isPlain: false, text: variablesBack(escapedVariables(text)) };
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

/** Marks a variable inside of JSON until the text around it is escaped. */
const mark = '\ue000';
const marked = /\ue000([A-Z0-9_]+)\ue000/g;

const variablesBack = (text: string) => text.replaceAll(marked, (_, name: string) => `\${${name}}`);

function withoutSecrets(json: unknown, secrets: SecretVariables, member: string): unknown {
  if (typeof json === 'string' || (typeof json === 'number' && isSecretName(member))) {
    const text = sentText(String(json).replaceAll(mark, ''));
    const replaced = secrets.at('member of the body', member, text);
    if (replaced.every(part => part.kind === 'plain')) return json;
    return replaced.map(part => (part.kind === 'plain' ? part.text : `${mark}${part.name}${mark}`)).join('');
  }
  if (Array.isArray(json)) return json.map(item => withoutSecrets(item, secrets, member));
  if (typeof json !== 'object' || json === null) return json;
  return mapped(json, (value, name) => withoutSecrets(value, secrets, name));
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
  if (typeof json === 'string') return variablesBack(escapedVariables(json));
  if (Array.isArray(json)) return json.map(escapedJson);
  if (typeof json !== 'object' || json === null) return json;
  return mapped(json, escapedJson);
}

function mapped(json: object, map: (value: unknown, name: string) => unknown): unknown {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, map(value, name)]));
}
