import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Target } from '../../model/run/plan.ts';
import { isItsOwnPeer } from '../../safety/loopback.ts';

const timeoutMs = 1_000;

/** Where a server listens: a host, what its name was resolved to, and a port; or a Unix socket. */
export type Port =
  | { readonly host: string; readonly addresses: readonly string[]; readonly port: number }
  | { readonly path: string };

/** A target, and the addresses that its name was resolved to, once; of an address they are left out. */
export type ResolvedTarget = Pick<Target, 'host' | 'port' | 'socketPath'> & {
  readonly addresses?: readonly string[];
};

/** Where a target's server listens. A URL puts an IPv6 address into brackets; sockets and servers want it without. */
export function portOf({ host: written, port, socketPath, addresses }: ResolvedTarget): Port {
  if (socketPath !== null) return { path: socketPath };
  const host = written.replace(/^\[(.*)\]$/, '$1');
  return { host, addresses: addresses ?? [host], port };
}

/** Whether something accepts connections there, at any of the addresses; the name is not resolved anew. */
export async function isListening(place: Port): Promise<boolean> {
  if ('path' in place) return await accepts(place);
  const { addresses, port } = place;
  return (await Promise.all(addresses.map(host => accepts({ host, port })))).includes(true);
}

function accepts(place: { readonly host: string; readonly port: number } | { readonly path: string }) {
  return new Promise<boolean>(resolve => {
    const socket = connect({ ...place, timeout: timeoutMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(!isItsOwnPeer(socket)));
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
