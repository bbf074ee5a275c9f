import { isIP } from 'node:net';
import type { Options, Request } from 'autocannon';
import type { Plan } from '../../model/run/plan.ts';
import type { PreparedRequest } from '../request/prepared-request.ts';

/** Longer than any run: at its own end autocannon drops what is under way, so our stages end its clients instead. */
const foreverS = 2e6;

/** What autocannon is told to do: the plan's target, with the same requests as the http engine sends. */
export function optionsFor(
  { target, transport }: Plan,
  addresses: readonly string[],
  requests: readonly PreparedRequest[],
): Options {
  const { protocol, host, port, socketPath } = target;
  const { serverName, ca, certificate, key } = transport.tls;
  const urls = (socketPath === null ? addresses : [host]).map(
    name => `${protocol}://${name.includes(':') ? `[${name}]` : name}:${port}`,
  );
  const name = serverName ?? (isIP(host) === 0 ? host : null);
  return {
    // An array, over which autocannon spreads its connections; its types know one URL only.
    url: urls as unknown as string,
    duration: foreverS,
    requests: requests.map(requestOf),
    tlsOptions: {
      ALPNProtocols: ['http/1.1'],
      ...(ca && { ca }),
      ...(certificate && { cert: certificate }),
      ...(key && { key }),
    },
    ...(socketPath !== null && { socketPath }),
    ...(name !== null && { servername: name }),
  };
}

/** Takes the http engine's bytes apart again; autocannon itself adds `Connection: keep-alive` and a body's length. */
function requestOf({ bytes }: PreparedRequest): Request {
  if (bytes === null) throw new Error('autocannon sends a fixed list of requests, without templates');
  const end = bytes.indexOf('\r\n\r\n');
  const body = bytes.subarray(end + 4);
  const [line = '', ...fields] = bytes.toString('utf8', 0, end).split('\r\n');
  const [method, path = '/'] = line.split(' ');
  const headers: { [name: string]: string } = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon);
    if (body.length > 0 && name.toLowerCase() === 'content-length') continue;
    const value = field.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { method: method as NonNullable<Request['method']>, path, headers, body };
}
