import type { DeliverySettings } from '../../config/deliveries.ts';
import { settingsFile } from '../../config/settings.ts';
import { type Environment, expandEnvironment } from '../../config/source/environment.ts';
import { documentOf } from '../../config/source/place.ts';
import { openTelemetry } from '../../deliver/otlp.ts';
import { PlimsollError, problem } from '../../model/error.ts';
import { redactor } from '../../safety/secret.ts';

/** A delivery that can be made. */
export interface OpenDelivery extends Omit<DeliverySettings, 'url'> {
  /** Where it goes; null where the environment says it to OpenTelemetry. */
  readonly url: URL | null;
  /** As people are told of it: without the secrets that its URL holds. */
  readonly name: string;
  /** Takes the URL, its parts and the headers out of a text. */
  readonly clean: (text: string) => string;
  /** The job in CI that a message links to; null where none is known. */
  readonly link: string | null;
}

/** The deliveries that can be made, and why the others cannot. */
export interface Deliveries {
  readonly open: readonly OpenDelivery[];
  /** Sentences. */
  readonly skipped: readonly string[];
}

/**
 * Fills in the variables of deliveries. One whose variable is not set is left out, so that the same settings serve on a machine that has no
 * secrets. Throws a `PlimsollError` of what is wrong with one, before anything is sent.
 */
export function openDeliveries(
  settings: readonly DeliverySettings[] | undefined,
  env: Environment,
): Deliveries {
  if (settings === undefined) return { open: [], skipped: [] };
  const { value, problems } = expandEnvironment(documentOf(settingsFile, { deliver: settings }), env);
  const { deliver } = value as { deliver: readonly DeliverySettings[] };
  const open: OpenDelivery[] = [];
  const skipped: string[] = [];
  for (const [index, delivery] of deliver.entries()) {
    const own = problems.filter(({ at }) => at[1] === index).map(({ problem: one }) => one);
    const malformed = own.filter(({ code }) => code !== 'variable.unset');
    if (malformed.length > 0) throw new PlimsollError(malformed);
    const [unset] = own;
    if (unset !== undefined)
      skipped.push(`${delivery.to} is not told: ${unset.found ?? 'a variable'} is not set`);
    // A default of nothing says that it is meant to be left out where the variable is not set.
    else if (delivery.url?.trim() !== '')
      open.push(opened(delivery, `${settingsFile}: deliver[${index}]`, env));
  }
  return { open, skipped };
}

function opened(delivery: DeliverySettings, where: string, env: Environment): OpenDelivery {
  const { to, headers = {} } = delivery;
  const url = urlOf(delivery, where);
  if (to === 'otlp') openTelemetry();
  else if (url === null) throw problem('value.missing', { where: `${where}.url`, expected: 'a URL' });
  for (const key of ['job', 'labels'] as const) {
    if (delivery[key] === undefined || to === 'pushgateway') continue;
    throw problem('value.unknown-key', {
      where: `${where}.${key}`,
      expected: 'this key for a pushgateway alone',
    });
  }
  const parts = url === null ? [] : [url.pathname.slice(1), url.search.slice(1), url.username, url.password];
  const clean = redactor([...parts, ...Object.values(headers)].filter(isSecret));
  return {
    ...delivery,
    url,
    name: url === null ? to : `${to} (${url.protocol}//${url.host})`,
    clean,
    link: jobUrl(env),
  };
}

/** Of a URL, what is short and stands for nothing is no secret, and would be cut out of every text. */
const isSecret = (part: string) => part.length >= 6;

function urlOf({ url }: DeliverySettings, where: string): URL | null {
  if (url === undefined) return null;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed;
  // Its value stays untold: it may be a secret.
  throw problem('value.invalid', {
    where: `${where}.url`,
    expected: 'a URL that begins with http:// or https://',
  });
}

/** The page of this job, as GitHub, GitLab and Jenkins name it. */
function jobUrl(env: Environment): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const url =
    server && repository && run
      ? `${server}/${repository}/actions/runs/${run}`
      : (env.CI_JOB_URL ?? env.BUILD_URL ?? '');
  return /^https?:\/\/[^\s<>|"]+$/.test(url) ? url : null;
}
