import type { Path, SourceDocument } from './place.ts';

/** The JSON of a value that stands at a path of a document, each number as the document writes it. */
export function jsonText(value: unknown, at: Path, document: SourceDocument): string {
  if (typeof value === 'number') return document.exactNumber(at) ?? JSON.stringify(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => jsonText(item, [...at, index], document)).join(',')}]`;
  }
  const members = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}:${jsonText(item, [...at, name], document)}`,
  );
  return `{${members.join(',')}}`;
}

/** A value for the digest: it stays as it is but for the numbers that a double cannot say. */
export function withExactNumbers(value: unknown, at: Path, document: SourceDocument): unknown {
  if (typeof value === 'bigint') return { number: String(value) };
  if (typeof value === 'number') {
    const number = document.exactNumber(at);
    return number === undefined ? value : { number };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => withExactNumbers(item, [...at, index], document));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withExactNumbers(item, [...at, name], document)]),
  );
}
