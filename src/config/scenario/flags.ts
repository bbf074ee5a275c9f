import { type Problem, problem } from '../../model/error.ts';
import { type Plan, usualTransport } from '../../model/run/plan.ts';
import type { RequestStep } from '../../model/run/scenario.ts';
import { secretsInBody } from '../../safety/found-secrets.ts';
import { proxiesOf, proxyTo, secretsOfProxies } from '../../safety/proxy/proxy-rules.ts';
import { distinctSecrets, isSecretName, secretsInHeader, secretsInPath } from '../../safety/secret.ts';
import { parseHeader } from '../grammar/header.ts';
import { bodiless, parseRequestLine } from '../grammar/request-line.ts';
import { routeOf } from '../grammar/route.ts';
import { parseRequestUrl } from '../grammar/target-url.ts';
import { literal } from '../grammar/template.ts';
import { type Diagnostics, gather } from '../source/diagnostics.ts';
import type { Environment } from '../source/environment.ts';
import { digestOfWorkload } from './digest.ts';
import { type FlagLoad, loadFromFlags, timeFrom } from './flag-load.ts';

/** What a run without a file is told on the command line. */
export interface FlagRun extends FlagLoad {
  readonly url: string;
  /** Default: GET. */
  readonly method?: string | undefined;
  /** Each as `name: value`. */
  readonly headers?: readonly string[] | undefined;
  readonly body?: string | undefined;
  /** Default: 10s. */
  readonly timeout?: string | undefined;
  /** Accepts any TLS certificate. Default: false. */
  readonly insecure?: boolean | undefined;
  /** Speaks HTTP/2. Default: false. */
  readonly http2?: boolean | undefined;
}

/** The plan of a run without a file: one request, again and again. All mistakes are told at once. */
export function planFromFlags(flags: FlagRun, env: Environment = {}): Plan {
  const diagnostics = gather();
  refuseRepeated(flags, diagnostics);
  const url = diagnostics.attempt('--url', () => parseRequestUrl(flags.url));
  const load = loadFromFlags(flags, diagnostics);
  const timeout = diagnostics.attempt('--timeout', () => timeFrom(flags.timeout ?? '10s', 'aboveZero'));
  const headers = headersFromFlags(flags, diagnostics);
  const method = methodFromFlags(flags, diagnostics);
  if (url === undefined || load === undefined || timeout === undefined || method === undefined)
    return diagnostics.fail();
  const proxies = proxiesOf(env);
  diagnostics.attempt('--url', () => {
    const proxy = proxyTo(proxies, url.target);
    if (proxy === null || flags.http2 !== true) return;
    const [found, expected] = [`the proxy of ${proxy.from}`, 'no proxy beside HTTP/2'];
    throw problem('proxy.invalid', { found, expected, instead: 'NO_PROXY with the host of the target' });
  });
  diagnostics.finish();

  const endpoint = { name: routeOf(method, url.path), method };
  const expect = { statuses: null, schema: null };
  const body = flags.body ?? null;
  const step: RequestStep = {
    kind: 'request',
    endpoint: 0,
    method,
    path: literal(url.path),
    headers: headers.map(([name, value]) => ({ name, value: literal(value) })),
    body: body === null ? null : { template: literal(body), escape: 'none' },
    timeout,
    expect,
    captures: [],
  };
  const written = {
    endpoint: endpoint.name,
    request: `${method} ${url.path}`,
    headers: headers.map(([name, value]) => [name, isSecretName(name) ? null : value]),
    body,
    timeout,
    expect,
    captures: [],
  };
  const transport = {
    ...usualTransport,
    tls: { ...usualTransport.tls, insecure: flags.insecure ?? false },
    ...(flags.http2 === true ? ({ protocol: 'http2' } as const) : {}),
  };
  const [engine, connections] = ['http', { max: 1_000 }] as const;
  const workload = { load, seed: 1, engine, connections, transport, data: [] };
  return {
    scenario: 'url',
    file: null,
    digest: digestOfWorkload(workload, [{ weight: 1, steps: [written] }]),
    target: url.target,
    serve: null,
    ...workload,
    ...(proxies === undefined ? {} : { proxies }),
    abortOn: null,
    signals: [],
    endpoints: [endpoint],
    journeys: [{ name: 'url', weight: 1, steps: [step], slots: 0 }],
    secrets: distinctSecrets([
      ...secretsOfProxies(proxies),
      ...secretsInPath(url.path),
      ...headers.flatMap(([name, value]) => secretsInHeader(name, value)),
      ...secretsInBody(body ?? ''),
    ]),
  };
}

/** A flag that stands twice in a command line is a list here; which of its values is meant, nobody can tell. */
function refuseRepeated({ headers: _headers, ...single }: FlagRun, diagnostics: Diagnostics): void {
  for (const [name, value] of Object.entries(single)) {
    if (Array.isArray(value)) diagnostics.add(givenTwice(`--${name}`, value));
  }
  diagnostics.finish();
}

/** The mistake of a flag that was given more than once. */
export function givenTwice(flag: string, values: readonly unknown[]): Problem {
  return {
    code: 'command.repeated-flag',
    where: flag,
    found: `${flag} ${values.length === 2 ? 'twice' : `${values.length} times`}`,
    expected: `${flag} once`,
  };
}

function headersFromFlags(
  { headers = [], body }: FlagRun,
  diagnostics: Diagnostics,
): readonly (readonly [name: string, value: string])[] {
  const read = headers.flatMap(text => diagnostics.attempt('--header', () => parseHeader(text)) ?? []);
  const all = read.map(({ name, value }) => [name, value] as const);
  const isPlain = body === undefined || !isJsonText(body) || all.some(([name]) => name === 'content-type');
  return isPlain ? all : [...all, ['content-type', 'application/json']];
}

function methodFromFlags({ method = 'GET', body }: FlagRun, diagnostics: Diagnostics): string | undefined {
  return diagnostics.attempt('--method', () => {
    const isToken = /^\S+$/.test(method);
    const upper = method.toUpperCase();
    if (!isToken || upper !== parseRequestLine(`${upper} /`).method || upper !== method) {
      throw problem('command.invalid-value', {
        found: JSON.stringify(method),
        expected: 'a method such as GET or POST',
        ...(isToken ? { instead: upper } : {}),
      });
    }
    if (body !== undefined && bodiless.includes(method)) {
      throw problem('request.unexpected-body', {
        where: '--body',
        found: `a body with ${method}`,
        expected: 'a method whose requests have one',
        instead: '--method POST',
      });
    }
    return method;
  });
}

/** Whether a body is a JSON object or list, and so can only have been meant as JSON. */
function isJsonText(body: string): boolean {
  if (!/^\s*[{[]/.test(body)) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
