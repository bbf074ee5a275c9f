import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { HttpProxy, Target } from '../../model/run/plan.ts';
import { isItsOwnPeer } from '../../safety/loopback.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { failureKindOf } from '../request/outcome.ts';

/** The longest answer of a proxy. */
const longest = 16_384;

/** What becomes of a tunnel: it stands, or there is none. */
interface TunnelEvents {
  opened(socket: Socket): void;
  failed(error: NodeJS.ErrnoException): void;
}

/**
 * Asks a proxy for a way to a target (CONNECT, RFC 9110, section 9.3.6). Whatever comes in its way names the proxy, without the
 * password.
 */
export function openTunnel(
  options: NetConnectOpts,
  proxy: HttpProxy,
  { host, port }: Pick<Target, 'host' | 'port'>,
  events: TunnelEvents,
): Socket {
  const { url, authorization } = proxy;
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const socket = connect(options);
  let head = Buffer.alloc(0);
  const stop = () => {
    for (const event of ['connect', 'data', 'end', 'error'] as const) socket.removeAllListeners(event);
  };
  const fail = (code: string, what: string) => {
    stop();
    socket.on('error', () => {});
    socket.destroy();
    events.failed(Object.assign(new Error(`the proxy ${url} ${what}`), { code }));
  };
  socket.on('connect', () => {
    if (isItsOwnPeer(socket)) return fail('ECONNREFUSED', 'is not there');
    const credentials = authorization === null ? '' : `proxy-authorization: ${authorization}\r\n`;
    socket.write(`CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n${credentials}\r\n`);
  });
  socket.on('data', chunk => {
    head = Buffer.concat([head, chunk as Buffer]);
    const text = head.toString('latin1', 0, longest);
    const end = text.indexOf('\r\n\r\n');
    const first = printable(text.split('\r\n', 1)[0] ?? '', 80);
    if (!/^H(?:T(?:T(?:P(?:\/(?:1(?:\..*)?)?)?)?)?)?$/s.test(text)) {
      return fail('ERR_PROXY_ANSWER', `answered "${first}"`);
    }
    if (end < 0) return text.length < longest ? undefined : fail('ERR_PROXY_ANSWER', 'answered without end');
    const status = Number(/^HTTP\/1\.\d (\d{3})(?: |\r)/.exec(text)?.[1] ?? 0);
    if (status === 0) return fail('ERR_PROXY_ANSWER', `answered "${first}"`);
    if (status < 200 || status > 299) return fail('ERR_PROXY_REFUSED', `refused ${place}: ${first}`);
    if (head.length > end + 4) return fail('ERR_PROXY_ANSWER', 'sent more than its answer');
    stop();
    events.opened(socket);
  });
  socket.on('end', () => fail('ERR_PROXY_CLOSED', `closed the connection without a way to ${place}`));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    stop();
    socket.on('error', () => {});
    events.failed(ofProxy(error, proxy));
  });
  return socket;
}

/** An error on the way to a proxy, which names it; what this machine lacks is not the proxy's. */
export function ofProxy(error: NodeJS.ErrnoException, { url }: HttpProxy): NodeJS.ErrnoException {
  return failureKindOf(error, false) === 'notSent'
    ? error
    : Object.assign(error, { reason: `the proxy ${url}` });
}
