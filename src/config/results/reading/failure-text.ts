import type { FailureKind } from '../../../model/run/failure.ts';

/** What other tools write of a request without an answer, by what it means; the first that fits counts. */
const texts: readonly (readonly [FailureKind, RegExp])[] = [
  ['timeout', /time[d ]*-?out|timeout|deadline exceeded/i],
  ['refused', /refused/i],
  ['reset', /reset/i],
  ['dns', /no such host|unknownhost|enotfound|eai_again|name or service not known|lookup .* on /i],
  ['tls', /\btls\b|x509|certificate|ssl/i],
  ['closed', /\beof\b|closed|hang up|premature|nohttpresponse/i],
];

/** How a request failed, by what a tool wrote of it; null where that says nothing that Plimsoll knows. */
export function failureOf(text: string): FailureKind | null {
  return texts.find(([, pattern]) => pattern.test(text.slice(0, 1_000)))?.[0] ?? null;
}
