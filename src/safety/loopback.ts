import type { Socket } from 'node:net';

/** Whether load on a URL stays on this machine by its name alone: `localhost`, 127.0.0.0/8, ::1 or a Unix socket. */
export function isLoopback(url: string): boolean {
  if (/^unix:/i.test(url)) return true;
  return URL.canParse(url) && /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/**
 * Whether a socket is connected with itself: where nobody listens on a port that the system also hands out to clients, it may hand out
 * this one, and then takes the connection for one that both ends opened at once (RFC 9293, 3.5).
 */
export function isItsOwnPeer(socket: Socket): boolean {
  const { remotePort } = socket;
  return (
    remotePort !== undefined &&
    socket.localPort === remotePort &&
    socket.localAddress === socket.remoteAddress
  );
}
