import { isSecretName } from '../../safety/secret.ts';
import type { Environment, Expansion } from './environment.ts';
import type { Path } from './place.ts';

/**
 * Whether what the environment brings to this place is a secret: a request, a header, a body, what is expected of an answer,
 * data, the API's commands and its readiness request.
 */
export function holdsSecrets([section, ...inner]: Path): boolean {
  if (section === 'data') return true;
  if (inner.includes('auth')) return inner.includes('command') || credentials.includes(String(inner.at(-1)));
  if (section === 'defaults') return inner[0] === 'headers';
  if (section === 'serve') return ['install', 'build', 'start', 'ready'].includes(String(inner[0]));
  const isList = ['steps', 'setup', 'teardown'].includes(String(section));
  if (section !== 'journeys' && !isList) return false;
  const path = isList ? inner.slice(1) : inner[1] === 'steps' ? inner.slice(3) : undefined;
  const step = path?.[0] === 'steps' ? path.slice(2) : path;
  if (step === undefined) return false;
  const [key, part] = step.map(String);
  const inExpect = key === 'expect' && ['headers', 'body', 'json'].includes(part ?? '');
  return (
    key === undefined ||
    ['request', 'headers', 'body', 'json', 'form', 'multipart', 'graphql'].includes(key) ||
    inExpect
  );
}

/** A shorter value of a variable is often a switch. */
const shortestSecret = 8;

/** The keys of credentials that hold secrets. */
const credentials = [
  'password',
  'bearer',
  'value',
  'accessKeyId',
  'secretAccessKey',
  'clientSecret',
  'sessionToken',
  'secret',
];

/** Whether what the environment brought somewhere is a secret, by the place or by the name of a variable. */
export function isDiscreet({ path, fromEnvironment }: Expansion): boolean {
  return holdsSecrets(path) || fromEnvironment.some(({ name }) => isSecretName(name));
}

/**
 * What the environment brought to places that hold secrets, and to the target from variables that are named like one. What a
 * command takes from it is often a port, a host or a mode: a short number, and whatever the target shows as well, is none.
 */
export function secretsFromEnvironment(expansions: readonly Expansion[], target: string): readonly string[] {
  const inTarget = expansions
    .filter(({ path: [section] }) => section === 'target')
    .flatMap(({ fromEnvironment }) => fromEnvironment)
    .filter(({ name, value }) => isSecretName(name) && !namesHost(value, target))
    .map(({ value }) => value);
  const elsewhere = expansions
    .filter(({ path }) => holdsSecrets(path))
    .flatMap(({ path: [section], fromEnvironment }) => {
      const values = fromEnvironment.map(({ value }) => value);
      if (section !== 'serve') return values;
      return values.filter(value => !/^\d{1,5}$/.test(value) && !target.includes(value));
    });
  return [...inTarget, ...elsewhere];
}

/** What variables hold that are named like a secret: code reads them without a word. */
export function secretVariables(env: Environment): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    isSecretName(name) && value.length >= shortestSecret ? [value] : [],
  );
}

/** Whether a value says which host is loaded, as `${AUTH_URL}` does. */
function namesHost(value: string, target: string): boolean {
  const host = /^https?:\/\/([^/]*)/.exec(target)?.[1] ?? target;
  const written = value.toLowerCase();
  return host.includes(written) || written.includes(host);
}
