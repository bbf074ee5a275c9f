import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** A certificate or key of the fixtures, as PEM text. */
export function pem(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}

/** What a secure server saw of one connection. */
export interface Handshake {
  /** The name that the client asked for; false where it asked for none. */
  readonly name: string | false;
  readonly resumed: boolean;
  readonly protocol: string | null;
  readonly alpn: string | false | null;
  /** The common name of the client's certificate; null where it has none. */
  readonly client: string | null;
}

/** A running server that speaks TLS and answers every request with `ok`. */
export interface SecureServer {
  readonly port: number;
  readonly handshakes: readonly Handshake[];
  readonly requests: () => number;
  stop(): Promise<void>;
}

/** Starts a server with the certificate `server.crt`, or another; `close` makes it close each connection after an answer. */
export async function startSecureServer({
  certificate = 'server.crt',
  close = false,
  host = '127.0.0.1',
  ...options
}: TlsOptions & {
  readonly certificate?: string;
  readonly close?: boolean;
  readonly host?: string;
} = {}): Promise<SecureServer> {
  const handshakes: Handshake[] = [];
  const sockets = new Set<TLSSocket>();
  let requests = 0;
  const answer = `HTTP/1.1 200 OK\r\ncontent-length: 2\r\n${close ? 'connection: close\r\n' : ''}\r\nok`;
  const server = createServer({ cert: pem(certificate), key: pem('server.key'), ...options }, socket => {
    const common = socket.getPeerCertificate().subject?.CN;
    handshakes.push({
      name: socket.servername ?? false,
      resumed: socket.isSessionReused(),
      protocol: socket.getProtocol(),
      alpn: socket.alpnProtocol,
      client: typeof common === 'string' ? common : null,
    });
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', chunk => {
      for (const _ of chunk.toString('latin1').matchAll(/\r\n\r\n/g)) {
        requests += 1;
        if (close) socket.end(answer);
        else socket.write(answer);
      }
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    handshakes,
    requests: () => requests,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
