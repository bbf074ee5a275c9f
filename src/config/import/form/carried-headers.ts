import type { ImportedPair } from './imported.ts';

/**
 * What a client sets for one connection, one request or itself: Plimsoll does so too, or a second user would not. `if-none-match` and
 * its like would make answers of a recording's cache.
 */
const ownHeaders = new Set(
  `host content-length connection keep-alive transfer-encoding upgrade te trailer expect http2-settings proxy-connection
  user-agent referer origin dnt priority pragma cache-control upgrade-insecure-requests save-data x-requested-by-devtools
  if-none-match if-modified-since if-match if-unmodified-since if-range range postman-token traceparent tracestate
  x-request-id x-amzn-trace-id x-forwarded-for x-forwarded-proto x-forwarded-host x-real-ip forwarded via`.split(
    /\s+/,
  ),
);

/** The headers of a recorded request that are part of what it asks for, with their names in lower case. */
export function carriedHeaders(headers: readonly ImportedPair[]): readonly ImportedPair[] {
  return headers
    .map(({ name, value }) => ({ name: name.trim().toLowerCase(), value }))
    .filter(({ name }) => !ownHeaders.has(name) && !/^(?::|sec-|proxy-)/.test(name));
}
