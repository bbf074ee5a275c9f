import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Plan } from '../model/plan.ts';

/** What a connection hears of its socket. */
export interface SocketEvents {
  /** The connection is ready for requests, TLS included. */
  ready(): void;
  /** The first `length` bytes of the buffer hold what came; they are gone after the call. */
  data(length: number, buffer: Buffer): void;
  /** The server closed its side. */
  ended(): void;
  failed(error: NodeJS.ErrnoException): void;
  closed(): void;
}

/** Opens sockets to the target, address after address. */
export interface Connector {
  readonly secure: boolean;
  open(events: SocketEvents): Socket;
}

/** One read buffer serves every connection of a loop, since each read is handled before the next. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** A connector for a plan's target at its resolved addresses. */
export function connectorFor(plan: Plan, addresses: readonly string[], first: number): Connector {
  const { protocol, host, port } = plan.target;
  const secure = protocol === 'https';
  let turn = first;
  return {
    secure,
    open(events) {
      const address = addresses[turn % addresses.length] ?? host;
      turn += 1;
      const onread = {
        buffer: readBuffer,
        callback: (length: number, buffer: Uint8Array) => {
          events.data(length, buffer as Buffer);
          return true;
        },
      };
      const options = { host: address, port, noDelay: true, onread };
      const socket = secure
        ? connectTls({
            ...options,
            ...(isAddress(host) ? {} : { servername: host }),
            ALPNProtocols: ['http/1.1'],
            rejectUnauthorized: !plan.insecure,
          })
        : connectTcp(options);
      socket.on(secure ? 'secureConnect' : 'connect', events.ready);
      socket.on('end', events.ended);
      socket.on('error', events.failed);
      socket.on('close', events.closed);
      return socket;
    },
  };
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(':');
}
