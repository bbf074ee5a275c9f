import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Target } from '../../model/run/plan.ts';

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

/**
 * Ports of 127.0.0.1 that nothing uses now, all different, in ascending order. They are not held: until somebody listens there
 * another process may take them, which `serve` tells as `serve.port-in-use` or `serve.exited`.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  try {
    await Promise.all(servers.map(server => once(server.listen(0, '127.0.0.1'), 'listening')));
    return servers.map(server => (server.address() as AddressInfo).port).sort((a, b) => a - b);
  } finally {
    await Promise.all(servers.map(server => new Promise(closed => server.close(closed))));
  }
}
