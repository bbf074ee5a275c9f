import { problem } from '../model/error.ts';
import type { Target } from '../model/plan.ts';
import { inWords } from './wording.ts';

const expected = 'an http or https URL, such as http://127.0.0.1:4010';

/** Reads the origin and base path that all steps share; anything that cannot be loaded is `target.invalid`. */
export function parseTarget(text: string): Target {
  const url = parseUrl(text);
  if (url.search !== '' || url.hash !== '') {
    throw refused(
      text,
      'an origin and a base path, without ? and #: the query stands in each step',
      withoutQuery(url),
    );
  }
  return targetOf(url);
}

/** Reads the URL of a run without a file: a target, and the path with its query that is requested. */
export function parseRequestUrl(text: string): { readonly target: Target; readonly path: string } {
  const { origin, pathname, search } = parseUrl(text);
  return { target: targetOf(new URL(origin)), path: pathname + search };
}

function parseUrl(text: string): URL {
  const written = text.trim();
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

function targetOf(url: URL): Target {
  const basePath = url.pathname.replace(/\/+$/, '');
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return {
    url: url.origin + basePath,
    protocol,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (protocol === 'https' ? 443 : 80) : Number(url.port),
    basePath,
  };
}

function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== '';
}

function withoutQuery(url: URL): string {
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function refused(text: string, what: string, instead?: string) {
  return problem('target.invalid', {
    found: inWords(text),
    expected: what,
    ...(instead === undefined ? {} : { instead }),
  });
}
