import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, ListenOptions } from 'node:net';

/** A running server that answers every request with `ok` and counts what it saw. */
export interface CountingServer {
  /** 0 on a Unix socket. */
  readonly port: number;
  /** Connections by the address at which they came in. */
  readonly connections: { readonly [address: string]: number };
  /** Requests by their path and Host header. */
  readonly requests: { readonly [pathAndHost: string]: number };
  stop(): Promise<void>;
}

/** Starts a server at an address or a path; `close` makes it close each connection after an answer. */
export async function startCountingServer({
  close = false,
  ...at
}: ListenOptions & { readonly close?: boolean }): Promise<CountingServer> {
  const connections: { [address: string]: number } = {};
  const requests: { [pathAndHost: string]: number } = {};
  const count = (counts: { [key: string]: number }, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  const server = createServer((request, response) => {
    count(requests, `${request.url} ${request.headers.host}`);
    if (close) response.setHeader('connection', 'close');
    response.end('ok');
  });
  server.on('connection', socket => count(connections, socket.localAddress ?? ''));
  server.listen(at.path === undefined ? { port: 0, ...at } : at);
  await once(server, 'listening');
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    connections,
    requests,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
