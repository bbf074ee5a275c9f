import type { ImportedPair } from '../form/imported.ts';
import { sentText } from '../form/imported-text.ts';

type Part = { readonly [name: string]: unknown };

/** What a value is in a query, by the parameter's style: a name for each value, one name with commas, or brackets. */
export function queryOf(parameter: Part, value: unknown): readonly ImportedPair[] {
  const name = String(parameter.name);
  const { style = 'form', collectionFormat } = parameter;
  const isExploded =
    collectionFormat === 'multi' ||
    (collectionFormat === undefined && 'in' in parameter && (parameter.explode ?? style === 'form'));
  const pair = (of: string, text: unknown) => ({ name: of, value: sentText(plain(text)) });
  if (Array.isArray(value)) {
    const separator = { pipeDelimited: '|', spaceDelimited: ' ' }[String(style)] ?? ',';
    const isListed = isExploded === true && 'schema' in parameter;
    return isListed || collectionFormat === 'multi'
      ? value.map(item => pair(name, item))
      : [pair(name, value.map(plain).join(separator))];
  }
  if (typeof value !== 'object' || value === null) return [pair(name, value)];
  const members = Object.entries(value);
  if (style === 'deepObject') return members.map(([member, item]) => pair(`${name}[${member}]`, item));
  if (isExploded === true) return members.map(([member, item]) => pair(member, item));
  return [pair(name, members.flat().map(plain).join(','))];
}

/** A value as a path or a header has it. */
export function simpleText(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join(',');
  if (typeof value !== 'object' || value === null) return plain(value);
  return Object.entries(value).flat().map(plain).join(',');
}

function plain(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}
