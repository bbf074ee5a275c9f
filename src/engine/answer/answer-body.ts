import { TextDecoder } from 'node:util';
import * as zlib from 'node:zlib';
import { fieldIn } from './head-fields.ts';

/** The text of a body, or why it has none. */
export type BodyText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'undecodable'; readonly fault: string };

type Decompress = (body: Buffer, options: { readonly maxOutputLength: number }) => Buffer;

const decoders: { readonly [coding: string]: Decompress | undefined } = {
  gzip: zlib.gunzipSync,
  'x-gzip': zlib.gunzipSync,
  deflate: (body, options) => (isZlib(body) ? zlib.inflateSync : zlib.inflateRawSync)(body, options),
  br: zlib.brotliDecompressSync,
  // From Node 22.15 on.
  zstd: (zlib as { readonly zstdDecompressSync?: Decompress }).zstdDecompressSync,
};

/** More codings than anyone applies one over the other. */
const mostCodings = 4;

/**
 * Reads a body as its head says: content codings undone, at most `limit` bytes of each, then the charset (UTF-8 without one),
 * without a byte order mark.
 */
export function textOfBody(body: Buffer, head: string, limit: number): BodyText {
  const { codings, type } = contentOf(head);
  if (codings.length > mostCodings) return undecodable(`more than ${mostCodings} content encodings`);
  let bytes = body;
  for (const coding of codings) {
    const decode = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (decode === undefined) {
      return undecodable(`the body has the content-encoding ${shortened(coding)}, which is not decoded`);
    }
    if (bytes.length === 0) break;
    try {
      bytes = decode(bytes, { maxOutputLength: limit });
    } catch (error) {
      const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      return undecodable(
        isTooLong ? `a decoded body over ${limit} bytes (maxResponse)` : `the body is not valid ${coding}`,
      );
    }
  }
  const charset = markedCharset(bytes) ?? namedCharset(type);
  try {
    return { kind: 'text', text: decoderOf(charset).decode(bytes) };
  } catch {
    return undecodable(`the body has the charset ${shortened(charset)}, which is not decoded`);
  }
}

/** What a head says of its body. */
interface Content {
  /** The last one applied first. */
  readonly codings: readonly string[];
  readonly type: string;
}

/** Most heads are the same as the one before. */
let latest: { readonly head: string; readonly content: Content } = {
  head: '',
  content: { codings: [], type: '' },
};

function contentOf(head: string): Content {
  if (head === latest.head) return latest.content;
  const fields = head.toLowerCase();
  const codings = (fieldIn(fields, 'content-encoding') ?? '')
    .split(',')
    .map(coding => coding.trim())
    .filter(coding => coding !== '' && coding !== 'identity')
    .reverse();
  latest = { head, content: { codings, type: fieldIn(fields, 'content-type') ?? '' } };
  return latest.content;
}

function undecodable(fault: string): BodyText {
  return { kind: 'undecodable', fault };
}

function shortened(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}

/** Some servers send `deflate` without its zlib header (RFC 1950, section 2.2). */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;
}

/** A byte order mark outranks the header. */
function markedCharset(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

function namedCharset(contentType: string): string {
  return /;\s*charset\s*=\s*"?([^\s";,]+)/.exec(contentType)?.[1] ?? 'utf-8';
}

const textDecoders = new Map<string, TextDecoder>();

/** A charset that does not exist is a `RangeError`. */
function decoderOf(charset: string): TextDecoder {
  const decoder = textDecoders.get(charset) ?? new TextDecoder(charset);
  textDecoders.set(charset, decoder);
  return decoder;
}
