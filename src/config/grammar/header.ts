import { problem } from '../../model/error.ts';
import { framingHeaders, headerToken } from '../../model/header-name.ts';
import { nearest } from '../../words/nearest.ts';

/** Names that people mean when they write one that is nearly right. */
const common = ['accept', 'authorization', 'content-type', 'cookie', 'user-agent', 'x-api-key'];

/** The same name for all ways of writing it; a name that may not be set is `value.invalid`. */
export function headerName(name: string): string {
  if (!headerToken.test(name)) {
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
  if (framingHeaders.includes(lower)) {
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
