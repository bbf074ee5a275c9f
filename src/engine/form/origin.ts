import type { HttpProxy, Target } from '../../model/run/plan.ts';

/** The origin of a target's URLs. */
export function originOf(target: Target): string {
  const { protocol, socketPath } = target;
  return new URL(socketPath === null ? `${protocol}://${hostFieldOf(target)}` : 'http://localhost').origin;
}

/** The path and query of a request's first line, which a proxy is told with the origin. */
export function targetIn(head: string): string {
  const start = head.indexOf(' ') + 1;
  const target = head.slice(start, head.indexOf(' ', start));
  return target.replace(/^http:\/\/[^/]*/, '');
}

/** A request as a proxy is asked: with the origin before its path, and with credentials (RFC 9112, section 3.2.2). */
export function asForwarded(bytes: Buffer, target: Target, { authorization }: HttpProxy): Buffer {
  const path = bytes.indexOf(' ') + 1;
  const fields = bytes.indexOf('\r\n') + 2;
  return Buffer.concat([
    bytes.subarray(0, path),
    Buffer.from(originOf(target)),
    bytes.subarray(path, fields),
    Buffer.from(authorization === null ? '' : `proxy-authorization: ${authorization}\r\n`),
    bytes.subarray(fields),
  ]);
}

/** What the header `host` says of a target. */
export function hostFieldOf({ host, port, protocol }: Target): string {
  const isDefaultPort = port === (protocol === 'https' ? 443 : 80);
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return `${bracketed}${isDefaultPort ? '' : `:${port}`}`;
}
