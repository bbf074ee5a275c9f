import { problem } from '../../model/error.ts';
import type { HttpProxy, ProxyRules, Target } from '../../model/run/plan.ts';
import { isLoopback } from '../loopback.ts';
import { bypasses } from './bypass.ts';

type Environment = { readonly [name: string]: string | undefined };

/** Where curl looks for a proxy whose URL names no port. */
const usualPort = 1_080;

/** The proxies of a scenario: the one that it names, none, or those of the environment. */
export function proxiesFor(asked: string | undefined, env: Environment): ProxyRules | undefined {
  if (asked === undefined) return proxiesOf(env);
  return asked === 'none' ? undefined : proxyAsked(asked);
}

/** The proxies that the environment names; undefined where it names none. */
export function proxiesOf(env: Environment): ProxyRules | undefined {
  const https = named(env, ['https_proxy', 'HTTPS_PROXY']);
  // Behind a web server, HTTP_PROXY is what a request says in its header `Proxy`.
  const http = named(env, env.REQUEST_METHOD === undefined ? ['http_proxy', 'HTTP_PROXY'] : ['http_proxy']);
  if (https === null && http === null) return undefined;
  return { http, https, except: env.no_proxy ?? env.NO_PROXY ?? '', always: false };
}

/** The one proxy that a scenario names: for every target, wherever it is. */
function proxyAsked(url: string): ProxyRules {
  const proxy = { from: 'proxy', url };
  return { http: proxy, https: proxy, except: '', always: true };
}

function named(
  env: Environment,
  names: readonly string[],
): { readonly from: string; readonly url: string } | null {
  const from = names.find(name => env[name] !== undefined);
  const url = from === undefined ? '' : (env[from] ?? '').trim();
  return from === undefined || url === '' ? null : { from, url };
}

/**
 * The proxy through which a target is asked; null for none. This machine is asked without, unless the scenario names the proxy.
 * A proxy that cannot be used is `proxy.invalid`.
 */
export function proxyTo(rules: ProxyRules | undefined, target: Target): HttpProxy | null {
  const found = rules?.[target.protocol] ?? null;
  if (rules === undefined || found === null || target.socketPath !== null) return null;
  const { host, port, protocol } = target;
  if (!rules.always) {
    const bracketed = host.includes(':') ? `[${host}]` : host;
    if (isLoopback(`${protocol}://${bracketed}/`) || host.endsWith('.localhost')) return null;
    if (bypasses(rules.except, host, port)) return null;
  }
  return parseProxy(found.url, found.from);
}

/** The secrets that proxies are asked with. */
export function secretsOfProxies(rules: ProxyRules | undefined): readonly string[] {
  return [rules?.http, rules?.https].flatMap(found => {
    const url = found && urlOf(found.url);
    if (!url || (url.password === '' && url.username === '')) return [];
    const password = decoded(url.password);
    return [basicOf(url), found.url, ...(password === '' ? [] : [password, url.password])];
  });
}

/** Reads the URL of a proxy. */
function parseProxy(written: string, from: string): HttpProxy {
  const url = urlOf(written);
  if (url === null || url.protocol !== 'http:' || url.hostname === '') {
    throw problem('proxy.invalid', {
      where: from,
      found: url === null ? 'something that is no URL' : `${url.protocol}//${url.host}`,
      expected: 'the URL of an HTTP proxy, such as http://proxy.example.com:3128',
      instead: 'NO_PROXY with the host of the target, if it can be reached without',
    });
  }
  const port = /:80(?:\/|$)/.test(withoutCredentials(written)) ? 80 : Number(url.port || usualPort);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    url: `http://${url.hostname}:${port}`,
    host,
    port,
    from,
    authorization: url.username === '' && url.password === '' ? null : `Basic ${basicOf(url)}`,
  };
}

const withoutCredentials = (url: string) => url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, '$1');

function urlOf(written: string): URL | null {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(written) ? written : `http://${written}`;
  return URL.canParse(url) ? new URL(url) : null;
}

function basicOf({ username, password }: URL): string {
  return Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
