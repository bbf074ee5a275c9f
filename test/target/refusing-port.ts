import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** A port of 127.0.0.1 that refuses connections and that nobody can take meanwhile. */
export interface RefusingPort {
  readonly port: number;
  release(): Promise<void>;
}

/** Holds a port as the local end of a connection: it is in use, and nobody listens on it. */
export async function refusingPort(): Promise<RefusingPort> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const held = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(held, 'connect');
  const [other] = await accepted;
  held.on('error', () => {});
  return {
    port: held.localPort as number,
    async release() {
      held.destroy();
      other.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
