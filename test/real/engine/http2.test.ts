import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createSecureServer,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { sendOnce } from '../../../src/engine/once.ts';
import { type Plan, type Transport, usualTransport } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import type { Load, RequestStep, Step } from '../../../src/model/run/scenario.ts';
import { bytes, millis } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { closedLoad, openLoad, planFor, request, text } from '../../pure/plan-builder.ts';
import { planOf } from '../config/workspace.ts';
import { type FrameWriter, startFrameServer } from './frame-server.ts';
import { pem } from './secure-server.ts';

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, number: number) => void;

interface Given {
  readonly load?: Load;
  readonly steps?: readonly Step[];
  readonly transport?: Partial<Transport>;
  readonly plan?: Partial<Plan>;
}

function planTo(port: number, { load = closedLoad(1, 10, 5), steps, transport, plan }: Given = {}): Plan {
  return planFor(port, load, steps ?? [request('/')], {
    transport: { ...usualTransport, protocol: 'http2', ...transport },
    ...plan,
  });
}

const run = (port: number, given?: Given) => measure(planTo(port, given), { addresses: ['127.0.0.1'] });
const total = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const firstOf = ({ failureSamples: [first] }: Measurement) => first?.detail;

/** A server of Node's own, and what it saw. */
async function serve(
  t: TestContext,
  answer: Answer = stream => {
    stream.respond({ ':status': 200 });
    stream.end('ok');
  },
  { secure = false, mostStreams = 100 } = {},
) {
  const seen = { requests: [] as IncomingHttpHeaders[], sessions: 0, most: 0, resets: [] as number[] };
  const settings = { maxConcurrentStreams: mostStreams };
  const server = secure
    ? createSecureServer({ key: pem('server.key'), cert: pem('server.crt'), settings })
    : createServer({ settings });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', session => {
    seen.sessions += 1;
    sessions.add(session);
    session.on('error', () => {});
  });
  let open = 0;
  server.on('stream', (stream, headers) => {
    open += 1;
    seen.most = Math.max(seen.most, open);
    stream.on('error', () => {});
    stream.on('close', () => {
      open -= 1;
      if (stream.rstCode !== 0) seen.resets.push(stream.rstCode);
    });
    answer(stream, headers, seen.requests.push(headers));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const session of sessions) session.destroy();
  });
  return { seen, sessions, port: (server.address() as AddressInfo).port };
}

/** A server that answers each request with frames of the test's own making. */
async function frames(t: TestContext, ...given: Parameters<typeof startFrameServer>) {
  const server = await startFrameServer(...given);
  t.after(() => server.stop());
  return server;
}

const hello = (writer: FrameWriter, stream: number) => {
  writer.ok(stream);
  writer.data(stream, 'hello', true);
};

describe('HTTP/2', () => {
  it('is spoken with prior knowledge, many requests at once on one connection', async t => {
    const { port, seen } = await serve(t, stream =>
      setTimeout(() => {
        stream.respond({ ':status': 200, 'x-request-id': 'r1' });
        stream.end('hello');
      }, 100),
    );
    const measurement = await run(port, { load: openLoad(100, 1) });
    assert.deepEqual([total(measurement).ok, seen.requests.length], [100, 100]);
    assert.equal(seen.sessions, 1);
    assert.ok(seen.most > 1, `${seen.most} at once`);
    const { attempts, peak, streams, moved, connect } = measurement.connections;
    assert.deepEqual([attempts, peak, streams, moved], [1, 1, 100, 0]);
    assert.equal(Histogram.decode(connect).count, 1);
    assert.equal(total(measurement).bytes, 500);
    assert.equal(measurement.slowest[0]?.requestId, 'r1');
    assert.ok((measurement.slowest[0]?.serviceMs ?? 0) >= 99, `${measurement.slowest[0]?.serviceMs} ms`);
  });

  it('is agreed on over TLS, whose certificate is verified', async t => {
    const { port, seen } = await serve(t, undefined, { secure: true });
    const to = (ca: string | null) => {
      const plan = planTo(port, { transport: { tls: { ...usualTransport.tls, ca } } });
      const target = { ...plan.target, protocol: 'https', host: 'localhost' } as const;
      return measure({ ...plan, target }, { addresses: ['127.0.0.1'] });
    };
    const trusted = await to(pem('ca.crt'));
    assert.deepEqual([total(trusted).ok, trusted.connections.attempts], [5, 1]);
    assert.deepEqual(
      [seen.requests[0]?.[':scheme'], seen.requests[0]?.[':authority']],
      ['https', `localhost:${port}`],
    );
    assert.equal(Histogram.decode(trusted.connections.tls).count, 1);
    assert.deepEqual(total(await to(null)).failed, { tls: 5 });
  });

  it('never has more streams on a connection than the server allows, and opens another', async t => {
    const slow: Answer = stream =>
      setTimeout(() => stream.respond({ ':status': 204 }, { endStream: true }), 100);
    const { port, seen } = await serve(t, slow, { mostStreams: 3 });
    const measurement = await run(port, { load: openLoad(60, 0.5), plan: { connections: { max: 2 } } });
    assert.deepEqual([total(measurement).ok, total(measurement).errors], [30, 0]);
    assert.deepEqual([seen.sessions, measurement.connections.streams], [2, 3]);
    assert.ok(seen.most <= 6, `${seen.most} at once`);
  });

  it('has no more streams than the scenario says; users of a closed load share connections then', async t => {
    const slow: Answer = stream =>
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 20);
    const shared = await serve(t, slow);
    const load = closedLoad(10, 10, 40);
    const measurement = await run(shared.port, { load, transport: { streams: 4 } });
    assert.deepEqual([total(measurement).ok, shared.seen.sessions, measurement.connections.peak], [40, 3, 3]);
    const own = await serve(t, slow);
    assert.equal((await run(own.port, { load })).connections.attempts, 10);
    assert.equal(own.seen.sessions, 10);
  });

  it('makes parallel requests of a user on its one connection', async t => {
    const { port, seen } = await serve(t, stream =>
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 50),
    );
    const plan = await planOf(`target: http://127.0.0.1:${port}
protocol: http2
load: { model: closed, users: 2, iterations: 4, maxDuration: 20s }
steps:
  - parallel: [GET /a, GET /b, GET /c]
`);
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    assert.deepEqual([total(measurement).ok, seen.sessions, seen.most], [12, 2, 6]);
  });

  it('sends what HTTP/1.1 would send: headers, cookies, bodies and redirects; and reads the answers alike', async t => {
    const bodies: string[] = [];
    const { port, seen } = await serve(t, async (stream, headers) => {
      let body = '';
      for await (const chunk of stream) body += chunk;
      bodies.push(body);
      if (headers[':path'] === '/login') {
        stream.respond(
          { ':status': 303, location: '/home', 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] },
          { endStream: true },
        );
        return;
      }
      stream.respond({ ':status': 200, 'content-type': 'application/json', 'x-next': 'n7' });
      stream.end('{"id":17}');
    });
    const plan = await planOf(`target: http://127.0.0.1:${port}
protocol: http2
cookies: true
load: { model: closed, users: 1, iterations: 1, maxDuration: 20s }
steps:
  - { request: POST /login, json: { user: ä }, redirects: follow }
  - request: GET /item
    capture: { id: $.id, next: { header: x-next } }
    expect: { status: 200, headers: { x-next: n7 }, json: { $.id: 17 } }
  - 'GET /items/{{id}}?next={{next}}'
`);
    const { exchanges } = await sendOnce(plan, { addresses: ['127.0.0.1'] });
    assert.deepEqual(
      exchanges.map(({ failure }) => failure),
      [null, null, null, null],
    );
    const sent = seen.requests.map(({ ':method': method, ':path': path, cookie }) => [method, path, cookie]);
    assert.deepEqual(sent, [
      ['POST', '/login', undefined],
      ['GET', '/home', 'a=1; b=2'],
      ['GET', '/item', 'a=1; b=2'],
      ['GET', '/items/17?next=n7', 'a=1; b=2'],
    ]);
    assert.deepEqual(bodies, ['{"user":"ä"}', '', '', '']);
    assert.equal(seen.requests[0]?.['content-length'], '13');
    assert.match(exchanges[0]?.request ?? '', /^POST \/login HTTP\/2\r\nhost: 127/);
    assert.match(
      exchanges[2]?.answer?.head ?? '',
      /^HTTP\/2 200\r\ncontent-type: application\/json\r\nx-next: n7/,
    );
    assert.equal(exchanges[2]?.answer?.body, '{"id":17}');
  });

  it('carries large bodies in both directions, in the windows of both', async t => {
    const size = 5_000_000;
    const { port } = await serve(t, async stream => {
      let received = 0;
      for await (const chunk of stream) received += chunk.length;
      stream.respond({ ':status': received === size ? 200 : 400 });
      stream.end(Buffer.alloc(size, 'x'));
    });
    const upload = request('/', {
      method: 'POST',
      body: { template: text('y'.repeat(size)), escape: 'none' },
    });
    const measurement = await run(port, { load: closedLoad(2, 20, 4), steps: [upload] });
    assert.deepEqual([total(measurement).ok, total(measurement).bytes], [4, 4 * size]);
  });

  it('reads heads without bodies, interim answers and trailers', async t => {
    const { port } = await serve(t, (stream, headers) => {
      if (headers[':method'] === 'HEAD') {
        stream.respond({ ':status': 200, 'content-length': '5000' }, { endStream: true });
      } else if (headers[':path'] === '/early') {
        stream.additionalHeaders({ ':status': 103, link: '</a.css>' });
        setTimeout(() => stream.respond({ ':status': 204 }, { endStream: true }), 100);
      } else {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ sum: '1' }));
        stream.end('ok');
      }
    });
    const head: Partial<RequestStep> = { method: 'HEAD' };
    const steps = [request('/', head), request('/early', { endpoint: 1 }), request('/', { endpoint: 2 })];
    const measurement = await run(port, { load: closedLoad(1, 10, 2), steps });
    assert.deepEqual([total(measurement).ok, total(measurement).errors], [6, 0]);
    const early = analyse(measurement).of({ kind: 'endpoint', endpoint: 'GET /early' }).figures;
    const [first, whole] = (['firstByte', 'service'] as const).map(
      kind => early.distribution(kind).histogram,
    );
    assert.ok((whole?.min ?? 0) - (first?.max ?? 0) > 20_000, 'the interim answer is the first byte');
  });

  it('reads streamed answers event by event', async t => {
    const { port } = await serve(t, (stream, headers) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.write('data: 1\n\nda');
      setTimeout(() => {
        if (headers[':path'] === '/cut') stream.end('ta: 2');
        else stream.end('ta: 2\n\n');
      }, 1_000);
    });
    const plan = await planOf(`target: http://127.0.0.1:${port}
protocol: http2
load: { model: closed, users: 1, iterations: 2, maxDuration: 20s }
steps: [{ request: GET /, stream: sse }, { request: GET /cut, stream: sse }]
`);
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    assert.deepEqual([total(measurement).ok, total(measurement).failed], [2, { stream: 2 }]);
    const whole = analyse(measurement).of({ kind: 'endpoint', endpoint: 'GET /' }).figures;
    const gap = whole.distribution('gap').histogram;
    assert.equal(gap.count, 2);
    assert.ok(gap.min >= 50_000, `${gap.min} µs between the events`);
  });

  it('cancels the stream of a request that takes too long, and leaves its neighbours alone', async t => {
    const { port, seen } = await serve(t, (stream, headers) => {
      if (headers[':path'] === '/hang') return;
      setTimeout(() => stream.respond({ ':status': 200 }, { endStream: true }), 20);
    });
    const hang = request('/hang', { endpoint: 1, timeout: millis(150) });
    const plan = planTo(port, { load: openLoad(40, 1), steps: [request('/ok')] });
    const journeys = [plan.journeys[0], { name: 'hang', weight: 0.2, steps: [hang], slots: 0 }].filter(
      journey => journey !== undefined,
    );
    const endpoints = [...plan.endpoints, { name: 'GET /hang', method: 'GET' }];
    const measurement = await measure({ ...plan, journeys, endpoints }, { addresses: ['127.0.0.1'] });
    const hung = seen.requests.filter(sent => sent[':path'] === '/hang').length;
    assert.ok(hung > 0, 'some hang');
    assert.deepEqual(total(measurement).failed, { timeout: hung });
    assert.equal(total(measurement).ok, 40 - hung);
    // The connection answers others meanwhile, so that it is kept; each cancelled stream reads CANCEL.
    assert.equal(seen.sessions, 1);
    assert.deepEqual(
      seen.resets,
      Array.from({ length: hung }, () => 8),
    );
  });

  it('lets a hang never improve the tail', async t => {
    const { port, seen } = await serve(t, (stream, _headers, number) => {
      if (number % 20 !== 0) stream.respond({ ':status': 200 }, { endStream: true });
    });
    const steps = [request('/', { timeout: millis(1_000) })];
    const measurement = await run(port, { load: openLoad(100, 1), steps });
    assert.deepEqual([total(measurement).ok, total(measurement).failed], [95, { timeout: 5 }]);
    assert.equal(seen.requests.length, 100);
    const times = total(measurement).distribution('response').histogram;
    assert.ok(times.quantile(0.97) >= 1_000_000, `${times.quantile(0.97)} µs`);
  });

  it('takes no harm from an answer to a request that it cancelled', async t => {
    const server = await frames(
      t,
      (writer, stream, number) => {
        if (number > 1) setTimeout(() => hello(writer, stream), 20);
      },
      hello,
    );
    const steps = [request('/', { timeout: millis(1_000) })];
    const load = closedLoad(2, 30, 80);
    const measurement = await run(server.port, { load, steps, transport: { streams: 2 } });
    assert.deepEqual([total(measurement).ok, total(measurement).failed], [79, { timeout: 1 }]);
    assert.deepEqual(server.resets, [[1, 8]]);
    assert.equal(server.connections, 1);
  });

  it('sends nothing more on a connection that has gone silent', async t => {
    const server = await frames(t, (writer, stream) => {
      if (writer.connection > 1) hello(writer, stream);
    });
    const measurement = await run(server.port, { steps: [request('/', { timeout: millis(1_000) })] });
    assert.deepEqual([total(measurement).ok, total(measurement).failed], [4, { timeout: 1 }]);
    assert.equal(server.connections, 2);
  });

  const broken: readonly (readonly [
    what: string,
    answer: Parameters<typeof startFrameServer>[0],
    failed: object,
    detail: RegExp,
  ])[] = [
    [
      'reset before its answer',
      (writer, stream) => writer.reset(stream, 2),
      { reset: 3 },
      /without an answer.*INTERNAL_ERROR/,
    ],
    [
      'reset amid its answer',
      (writer, stream) => {
        writer.ok(stream);
        writer.data(stream, 'hal');
        writer.reset(stream, 8);
      },
      { reset: 3 },
      /amid the answer.*CANCEL/,
    ],
    ['refused', (writer, stream) => writer.reset(stream, 7), { refused: 3 }, /REFUSED_STREAM/],
    [
      'ended without an answer and without an error',
      (writer, stream) => writer.reset(stream, 0),
      { closed: 3 },
      /closed without an answer/,
    ],
    [
      'cut off by the end of its connection',
      writer => void writer.socket.end(),
      { closed: 3 },
      /closed without an answer/,
    ],
    [
      'cut off amid its answer',
      (writer, stream) => {
        writer.ok(stream);
        writer.data(stream, 'hal');
        writer.socket.end();
      },
      { closed: 3 },
      /closed amid the answer/,
    ],
    [
      'cut off by a reset connection',
      writer => void writer.socket.resetAndDestroy(),
      { reset: 3 },
      /ECONNRESET/,
    ],
    [
      'answered by an error of the connection',
      (writer, stream) => writer.goaway(stream, 11),
      { closed: 3 },
      /GOAWAY ENHANCE_YOUR_CALM/,
    ],
  ];
  for (const [what, answer, failed, detail] of broken) {
    it(`fails a request that is ${what}, and repeats none`, async t => {
      const server = await frames(t, answer);
      const measurement = await run(server.port, { load: closedLoad(1, 10, 3) });
      assert.deepEqual([total(measurement).ok, total(measurement).failed], [0, failed]);
      assert.match(firstOf(measurement) ?? '', detail);
      assert.equal(server.requests.length, 3);
      assert.equal(measurement.connections.closedIdle, 0);
    });
  }

  it('fails an answer that is shorter than it said', async t => {
    const { port } = await serve(t, stream => {
      stream.respond({ ':status': 200, 'content-length': '100' });
      stream.write('part', () => stream.close(0));
    });
    assert.equal(total(await run(port)).ok, 0);
  });

  it('loses every open stream of a connection that breaks, each once', async t => {
    const server = await frames(t, (writer, stream, number) => {
      if (number === 8) writer.socket.resetAndDestroy();
      else if (number > 8) hello(writer, stream);
    });
    const load = closedLoad(8, 10, 24);
    const measurement = await run(server.port, { load, transport: { streams: 8 } });
    assert.deepEqual([total(measurement).ok, total(measurement).failed], [16, { reset: 8 }]);
    assert.deepEqual([server.requests.length, server.connections], [24, 2]);
  });

  it('honours GOAWAY: what was processed is answered, what was not goes to another connection', async t => {
    const server = await frames(t, (writer, stream, number) => {
      // Of eight requests on the first connection, the server takes on the first four.
      if (writer.connection > 1) return hello(writer, stream);
      if (number < 8) return;
      writer.goaway(7, 0);
      for (const one of [1, 3, 5, 7]) hello(writer, one);
    });
    const load = closedLoad(8, 10, 24);
    const measurement = await run(server.port, { load, transport: { streams: 8 } });
    assert.deepEqual([total(measurement).ok, total(measurement).errors], [24, 0]);
    assert.deepEqual([server.requests.length, measurement.connections.moved], [28, 4]);
    assert.deepEqual([server.connections, measurement.connections.attempts], [2, 2]);
  });

  it('gives a request up that is given back again and again', async t => {
    const server = await frames(t, writer => writer.goaway(0, 0));
    const measurement = await run(server.port, { load: closedLoad(1, 10, 2) });
    assert.deepEqual(total(measurement).failed, { refused: 2 });
    assert.deepEqual([server.requests.length, measurement.connections.moved], [8, 6]);
  });

  it('counts a connection that the server ended while idle, and fails nothing', async t => {
    const { port, sessions } = await serve(t, stream => {
      const { session } = stream;
      stream.respond({ ':status': 200 });
      stream.end('ok');
      setTimeout(() => session?.close(), 30);
    });
    const plan = await planOf(`target: http://127.0.0.1:${port}
protocol: http2
load: { model: closed, users: 1, iterations: 3, maxDuration: 20s }
steps: [GET /, { think: 150ms }]
`);
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    assert.deepEqual([total(measurement).ok, sessions.size, measurement.connections.attempts], [3, 3, 3]);
    assert.ok(measurement.connections.closedIdle >= 2, `${measurement.connections.closedIdle} closed idle`);
  });

  it('makes a connection for each request where the scenario says so', async t => {
    const { port, seen } = await serve(t);
    const transport = { reconnect: 'everyRequest' } as const;
    for (const load of [closedLoad(1, 10, 4), openLoad(20, 0.2)]) {
      const measurement = await run(port, { load, transport });
      assert.deepEqual([total(measurement).ok, measurement.connections.attempts], [4, 4]);
    }
    assert.equal(seen.sessions, 8);
  });

  it('keeps answers within their bounds', async t => {
    const { port } = await serve(t, stream => {
      stream.respond({ ':status': 200 });
      stream.end('x'.repeat(10_000));
    });
    const measurement = await run(port, { transport: { maxResponse: bytes(9_000) } });
    assert.deepEqual(total(measurement).failed, { malformed: 5 });
    assert.match(firstOf(measurement) ?? '', /maxResponse/);
  });

  it('says so where the server speaks something else', async t => {
    const listen = async (server: ReturnType<typeof createTcpServer>) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      t.after(() => server.close());
      return (server.address() as AddressInfo).port;
    };
    const plain = await listen(
      createTcpServer(socket => {
        socket.on('error', () => {});
        socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n'));
      }),
    );
    const measurement = await run(plain);
    assert.deepEqual(total(measurement).failed, { malformed: 5 });
    assert.match(firstOf(measurement) ?? '', /does not speak HTTP\/2.*leave out `protocol: http2`/);
    const options = { key: pem('server.key'), cert: pem('server.crt') };
    for (const [ALPNProtocols, found] of [
      [['http/1.1'], 'chose HTTP/1.1'],
      [undefined, 'agreed on no protocol'],
    ] as const) {
      const server = createTlsServer({
        ...options,
        ...(ALPNProtocols && { ALPNProtocols: [...ALPNProtocols] }),
      });
      server.on('tlsClientError', () => {});
      const port = await listen(server);
      const plan = planTo(port, { transport: { tls: { ...usualTransport.tls, insecure: true } } });
      const target = { ...plan.target, protocol: 'https' } as const;
      const secure = await measure({ ...plan, target }, { addresses: ['127.0.0.1'] });
      assert.deepEqual(total(secure).failed, { tls: 5 });
      assert.ok(firstOf(secure)?.includes(found), firstOf(secure));
    }
  });

  it('fails requests to a port where nobody listens, as HTTP/1.1 does', async () => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const measurement = await run(port, { load: openLoad(100, 0.5) });
    assert.deepEqual(total(measurement).failed, { refused: 50 });
    assert.equal(measurement.connections.errors.refused, measurement.connections.attempts);
    assert.ok(measurement.connections.attempts < 50, `${measurement.connections.attempts} attempts`);
  });

  it('spreads its connections over the addresses, and its load over two workers', async t => {
    const { port, seen } = await serve(t);
    const measurement = await measure(planTo(port, { load: openLoad(200, 0.5) }), {
      addresses: ['127.0.0.1', '127.0.0.1'],
      staffing: { workers: 2 },
    });
    assert.deepEqual([total(measurement).ok, seen.requests.length], [100, 100]);
    assert.equal(measurement.connections.attempts, 4);
  });
});
