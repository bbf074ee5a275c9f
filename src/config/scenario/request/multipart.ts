import { createHash } from 'node:crypto';
import type { Template } from '../../../model/run/scenario.ts';
import { concatenated } from '../../grammar/template.ts';

/** A part of a form with files: a value, or a file with its name. */
export interface FormPart {
  readonly name: string;
  readonly content: Template;
  readonly file: { readonly name: string; readonly type: string } | null;
}

/** A form with files, put together, and what separates its parts. */
export interface Multipart {
  readonly template: Template;
  readonly boundary: string;
}

/** Puts a form together as RFC 7578 has it. What separates the parts depends on their content alone, and occurs in none. */
export function multipartOf(parts: readonly FormPart[]): Multipart {
  const boundary = boundaryFor(parts);
  const all = parts.map(({ name, content, file }) => {
    const named = `content-disposition: form-data; name="${quoted(name)}"`;
    const told = file === null ? '' : `; filename="${quoted(file.name)}"\r\ncontent-type: ${file.type}`;
    return concatenated([`--${boundary}\r\n${named}${told}\r\n\r\n`, content, '\r\n']);
  });
  return { template: concatenated([...all, `--${boundary}--\r\n`]), boundary };
}

function boundaryFor(parts: readonly FormPart[]): string {
  const contents = parts.flatMap(({ name, content, file }) => [
    name,
    file?.name ?? '',
    ...content.literals,
    ...content.expressions.map(hole => (hole.kind === 'file' ? hole.bytes : '{}')),
  ]);
  for (let attempt = 0; ; attempt += 1) {
    const hash = createHash('sha256').update(String(attempt));
    for (const content of contents) hash.update(content).update('\0');
    const boundary = `plimsoll-${hash.digest('hex').slice(0, 32)}`;
    if (!contents.some(content => holds(content, boundary))) return boundary;
  }
}

function holds(content: string | Uint8Array, text: string): boolean {
  if (typeof content === 'string') return content.includes(text);
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).includes(text);
}

/** As browsers write a name between quotes. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** What most files are by the endings of their names. */
const types: { readonly [ending: string]: string | undefined } = {
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
};

/** The content type of a file by the ending of its name. */
export function contentTypeOf(file: string): string {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(types, ending) ? types[ending] : undefined) ?? 'application/octet-stream';
}
