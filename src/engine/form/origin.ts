import type { Target } from '../../model/run/plan.ts';

/** The origin of a target's URLs. */
export function originOf(target: Target): string {
  const { protocol, socketPath } = target;
  return new URL(socketPath === null ? `${protocol}://${hostFieldOf(target)}` : 'http://localhost').origin;
}

/** The path and query of a request's first line. */
export function targetIn(head: string): string {
  const start = head.indexOf(' ') + 1;
  return head.slice(start, head.indexOf(' ', start));
}

/** What the header `host` says of a target. */
export function hostFieldOf({ host, port, protocol }: Target): string {
  const isDefaultPort = port === (protocol === 'https' ? 443 : 80);
  const bracketed = host.includes(':') ? `[${host}]` : host;
  return `${bracketed}${isDefaultPort ? '' : `:${port}`}`;
}
