import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A running proxy, and the heads of what it was asked. */
export interface ProxyServer {
  readonly port: number;
  readonly heads: readonly string[];
}

/**
 * Starts an HTTP proxy on this machine: it opens tunnels to `to` whatever name it is asked for, and hands on requests with a whole
 * URL. `instead` answers what it is asked with text of its own; null lets it do its work.
 */
export async function startProxy(
  t: Pick<TestContext, 'after'>,
  to: number,
  instead: (head: string) => string | null = () => null,
): Promise<ProxyServer> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', first => {
      const head = first.toString('latin1');
      heads.push(head);
      const own = instead(head);
      if (own !== null) return void socket.end(own);
      const target = connect(to, '127.0.0.1');
      sockets.add(target);
      target.on('error', () => socket.destroy());
      target.on('close', () => socket.destroy());
      socket.on('close', () => target.destroy());
      target.once('connect', () => {
        if (head.startsWith('CONNECT ')) socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        else target.write(first);
        socket.on('data', chunk => {
          if (!head.startsWith('CONNECT ')) heads.push(chunk.toString('latin1'));
        });
        socket.pipe(target).pipe(socket);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, heads };
}
