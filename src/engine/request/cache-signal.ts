import type { CacheRule } from '../../model/run/signal.ts';

/** The value of a header field by its name in lower case, itself in lower case; null where there is none. */
export type ReadField = (name: string) => string | null;

/** Reads whether an answer came from a cache: 1 for a hit, 0 for none, NaN where the answer does not say. */
export function cacheReader(rule: CacheRule): (field: ReadField) => number {
  if (rule.by === 'usualHeaders') return usualHeaders;
  const isHit = matcherOf(rule.hit);
  return field => {
    const value = field(rule.header);
    return value === null ? Number.NaN : Number(isHit(value));
  };
}

/** What Cloudflare calls an answer that it had, fresh or stale. */
const cloudflareHits = new Set(['hit', 'stale', 'revalidated', 'updating']);

function usualHeaders(field: ReadField): number {
  const status = field('cache-status');
  if (status !== null) return Number(listsHit(status));
  const cloudflare = field('cf-cache-status');
  if (cloudflare !== null) return Number(cloudflareHits.has(cloudflare));
  const xCache = field('x-cache');
  if (xCache !== null) return Number(xCache.includes('hit'));
  const age = field('age');
  return age === null ? Number.NaN : Number(/^\d{1,10}$/.test(age) && Number(age) > 0);
}

/**
 * Whether any cache of a Cache-Status (RFC 9211) has the parameter `hit`. Names may be quoted, and hold commas and
 * semicolons then; the value is gone through once.
 */
function listsHit(value: string): boolean {
  let [start, isQuoted, isParameter] = [0, false, false];
  for (let at = 0; at <= value.length; at += 1) {
    const character = value[at];
    if (isQuoted && at < value.length) {
      if (character === '\\') at += 1;
      else if (character === '"') isQuoted = false;
      continue;
    }
    if (character === '"') isQuoted = true;
    if (character !== ',' && character !== ';' && character !== undefined) continue;
    const item = value.slice(start, at).trim();
    if (isParameter && (item === 'hit' || item === 'hit=?1')) return true;
    isParameter = character === ';';
    start = at + 1;
  }
  return false;
}

/** Plain text rather than a regular expression, so that no value of a server takes long to match. */
function matcherOf(hit: string): (value: string) => boolean {
  const [isFromStart, isToEnd] = [hit.startsWith('^'), hit.endsWith('$')];
  const text = hit.slice(Number(isFromStart), hit.length - Number(isToEnd)).toLowerCase();
  if (isFromStart && isToEnd) return value => value === text;
  if (isFromStart) return value => value.startsWith(text);
  return isToEnd ? value => value.endsWith(text) : value => value.includes(text);
}
