import type { ImportedPair, ImportedRequest } from './imported.ts';
import { sentText } from './imported-text.ts';

/** A URL as the normal form has it. */
export interface RecordedUrl extends Pick<ImportedRequest, 'path' | 'query' | 'route'> {
  readonly origin: string;
}

/** Takes a URL apart; null where it is none of http or https. A user and a password in it are left out. */
export function recordedUrl(text: string): RecordedUrl | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  return {
    origin: url.origin,
    path: sentText(url.pathname),
    query: queryPairs(url.search),
    route: guessedRoute(url.pathname),
  };
}

/** The pairs of a query or of a form, decoded. */
export function queryPairs(text: string): readonly ImportedPair[] {
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value: sentText(value) }));
}

const number = /^\d+$/;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const hash = /^(?=.*\d)[0-9a-f]{12,}$/i;
const mixed = /^(?=(?:.*\d){4})[\w-]{20,}$/;

/** The path with `:id` for what looks like one, so that requests of one kind are one endpoint; null where nothing does. */
export function guessedRoute(path: string): string | null {
  const parts = path.split('/');
  const route = parts
    .map(part => ([number, uuid, hash, mixed].some(id => id.test(part)) ? ':id' : part))
    .join('/');
  return route === path ? null : route;
}
