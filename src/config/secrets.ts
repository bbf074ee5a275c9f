import type { Expansion } from './environment.ts';
import type { Path } from './place.ts';

/** Shorter values would shred every report if they were blotted out. */
const minLength = 4;

const sensitiveHeader = /^(proxy-)?authorization$|cookie|token|secret|password|api-?key/;
const sensitiveParameter = /[?&](?:[^=&#]*(?:token|secret|password|api_?-?key|signature))=([^&#]+)/gi;

/** Whether what the environment brings to this place of a scenario is a secret: a request, a header, a body, data. */
export function holdsSecrets([section, ...inner]: Path): boolean {
  if (section === 'data') return true;
  if (section === 'defaults') return inner[0] === 'headers';
  if (section !== 'journeys' && section !== 'steps') return false;
  const step = section === 'steps' ? inner.slice(1) : inner[1] === 'steps' ? inner.slice(3) : undefined;
  if (step === undefined) return false;
  return step.length === 0 || ['request', 'headers', 'body', 'json'].includes(String(step[0]));
}

/** What the environment brought to places that hold secrets. */
export function secretsFromEnvironment(expansions: readonly Expansion[]): readonly string[] {
  return expansions
    .filter(({ path }) => holdsSecrets(path))
    .flatMap(({ fromEnvironment }) => fromEnvironment);
}

/** Whether a header's value is a secret whoever wrote it. */
export function isSensitiveHeader(name: string): boolean {
  return sensitiveHeader.test(name.toLowerCase());
}

/** The secrets in a header that is known to carry one: its value, and the credentials without their scheme. */
export function secretsInHeader(name: string, value: string): readonly string[] {
  if (!isSensitiveHeader(name)) return [];
  const credentials = /^(?:basic|bearer|digest|token)\s+(.+)$/i.exec(value)?.[1];
  return credentials === undefined ? [value] : [value, credentials];
}

/** The secrets in a path: the values of query parameters that are named like secrets. */
export function secretsInPath(path: string): readonly string[] {
  return [...path.matchAll(sensitiveParameter)].map(match => match[1] ?? '');
}

/** Each secret once, the longest first, so that none hides a part of another; templates are no secrets. */
export function distinctSecrets(secrets: readonly string[]): readonly string[] {
  const kept = secrets.filter(secret => secret.length >= minLength && !secret.includes('{{'));
  return [...new Set(kept)].sort((a, b) => b.length - a.length);
}
