import { problem } from '../../model/error.ts';
import type { Target } from '../../model/run/plan.ts';
import { inWords } from '../../words/value-text.ts';

const expected = 'an http or https URL, such as http://127.0.0.1:4010';
const expectedSocket =
  'unix: and the absolute path of a socket, such as unix:/run/api.sock or unix:/run/api.sock:/base';

/** The kernel's limit on the path of a socket, in bytes; longer ones are cut off without a word. */
const maxSocketPath = process.platform === 'linux' ? 107 : 103;

/** Reads the origin and base path that all steps share; anything that cannot be loaded is `target.invalid`. */
export function parseTarget(text: string): Target {
  const { url, socketPath } = parse(text);
  if (url.search !== '' || url.hash !== '') {
    throw refused(
      text,
      'an origin and a base path, without ? and #: the query stands in each step',
      targetOf(url, socketPath).url,
    );
  }
  return targetOf(url, socketPath);
}

/** Reads the URL of a run without a file: a target, and the path with its query that is requested. */
export function parseRequestUrl(text: string): { readonly target: Target; readonly path: string } {
  const { url, socketPath } = parse(text);
  return { target: targetOf(new URL(url.origin), socketPath), path: url.pathname + url.search };
}

interface Parsed {
  readonly url: URL;
  readonly socketPath: string | null;
}

/*
 *   target ::= url | "unix:" socket [ ":" path ]      socket and path begin with a slash
 */
function parse(text: string): Parsed {
  const written = text.trim();
  const behindScheme = /^(?:https?:\/\/(?=unix:\/))?unix:(.*)$/is.exec(written)?.[1];
  if (behindScheme === undefined) return { url: parseUrl(text), socketPath: null };
  const [, socketPath = '', path = '/'] = /^(\/.*?)(?::(\/.*))?$/s.exec(behindScheme) ?? [];
  const plainPath = socketPath.replace(/^\/+/, '/').replace(/[/:]+$/, '');
  if (plainPath === '' || /\p{Cc}/u.test(written)) throw refused(text, expectedSocket);
  const plain = `unix:${plainPath}${path === '/' ? '' : `:${path}`}`;
  if (!written.startsWith('unix:') || socketPath !== plainPath) throw refused(text, expectedSocket, plain);
  if (Buffer.byteLength(socketPath) > maxSocketPath) {
    throw refused(text, `${expectedSocket}; of at most ${maxSocketPath} bytes`);
  }
  return { url: new URL(`http://localhost${path}`), socketPath };
}

function parseUrl(text: string): URL {
  const written = text.trim();
  if (/^\/[^/]/.test(written))
    throw refused(text, expected, `http://127.0.0.1${written}, or unix:${written}`);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    throw refused(text, expected, isUrl(`http://${written}`) ? `http://${written}` : undefined);
  }
  if (!isUrl(written)) throw refused(text, expected);
  const url = new URL(written);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused(text, expected);
  if (url.username !== '' || url.password !== '') {
    throw refused(text, 'a URL without user and password', 'the header authorization');
  }
  if (url.port === '0') throw refused(text, `${expected}; the port from 1 to 65535`);
  return url;
}

function targetOf(url: URL, socketPath: string | null): Target {
  const basePath = url.pathname.replace(/\/+$/, '');
  const socketUrl = `unix:${socketPath}${basePath === '' ? '' : `:${basePath}`}`;
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return {
    url: socketPath === null ? url.origin + basePath : socketUrl,
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port),
    basePath,
    socketPath,
  };
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== '';
}

function refused(text: string, what: string, instead?: string) {
  return problem('target.invalid', {
    found: inWords(text),
    expected: what,
    ...(instead === undefined ? {} : { instead }),
  });
}
