import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { connectorFor } from '../../../src/engine/transport/connector.ts';
import { type Plan, type Tls, type Transport, usualTransport } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { Load } from '../../../src/model/run/scenario.ts';
import { micros, millis } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { closedLoad, openLoad, planFor, request } from '../../pure/plan-builder.ts';
import { pem, type SecureServer, startSecureServer } from './secure-server.ts';

const authority: Partial<Tls> = { ca: pem('ca.crt') };
const once5 = closedLoad(1, 10, 5);

interface Given {
  readonly host?: string;
  readonly tls?: Partial<Tls>;
  readonly load?: Load;
  readonly timeoutMs?: number;
}

function securePlan(
  port: number,
  { host = 'localhost', tls = authority, load = once5, timeoutMs = 5_000 }: Given = {},
): Plan {
  const transport: Transport = { ...usualTransport, tls: { ...usualTransport.tls, ...tls } };
  const base = planFor(port, load, [request('/', { timeout: millis(timeoutMs) })], { transport });
  return { ...base, target: { ...base.target, protocol: 'https', host } };
}

function run(port: number, given?: Given): Promise<Measurement> {
  return measure(securePlan(port, given), { addresses: ['127.0.0.1'] });
}

const total = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const countOf = (encoded: Measurement['connections']['tls']) => Histogram.decode(encoded).count;
const firstOf = ({ failureSamples: [first] }: Measurement) =>
  first && { phase: first.phase, detail: first.detail };

async function withServer<T>(
  options: Parameters<typeof startSecureServer>[0],
  body: (server: SecureServer) => Promise<T>,
): Promise<T> {
  const server = await startSecureServer(options);
  try {
    return await body(server);
  } finally {
    await server.stop();
  }
}

/** A server on a plain socket, whatever it does with connections. */
async function withPlainServer<T>(
  onConnection: (socket: Socket) => void,
  body: (port: number) => Promise<T>,
): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  return await served(server, sockets, body);
}

async function served<T>(
  server: Server,
  sockets: Set<Socket>,
  body: (port: number) => Promise<T>,
): Promise<T> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await body((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

describe('a TLS connection', () => {
  it('is verified by a private authority, and its handshake is timed apart from its TCP connection', () =>
    withServer({ ALPNProtocols: ['h2', 'http/1.1'] }, async ({ port, handshakes }) => {
      const { connections, ...measurement } = await run(port, { load: closedLoad(3, 10, 30) });
      assert.equal(total({ ...measurement, connections }).ok, 30);
      assert.equal(connections.insecure, false);
      assert.equal(connections.attempts, 3);
      assert.deepEqual([countOf(connections.connect), countOf(connections.tls)], [3, 3]);
      assert.equal(handshakes.length, 3);
      assert.deepEqual(handshakes[0], {
        name: 'localhost',
        resumed: false,
        protocol: 'TLSv1.3',
        alpn: 'http/1.1',
        client: null,
      });
    }));

  it('of an open load is as good', () =>
    withServer({}, async ({ port }) => {
      const measurement = await run(port, { load: openLoad(20, 0.5) });
      assert.deepEqual([total(measurement).requests, total(measurement).ok], [10, 10]);
    }));

  it('asks for no name at an address, and is verified by the address', () =>
    withServer({}, async ({ port, handshakes }) => {
      assert.equal(total(await run(port, { host: '127.0.0.1' })).ok, 5);
      assert.equal(handshakes[0]?.name, false);
    }));

  it('asks for the name of serverName and verifies that one', () =>
    withServer({ certificate: 'other-host.crt' }, async ({ port, handshakes }) => {
      const tls = { ...authority, serverName: 'other.test' };
      assert.equal(total(await run(port, { host: '127.0.0.1', tls })).ok, 5);
      assert.equal(handshakes[0]?.name, 'other.test');
    }));

  it('can trust one self-signed certificate', () =>
    withServer({ certificate: 'self-signed.crt' }, async ({ port }) => {
      assert.equal(total(await run(port, { tls: { ca: pem('self-signed.crt') } })).ok, 5);
    }));

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`resumes the latest session in ${maxVersion}, and counts each handshake once`, () =>
      withServer({ maxVersion, close: true }, async ({ port, handshakes }) => {
        const { connections, ...measurement } = await run(port);
        assert.equal(total({ ...measurement, connections }).ok, 5);
        assert.equal(connections.attempts, 5);
        assert.deepEqual([countOf(connections.connect), countOf(connections.tls)], [5, 5]);
        assert.deepEqual(
          handshakes.map(({ resumed, protocol }) => [resumed, protocol]),
          [false, true, true, true, true].map(resumed => [resumed, maxVersion]),
        );
      }));

    it(`shows the client's certificate where the server wants one, in ${maxVersion}`, () =>
      withServer({ maxVersion, requestCert: true, ca: pem('ca.crt') }, async ({ port, handshakes }) => {
        const tls = { ...authority, certificate: pem('client.crt'), key: pem('client.key') };
        assert.equal(total(await run(port, { tls })).ok, 5);
        assert.equal(handshakes[0]?.client, 'plimsoll');
      }));

    it(`fails as tls without the certificate that the server wants, in ${maxVersion}`, () =>
      withServer({ maxVersion, requestCert: true, ca: pem('ca.crt') }, async ({ port, requests }) => {
        const measurement = await run(port, { load: closedLoad(1, 10, 2) });
        assert.deepEqual(total(measurement).failed, { tls: 2 });
        assert.match(
          firstOf(measurement)?.detail ?? '',
          /^TLS alert: (handshake failure|certificate required)$/,
        );
        assert.equal(requests(), 0);
      }));

    it(`is never good for a server of another name, whatever session that offered, in ${maxVersion}`, () =>
      withServer({ maxVersion, certificate: 'other-host.crt' }, async ({ port, requests }) => {
        const measurement = await run(port);
        assert.deepEqual(total(measurement).failed, { tls: 5 });
        assert.equal(requests(), 0);
      }));
  }

  it('reads into one buffer, which all connections share, as plain ones do', async () => {
    const buffers = new Set<Buffer>();
    const read = (plan: Plan) => {
      const connector = connectorFor({ plan, addresses: ['127.0.0.1'], worker: 0 }, () => micros(0));
      const one = () =>
        new Promise<string>((resolve, reject) => {
          const socket = connector.open({
            reached() {},
            ready: () => socket.write('GET / HTTP/1.1\r\n\r\n'),
            data(length, buffer) {
              buffers.add(buffer);
              socket.destroy();
              resolve(buffer.toString('latin1', 0, length).slice(-2));
            },
            ended() {},
            failed: reject,
            closed() {},
          });
        });
      return Promise.all([one(), one(), one()]);
    };
    const texts = await withServer({}, ({ port }) => read(securePlan(port)));
    const answer = 'HTTP/1.1 200 OK\r\n\r\nok';
    texts.push(
      ...(await withPlainServer(
        socket => socket.on('data', () => socket.end(answer)),
        port => read(planFor(port, once5, [request('/')])),
      )),
    );
    assert.deepEqual(texts, ['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
    assert.equal(buffers.size, 1);
  });
});

describe('a TLS connection that cannot be trusted', () => {
  const cases: readonly (readonly [what: string, certificate: string, Partial<Tls>, detail: RegExp])[] = [
    [
      'from an unknown authority',
      'server.crt',
      {},
      /^UNABLE_TO_VERIFY_LEAF_SIGNATURE: .*tls\.ca.*--insecure/,
    ],
    ['self-signed', 'self-signed.crt', {}, /^DEPTH_ZERO_SELF_SIGNED_CERT: .*tls\.ca.*--insecure/],
    ['expired', 'expired.crt', authority, /^CERT_HAS_EXPIRED: .*--insecure/],
    [
      'for another host',
      'other-host.crt',
      authority,
      /^ERR_TLS_CERT_ALTNAME_INVALID: .*localhost.*other\.test.*tls\.serverName/,
    ],
  ];
  for (const [what, certificate, tls, detail] of cases) {
    it(`fails as tls, with OpenSSL's reason and what to do: ${what}`, () =>
      withServer({ certificate }, async ({ port, requests }) => {
        const measurement = await run(port, { tls, load: closedLoad(1, 10, 2) });
        assert.deepEqual(total(measurement).failed, { tls: 2 });
        assert.match(firstOf(measurement)?.detail ?? '', detail);
        assert.equal(firstOf(measurement)?.phase, 'tls');
        assert.deepEqual(measurement.connections.errors, { tls: measurement.connections.attempts });
        assert.equal(countOf(measurement.connections.tls), 0);
        assert.equal(requests(), 0);
      }));

    it(`is used all the same where the scenario is insecure, which the record says: ${what}`, () =>
      withServer({ certificate }, async ({ port }) => {
        const measurement = await run(port, { tls: { ...tls, insecure: true } });
        assert.equal(total(measurement).ok, 5);
        assert.equal(measurement.connections.insecure, true);
      }));
  }

  it('fails as tls where the server speaks HTTP/2 only, and says so', () =>
    withServer({ ALPNProtocols: ['h2'] }, async ({ port }) => {
      const measurement = await run(port, { load: closedLoad(1, 10, 2) });
      assert.deepEqual(total(measurement).failed, { tls: 2 });
      assert.equal(firstOf(measurement)?.phase, 'tls');
      assert.match(firstOf(measurement)?.detail ?? '', /protocol: http2/);
    }));

  it('fails as tls where no cipher is shared', () =>
    withServer({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }, async ({ port }) => {
      const measurement = await run(port, { load: closedLoad(1, 10, 2) });
      assert.deepEqual(total(measurement).failed, { tls: 2 });
      assert.match(firstOf(measurement)?.detail ?? '', /handshake failure/i);
    }));

  it('fails as tls where the server speaks plain HTTP', async () => {
    const sockets = new Set<Socket>();
    const server = createHttpServer((_, response) => response.end('ok'));
    server.on('connection', socket => sockets.add(socket));
    const measurement = await served(server, sockets, port => run(port, { load: closedLoad(1, 10, 2) }));
    assert.deepEqual(total(measurement).failed, { tls: 2 });
    assert.match(firstOf(measurement)?.detail ?? '', /wrong version number|packet length too long/i);
    assert.equal(firstOf(measurement)?.phase, 'tls');
  });

  it('fails as closed where the server closes amid the handshake', async () => {
    const measurement = await withPlainServer(
      socket => socket.once('data', () => socket.end()),
      port => run(port, { load: closedLoad(1, 10, 2) }),
    );
    assert.deepEqual(total(measurement).failed, { closed: 2 });
    assert.deepEqual(firstOf(measurement), { phase: 'tls', detail: 'closed amid the TLS handshake' });
  });

  it('fails as reset where the server resets amid the handshake', async () => {
    const measurement = await withPlainServer(
      socket => socket.once('data', () => socket.resetAndDestroy()),
      port => run(port, { load: closedLoad(1, 10, 2) }),
    );
    assert.deepEqual(total(measurement).failed, { reset: 2 });
    assert.deepEqual(firstOf(measurement), { phase: 'tls', detail: 'ECONNRESET' });
  });

  for (const [model, load] of [
    ['closed', closedLoad(1, 10, 1)],
    ['open', openLoad(2, 0.5)],
  ] as const) {
    it(`times out in the handshake where the server says nothing, in a ${model} load`, async () => {
      const measurement = await withPlainServer(
        () => {},
        port => run(port, { load, timeoutMs: 400 }),
      );
      assert.deepEqual(total(measurement).failed, { timeout: 1 });
      assert.equal(firstOf(measurement)?.phase, 'tls');
      assert.deepEqual(measurement.connections.errors, { timeout: 1 });
      assert.deepEqual(
        [countOf(measurement.connections.connect), countOf(measurement.connections.tls)],
        [1, 0],
      );
    });
  }
});
