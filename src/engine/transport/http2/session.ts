import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';

/** How much of an answer may be under way to us: less would make the round trips the limit of a large one. */
const streamWindow = 1_048_576;
const connectionWindow = 16 * streamWindow;

const settings = { enablePush: false, initialWindowSize: streamWindow } as const;
/** Streams and bodies may take more than Node's 10 MB; a scenario has bounds of its own. */
const maxSessionMemory = 100_000;
const maxHeaderListPairs = 2_000;

/** Speaks HTTP/2 on a socket that is connected. */
export function sessionOn(socket: Socket): ClientHttp2Session {
  const session = connect('http://localhost', {
    createConnection: () => socket,
    settings,
    maxSessionMemory,
    maxHeaderListPairs,
  });
  session.setLocalWindowSize(connectionWindow);
  return session;
}
