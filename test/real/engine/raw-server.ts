import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A running server that answers with bytes of the test's own making. */
export interface RawServer {
  readonly port: number;
  /** Requests by connection, in the order in which these came in. */
  readonly requests: readonly number[];
  /** Connections that have ended, whoever ended them. */
  readonly ended: number;
  /** What went out, as far as it left this process. */
  readonly bytesSent: number;
  stop(): Promise<void>;
}

/** Starts a server; `answer` gets the socket, the number of the request, from 1, over all connections, and its head. */
export async function startRawServer(
  answer: (socket: Socket, number: number, head: string) => void,
): Promise<RawServer> {
  const requests: number[] = [];
  const sockets = new Set<Socket>();
  let [ended, bytesSent, served] = [0, 0, 0];
  const server = createServer({ noDelay: true }, socket => {
    const connection = requests.push(0) - 1;
    let pending = '';
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      bytesSent += socket.bytesWritten - socket.writableLength;
      ended += 1;
    });
    socket.on('data', chunk => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end);
        pending = pending.slice(end + 4);
        requests[connection] = (requests[connection] ?? 0) + 1;
        served += 1;
        answer(socket, served, head);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get ended() {
      return ended;
    },
    get bytesSent() {
      return bytesSent;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Writes the text again and again, for as long as the other side takes it. */
export function flood(socket: Socket, text: string): void {
  const block = Buffer.alloc(65_536 - (65_536 % text.length), text, 'latin1');
  const write = () => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.on('drain', write);
  write();
}
