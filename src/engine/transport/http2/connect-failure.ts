import { detailOf, type Failure, failureKindOf } from '../../request/outcome.ts';
import { errorName } from './stream-failure.ts';

const switchOn = '`protocol: http2` (--http2)';

/** How far an attempt came. */
interface Attempt {
  readonly phase: 'connect' | 'tls';
  readonly secure: boolean;
  /** Whether it had begun to speak HTTP/2. */
  readonly speaks: boolean;
}

/** Why an attempt to connect failed. */
export function connectFailure(error: NodeJS.ErrnoException, { phase, secure, speaks }: Attempt): Failure {
  if (error.code?.endsWith('_ALERT_NO_APPLICATION_PROTOCOL')) return otherProtocol(false);
  if (speaks && error.code?.startsWith('ERR_HTTP2_')) {
    const detail = `the server does not speak HTTP/2: it answers something else than frames; if it speaks HTTP/1.1, leave out ${switchOn}`;
    return { kind: 'malformed', phase, detail };
  }
  return { kind: failureKindOf(error, secure), phase, detail: detailOf(error) };
}

/** What is wrong with a server that does not speak HTTP/2 over TLS: it chose another protocol, or none. */
export function otherProtocol(chosen: string | false | null): Failure {
  const found = chosen === 'http/1.1' ? 'chose HTTP/1.1' : 'agreed on no protocol';
  const detail = `the server does not offer HTTP/2: it ${found} (ALPN); leave out ${switchOn}`;
  return { kind: 'tls', phase: 'tls', detail };
}

/** What is said of a connection that the server closed before it could be used; `goaway` is the code that it gave. */
export function closedEarly(phase: Attempt['phase'], speaks: boolean, goaway: number | null): Failure {
  const connecting = phase === 'tls' ? 'amid the TLS handshake' : 'while connecting';
  const during = speaks ? 'before the server spoke HTTP/2' : connecting;
  const why = goaway === null ? '' : `: GOAWAY ${errorName(goaway)}`;
  return { kind: 'closed', phase, detail: `closed ${during}${why}` };
}
