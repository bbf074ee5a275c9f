import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext } from 'node:tls';
import type { Plan } from '../../model/run/plan.ts';

/** Opens a socket that speaks TLS; `secureConnect` says that the handshake is over and the server is who it should be. */
export type ConnectTls = (options: ConnectionOptions) => Socket;

/**
 * A TLS client for a plan's target. All its connections share one context, which is costly to make, and offer the latest
 * session, as browsers do, so that only the first handshake is a full one where the server agrees.
 */
export function tlsClient({ target, transport }: Pick<Plan, 'target' | 'transport'>): ConnectTls {
  const { insecure, ca, certificate, key, serverName } = transport.tls;
  const secureContext = createSecureContext({
    ...(ca === null ? {} : { ca }),
    ...(certificate === null || key === null ? {} : { cert: certificate, key }),
  });
  const name = serverName ?? (isIP(target.host) === 0 ? target.host : null);
  const shared: ConnectionOptions = {
    secureContext,
    // A server that does not speak HTTP/2 is to say so.
    ALPNProtocols: transport.protocol === 'http2' ? ['h2', 'http/1.1'] : ['http/1.1'],
    rejectUnauthorized: !insecure,
    ...(name === null ? {} : { servername: name }),
  };
  let latest: Buffer | null = null;
  return options => {
    const socket = connect({ ...options, ...shared, ...(latest === null ? {} : { session: latest }) });
    // Node tells of a session only once its own connection was found good; a resumed one is not checked again.
    socket.on('session', session => {
      latest = session;
    });
    return socket;
  };
}
