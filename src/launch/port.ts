import { connect } from 'node:net';
import type { Target } from '../model/plan.ts';

const timeoutMs = 1_000;

/** Where a server listens: a host and a port, or a Unix socket. */
export type Port = { readonly host: string; readonly port: number } | { readonly path: string };

/** Where a target's server listens. A URL puts an IPv6 address into brackets; sockets and servers want it without. */
export function portOf({ host, port, socketPath }: Pick<Target, 'host' | 'port' | 'socketPath'>): Port {
  return socketPath === null ? { host: host.replace(/^\[(.*)\]$/, '$1'), port } : { path: socketPath };
}

/** Whether something accepts connections there. */
export function isListening(port: Port): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ ...port, timeout: timeoutMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
