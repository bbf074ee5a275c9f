import type { Socket } from 'node:net';
import type { AnswerDelays } from './answer-delays.ts';
import { type Wait, waitUntil } from './precise-wait.ts';

const requestLine = /^[!-~]+ [!-~]+ HTTP\/1\.[01]\r?\n/;
const longestLine = 8_192;

/**
 * Joins a client's connection with one of its own to the server and passes on what comes, byte for byte: bodies are
 * streamed, headers stay as they are, an end is passed on as an end and a reset as a reset, and each side keeps its
 * connection as long as the other does. Only the first bytes of an answer wait, and an end that follows them at once: by
 * what `delays` says of the time from the last bytes of the request to them.
 *
 * An answer is what comes first from the server after something came from the client, which is right as long as the
 * client waits for its answer before it sends the next request (no pipelining). `100 Continue` counts as an answer
 * too; where a server answers before it has all of a request's body, the answer may be delayed in two places. On a
 * new connection the time includes that of connecting to the server.
 */
export function tunnel(client: Socket, server: Socket, delays: AnswerDelays): void {
  let askedMs: number | null = null;
  let line = '';
  let wait: Wait | null = null;
  let isWaiting = false;

  client.on('data', bytes => {
    if (askedMs === null) line = lineOf(bytes) ?? line;
    pass(bytes, client, server);
    askedMs = performance.now();
  });
  server.on('data', bytes => {
    const nowMs = performance.now();
    const tookMs = askedMs === null ? null : nowMs - askedMs;
    askedMs = null;
    const delayMs = tookMs === null ? 0 : delays.delayOf(line, tookMs);
    if (delayMs <= 0) return pass(bytes, server, client);
    server.pause();
    isWaiting = true;
    wait = waitUntil(nowMs + delayMs, () => {
      isWaiting = false;
      server.resume();
      pass(bytes, server, client);
      if (server.readableEnded) client.end();
    });
  });
  client.on('end', () => server.end());
  // A paused socket tells its end all the same where nothing of it is left to be read.
  server.on('end', () => isWaiting || client.end());
  client.on('error', () => cut(server));
  server.on('error', () => cut(client));
  // Not when the server closes: its answer may still wait.
  client.on('close', () => wait?.cancel());
}

function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

/** Ends a connection as its other half ended: by a reset, which a Unix socket does not have. */
function cut(socket: Socket): void {
  if (socket.destroyed) return;
  try {
    socket.resetAndDestroy();
  } catch {
    socket.destroy();
  }
}

function lineOf(bytes: Buffer): string | null {
  const end = bytes.indexOf(10);
  if (end < 0 || end > longestLine) return null;
  const text = bytes.toString('latin1', 0, end + 1);
  return requestLine.test(text) ? text.trimEnd() : null;
}
