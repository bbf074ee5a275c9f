import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { connect } from 'node:tls';
import type { HttpProxy, ProxyRules } from '../../../model/run/plan.ts';
import { proxyTo } from '../../../safety/proxy/proxy-rules.ts';
import { parseRequestUrl } from '../../grammar/target-url.ts';

const mostRedirects = 5;

/** The proxy through which a URL is asked for; null for none. */
export function proxyOf(url: string, proxies: ProxyRules | undefined): HttpProxy | null {
  return proxies === undefined ? null : proxyTo(proxies, parseRequestUrl(url).target);
}

/** Asks for a URL, and where it redirects to, each through the proxy that applies to it. */
export async function proxiedAnswer(
  url: string,
  proxies: ProxyRules | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let at = new URL(url);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const answer = await asked(at, proxyOf(at.href, proxies), signal);
    const { statusCode = 0, headers } = answer;
    if (statusCode < 300 || statusCode > 399 || headers.location === undefined) return answer;
    answer.resume();
    at = new URL(headers.location, at);
    if (!/^https?:$/.test(at.protocol)) throw new Error(`a redirect to ${at.protocol}//`);
  }
  throw new Error(`more than ${mostRedirects} redirects`);
}

async function asked(url: URL, proxy: HttpProxy | null, signal: AbortSignal): Promise<IncomingMessage> {
  if (url.protocol === 'https:') {
    const tunnel = proxy === null ? {} : await tunnelTo(url, proxy, signal);
    return await answerTo(overHttps(url, { signal, ...tunnel }), proxy);
  }
  if (proxy === null) return await answerTo(overHttp(url, { signal }), null);
  const { host, port } = proxy;
  const headers = { host: url.host, ...credentialsOf(proxy) };
  return await answerTo(overHttp({ host, port, path: url.href, headers, signal }), proxy);
}

/** A way to a host through a proxy, for one request. */
async function tunnelTo({ hostname, port }: URL, proxy: HttpProxy, signal: AbortSignal) {
  const path = `${hostname}:${port === '' ? 443 : port}`;
  const headers = { host: path, ...credentialsOf(proxy) };
  const asking = overHttp({
    method: 'CONNECT',
    host: proxy.host,
    port: proxy.port,
    path,
    headers,
    signal,
  });
  const socket = await new Promise<IncomingMessage['socket']>((resolve, reject) => {
    asking.once('connect', ({ statusCode = 0 }, tunnel) => {
      if (statusCode >= 200 && statusCode <= 299) return resolve(tunnel as IncomingMessage['socket']);
      tunnel.destroy();
      reject(new Error(`the proxy ${proxy.url} refused ${path}: status ${statusCode}`));
    });
    asking.once('error', error => reject(ofProxy(error, proxy)));
    asking.end();
  });
  const host = hostname.replace(/^\[|\]$/g, '');
  return { agent: false, createConnection: () => connect({ socket, host, servername: host }) } as const;
}

function answerTo(request: ReturnType<typeof overHttp>, proxy: HttpProxy | null): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', error => reject(proxy === null ? error : ofProxy(error, proxy)));
    request.end();
  });
}

function ofProxy(error: Error, { url }: HttpProxy): Error {
  return error.name === 'AbortError' ? error : new Error(`${error.message}, through the proxy ${url}`);
}

const credentialsOf = ({ authorization }: HttpProxy) =>
  authorization === null ? {} : { 'proxy-authorization': authorization };
