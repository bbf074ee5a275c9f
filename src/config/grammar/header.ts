import { problem } from '../../model/error.ts';
import { nearest } from '../../words/nearest.ts';

/** Headers that frame a message; the engine alone writes them. */
const framing = ['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade'];

/** Names that people mean when they write one that is nearly right. */
const common = ['accept', 'authorization', 'content-type', 'cookie', 'user-agent', 'x-api-key'];

/** Header names and values go onto the wire as they are: RFC 9110, sections 5.1 and 5.5. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The same name for all ways of writing it; a name that may not be set is `value.invalid`. */
export function headerName(name: string): string {
  if (!token.test(name)) {
    const near = nearest(
      name
        .trim()
        .replace(/[\s:]+$/, '')
        .replace(/\s+/g, '-'),
      common,
    );
    throw problem('header.invalid-name', {
      found: JSON.stringify(name),
      expected: "a header name: letters, digits and !#$%&'*+-.^_`|~",
      ...(near === undefined ? {} : { instead: near }),
    });
  }
  const lower = name.toLowerCase();
  if (framing.includes(lower)) {
    throw problem('header.reserved', {
      found: JSON.stringify(name),
      ...(lower === 'connection'
        ? { instead: 'leave it out; `connections: { reconnect: every request }` closes behind each answer' }
        : {}),
    });
  }
  return lower;
}

/** Refuses a value that would break out of its line. */
export function headerValue(value: string): string {
  if (!/\p{Cc}/u.test(value.replaceAll('\t', ' '))) return value.trim();
  throw problem('header.invalid-value', {
    expected: 'a header value on one line, without control characters',
  });
}

/** Reads a header from a flag, as curl writes it: `name: value`. */
export function parseHeader(text: string): { readonly name: string; readonly value: string } {
  const [, name, value] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw problem('header.invalid-name', {
      // Not the text: what lacks its name is often a token alone.
      found: 'no colon',
      expected: "a name and a value with a colon between, such as 'accept: application/json'",
    });
  }
  return { name: headerName(name), value: headerValue(value) };
}
