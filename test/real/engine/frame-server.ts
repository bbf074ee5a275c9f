import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** The types of frames that tests use (RFC 9113, section 6). */
const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goaway: 7 } as const;
const endStream = 1;
const endHeaders = 4;
const acknowledged = 1;
/** What a client says first. */
const prefaceLength = 24;

/** Writes frames of HTTP/2 to one connection. */
export interface FrameWriter {
  readonly socket: Socket;
  /** Which connection it is, from 1. */
  readonly connection: number;
  /** Status 200 and nothing else, whether it ends the answer or not. */
  ok(stream: number, ends?: boolean): void;
  data(stream: number, text: string, ends?: boolean): void;
  reset(stream: number, code: number): void;
  goaway(last: number, code: number): void;
  settings(mostStreams: number): void;
}

/** A running server that speaks HTTP/2 with frames of the test's own making. */
export interface FrameServer {
  readonly port: number;
  readonly connections: number;
  /** Requests that came, in the order of their coming: the connection's number and the stream's. */
  readonly requests: readonly (readonly [connection: number, stream: number])[];
  /** Streams that the client reset, and with which code. */
  readonly resets: readonly (readonly [stream: number, code: number])[];
  stop(): Promise<void>;
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function words(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) buffer.writeUInt32BE(number, index * 4);
  return buffer;
}

function writerFor(socket: Socket, connection: number): FrameWriter {
  const write = (type: number, flags: number, stream: number, payload: Buffer) =>
    void socket.write(frame(type, flags, stream, payload));
  return {
    socket,
    connection,
    // 0x88 is `:status: 200` of the static table (RFC 7541, appendix A).
    ok: (stream, ends = false) =>
      write(types.headers, endHeaders | (ends ? endStream : 0), stream, Buffer.from([0x88])),
    data: (stream, text, ends = false) => write(types.data, ends ? endStream : 0, stream, Buffer.from(text)),
    reset: (stream, code) => write(types.reset, 0, stream, words(code)),
    goaway: (last, code) => write(types.goaway, 0, 0, words(last, code)),
    settings(mostStreams) {
      const payload = Buffer.alloc(6);
      payload.writeUInt16BE(3, 0);
      payload.writeUInt32BE(mostStreams, 2);
      write(types.settings, 0, 0, payload);
    },
  };
}

/** Starts a server; `answer` gets each request's stream, and the number of the request from 1; `reset` each that is cancelled. */
export async function startFrameServer(
  answer: (writer: FrameWriter, stream: number, number: number) => void,
  reset: (writer: FrameWriter, stream: number) => void = () => {},
): Promise<FrameServer> {
  const requests: [number, number][] = [];
  const resets: [number, number][] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, socket => {
    connections += 1;
    const writer = writerFor(socket, connections);
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let pending: Buffer = Buffer.alloc(0);
    let isGreeted = false;
    socket.on('data', chunk => {
      pending = Buffer.concat([pending, chunk]);
      if (!isGreeted) {
        if (pending.length < prefaceLength) return;
        pending = pending.subarray(prefaceLength);
        isGreeted = true;
        writer.settings(100);
      }
      while (pending.length >= 9) {
        const length = pending.readUIntBE(0, 3);
        if (pending.length < 9 + length) return;
        const [type, flags, stream] = [pending.readUInt8(3), pending.readUInt8(4), pending.readUInt32BE(5)];
        const payload = pending.subarray(9, 9 + length);
        pending = pending.subarray(9 + length);
        if (type === types.settings && (flags & acknowledged) === 0) {
          socket.write(frame(types.settings, acknowledged, 0, Buffer.alloc(0)));
        } else if (type === types.ping && (flags & acknowledged) === 0) {
          socket.write(frame(types.ping, acknowledged, 0, payload));
        } else if (type === types.reset) {
          resets.push([stream, payload.readUInt32BE(0)]);
          reset(writer, stream);
        } else if (type === types.headers) {
          const number = requests.push([writer.connection, stream]);
          answer(writer, stream, number);
        }
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    resets,
    get connections() {
      return connections;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
