import type { Expansion } from './environment.ts';
import type { Path } from './place.ts';

/**
 * Whether what the environment brings to this place is a secret: a request, a header, a body, data, the API's commands and
 * its readiness request.
 */
export function holdsSecrets([section, ...inner]: Path): boolean {
  if (section === 'data') return true;
  if (section === 'defaults') return inner[0] === 'headers';
  if (section === 'serve') return ['install', 'build', 'start', 'ready'].includes(String(inner[0]));
  if (section !== 'journeys' && section !== 'steps') return false;
  const step = section === 'steps' ? inner.slice(1) : inner[1] === 'steps' ? inner.slice(3) : undefined;
  if (step === undefined) return false;
  return step.length === 0 || ['request', 'headers', 'body', 'json'].includes(String(step[0]));
}

/**
 * What the environment brought to places that hold secrets. What a command takes from it is often a port, a host or a
 * mode: a short number, and whatever the target shows as well, is none.
 */
export function secretsFromEnvironment(expansions: readonly Expansion[], target: string): readonly string[] {
  return expansions
    .filter(({ path }) => holdsSecrets(path))
    .flatMap(({ path: [section], fromEnvironment }) =>
      section === 'serve'
        ? fromEnvironment.filter(value => !/^\d{1,5}$/.test(value) && !target.includes(value))
        : fromEnvironment,
    );
}
