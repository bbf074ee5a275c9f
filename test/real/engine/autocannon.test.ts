import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TlsOptions } from 'node:tls';
import { analyse } from '../../../src/analysis/analysis.ts';
import { type MeasureOptions, measure } from '../../../src/engine/measure.ts';
import type { Progress } from '../../../src/engine/recording/progress.ts';
import { type Plan, type Tls, usualTransport } from '../../../src/model/run/plan.ts';
import type { EndpointWindow, Measurement } from '../../../src/model/run/record.ts';
import type { ClosedLoad, Load, RequestStep } from '../../../src/model/run/scenario.ts';
import { bytes, micros, millis, ratio } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';
import { closedLoad, planFor, request, text } from '../../pure/plan-builder.ts';
import type { TargetCounts } from '../../target/script.ts';
import { type ScriptedTarget, startTarget } from '../../target/target.ts';
import { pem, startSecureServer } from './secure-server.ts';

const totals = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** Measures with autocannon; each request that was due must have ended in exactly one way. */
async function run(plan: Plan, options: Partial<MeasureOptions> = {}): Promise<Measurement> {
  const measurement = await measure(
    { ...plan, engine: 'autocannon' },
    { addresses: ['127.0.0.1'], ...options },
  );
  for (const { counts } of measurement.endpoints.flatMap(({ windows }) => windows)) {
    assert.equal(counts.due, counts.ok + sum(Object.values(counts.failed)) + counts.unfinished);
  }
  return measurement;
}

/** A closed load of stages of so many users and milliseconds each. */
function stages(...list: readonly (readonly [users: number, ms: number])[]): ClosedLoad {
  const load = closedLoad(1, 1) as ClosedLoad;
  return { ...load, stages: list.map(([users, ms]) => ({ duration: millis(ms), from: users, to: users })) };
}

/** So many journeys, as fast as they go. */
const journeys = (users: number, count: number) => closedLoad(users, 20, count);

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
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await body((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
}

/** A server that answers the n-th request, counted from 1, by writing to its socket whatever it likes. */
async function withServer<T>(
  answer: (socket: Socket, n: number) => void,
  body: (port: number, seen: () => number) => Promise<T>,
): Promise<T> {
  let requests = 0;
  const serve = (socket: Socket) =>
    socket.on('data', chunk => {
      for (const _ of chunk.toString('latin1').matchAll(/\r\n\r\n/g)) {
        requests += 1;
        answer(socket, requests);
      }
    });
  return await withPlainServer(serve, port => body(port, () => requests));
}

/** The port of a server that has gone. */
async function closedPort(): Promise<number> {
  return await withServer(
    () => {},
    async port => port,
  );
}

const okAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

// Most of the time goes into starting threads and waiting, so two tests run at a time, each with paths of its own.
describe('the autocannon engine', { concurrency: 2 }, () => {
  let target: ScriptedTarget;
  let asked: Promise<unknown> = Promise.resolve();
  /** What the target saw, asked by one test at a time. */
  const counts = () => {
    const answer = asked.then(() => target.counts());
    asked = answer;
    return answer;
  };
  before(async () => {
    target = await startTarget({
      '/steady': { delayMs: 20 },
      '/failing': { delayMs: 10, status: 500 },
      '/tail': { delayMs: 10, slow: { every: 25, delayMs: 400 } },
      '/body': { bodyDelayMs: 60 },
      '/later': { delayMs: 600 },
      '/expected': { delayMs: 10, status: 500 },
      '/broken': { delayMs: 10, status: 500 },
      '/fin': { delayMs: 10, fault: { every: 5, kind: 'close' } },
      '/reset': { delayMs: 10, fault: { every: 5, kind: 'reset' } },
      '/hang': { delayMs: 10, fault: { every: 20, kind: 'hang' } },
      '/silent': { fault: { every: 1, kind: 'hang' } },
      '/closing': { delayMs: 20, headers: { connection: 'close' } },
      '/until-close': { delayMs: 20, framing: 'untilClose' },
      '/interim': { raw: 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n' },
      '/named': { delayMs: 5, headers: { 'X-Request-Id': 'a1b2' } },
      '/nameless': {},
      '/created': { status: 201 },
    });
  });
  after(() => target.stop());

  /** Measures requests to paths of the target; each that it saw must be accounted for, and none besides. */
  async function runSteps(load: Load, ...steps: readonly RequestStep[]) {
    const paths = steps.map(({ path }) => path.literals.join(''));
    const seenOf = ({ arrivals }: TargetCounts) => paths.map(path => arrivals[path]?.length ?? 0);
    const earlier = seenOf(await counts());
    const numbered = steps.map((step, endpoint) => ({ ...step, endpoint }));
    const measurement = await run(planFor(target.port, load, numbered));
    const seen = seenOf(await counts()).map((count, step) => count - (earlier[step] ?? 0));
    assert.equal(measurement.load.sent, sum(seen));
    const windows = measurement.endpoints.map(endpoint => endpoint.windows[0] as EndpointWindow);
    assert.deepEqual(
      windows.map(({ counts: { due } }) => due),
      seen,
    );
    return { measurement, windows };
  }

  const outcomesOf = ({ counts: { ok, failed } }: EndpointWindow) => ({ ok, failed });
  const responseOf = ({ histograms }: EndpointWindow) => Histogram.decode(histograms.response);

  it('measures what the http engine measures', async () => {
    const { measurement, windows } = await runSteps(journeys(4, 50), request('/tail'));
    const [tail] = windows as [EndpointWindow];
    assert.deepEqual(outcomesOf(tail), { ok: 50, failed: {} });
    const response = responseOf(tail);
    assert.equal(response.count, 50);
    // The target made every 25th wait for 400 ms; a busy machine may have made others wait as well.
    const waited = response.countAbove(micros(390_000));
    assert.ok(waited >= 2, `${waited} waited for 400 ms`);
    assert.ok(
      response.quantile(0.5) >= 9_900 && response.quantile(0.5) < 390_000,
      `quantile(0.5) ${response.quantile(0.5)}`,
    );
    assert.equal(measurement.connections.attempts, 4);
    assert.deepEqual(measurement.completion, { state: 'complete' });
  });

  it('knows how busy it was but of no send lag, and paces nothing', async () => {
    const { measurement, windows } = await runSteps(journeys(2, 6), request('/body'));
    const { engine, busy, pacing, sendLag } = measurement.generator;
    assert.deepEqual([engine, pacing], ['autocannon', 'economical']);
    assert.equal(Histogram.decode(sendLag).count, 0);
    assert.ok(busy !== null && busy > 0 && busy <= 1, `${busy} busy`);
    // First and last byte are 60 ms apart.
    const [body] = windows as [EndpointWindow];
    assert.ok(responseOf(body).quantile(0.01) >= 59_000, `responseOf ${responseOf(body).quantile(0.01)}`);
    assert.ok(
      Histogram.decode(body.histograms.firstByte).quantile(0.5) < responseOf(body).quantile(0.01),
      `decode ${Histogram.decode(body.histograms.firstByte).quantile(0.5)}, responseOf ${responseOf(body).quantile(0.01)}`,
    );
  });

  it('names the slowest requests by what the server calls them', async () => {
    const { measurement } = await runSteps(journeys(1, 1), request('/named'), request('/nameless'));
    const named = measurement.slowest.map(({ endpoint, requestId }) => [endpoint, requestId]);
    assert.deepEqual(Object.fromEntries(named), { 'GET /named': 'a1b2', 'GET /nameless': null });
  });

  it('goes on for as long as the stage, and waits for the answers that are under way when it ends', async () => {
    const { measurement, windows } = await runSteps(stages([3, 300]), request('/later'));
    const [later] = windows as [EndpointWindow];
    assert.deepEqual(outcomesOf(later), { ok: 3, failed: {} });
    assert.ok(responseOf(later).quantile(0.01) >= 599_000, `responseOf ${responseOf(later).quantile(0.01)}`);
    assert.equal(measurement.drain.completed, 3);
    assert.equal(measurement.windows[0]?.durationMs, 300);
  });

  it('decides by the expected statuses', async () => {
    const expecting = request('/expected', { expect: { statuses: [500], schema: null } });
    const { windows } = await runSteps(journeys(2, 10), request('/broken'), expecting);
    assert.deepEqual(windows.map(outcomesOf), [
      { ok: 0, failed: { status: 10 } },
      { ok: 10, failed: {} },
    ]);
    assert.deepEqual(windows[1]?.statuses, { 500: 10 });
  });

  it('counts connections that are closed without an answer, which autocannon does not, and those that are reset', async () => {
    const { windows } = await runSteps(journeys(4, 50), request('/fin'), request('/reset'));
    assert.deepEqual(windows.map(outcomesOf), [
      { ok: 40, failed: { closed: 10 } },
      { ok: 40, failed: { reset: 10 } },
    ]);
  });

  it('counts requests that hang as timeouts of no less than their timeout', async () => {
    const step = request('/hang', { timeout: millis(400) });
    const [hang] = (await runSteps(journeys(4, 40), step)).windows as [EndpointWindow];
    assert.deepEqual(outcomesOf(hang), { ok: 38, failed: { timeout: 2 } });
    assert.equal(responseOf(hang).countAbove(micros(390_000)), 2);
  });

  it('connects anew where the server says that it closes, and where the end of the connection ends the answer', async () => {
    const steps = [request('/closing'), request('/until-close', { timeout: millis(2_000) })];
    const { measurement, windows } = await runSteps(journeys(4, 20), ...steps);
    for (const window of windows) {
      assert.deepEqual([outcomesOf(window), window.statuses], [{ ok: 20, failed: {} }, { 200: 20 }]);
      assert.ok(
        responseOf(window).quantile(0.01) >= 19_900,
        `responseOf ${responseOf(window).quantile(0.01)}`,
      );
    }
    assert.equal(measurement.connections.attempts, 40);
  });

  it('does not take the rest of an answer that was cut short for the next one', async () => {
    await withServer(
      (socket, n) => {
        if (n % 2 === 1) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
        else socket.write(`HTTP/1.1 500 No\r\ncontent-length: 150\r\n\r\n${'x'.repeat(150)}`);
      },
      async (port, seen) => {
        const figures = totals(await run(planFor(port, journeys(1, 10), [request('/')])));
        assert.deepEqual(figures.failed, { closed: 5, status: 5 });
        assert.deepEqual([figures.ok, seen()], [0, 10]);
      },
    );
  });

  it('counts what is no HTTP, or too large, as malformed', async () => {
    await withServer(
      (socket, n) => {
        if (n % 4 === 0) socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n');
        else if (n % 4 === 2) socket.write(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(9_000)}`);
        else socket.write(okAnswer);
      },
      async (port, seen) => {
        const plan = planFor(port, journeys(1, 12), [request('/')]);
        const transport = { ...usualTransport, maxResponse: bytes(8_192) };
        const figures = totals(await run({ ...plan, transport }));
        assert.deepEqual([figures.ok, figures.failed], [6, { malformed: 6 }]);
        assert.equal(seen(), 12);
      },
    );
  });

  it('expects no body of a 204 or 304, whatever length or coding it names', async () => {
    const heads = [
      '204 No Content\r\ncontent-length: 5',
      '204 No Content\r\ntransfer-encoding: chunked',
      '304 Not Modified\r\ncontent-length: 99',
      '304 Not Modified\r\ntransfer-encoding: gzip',
    ];
    await withServer(
      (socket, n) => socket.write(`HTTP/1.1 ${heads[n % heads.length]}\r\n\r\n`),
      async (port, seen) => {
        const figures = totals(await run(planFor(port, journeys(1, 12), [request('/')])));
        assert.deepEqual([figures.ok, figures.failed], [12, {}]);
        assert.equal(seen(), 12);
      },
    );
  });

  it('counts a negative chunk size or length as malformed, and is not hung by it', async () => {
    const bad = [
      'transfer-encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n',
      'content-length: -999999999999999\r\n\r\nabcde',
      'content-length: 5x\r\n\r\nabcde',
    ];
    await withServer(
      (socket, n) =>
        socket.write(n % 4 === 0 ? okAnswer : `HTTP/1.1 200 OK\r\n${bad[n % 4 === 3 ? 2 : (n % 4) - 1]}`),
      async (port, seen) => {
        const measurement = await run(planFor(port, journeys(1, 12), [request('/')]));
        const figures = totals(measurement);
        assert.deepEqual(measurement.completion, { state: 'complete' });
        assert.deepEqual([figures.ok, figures.failed, seen()], [3, { malformed: 9 }, 12]);
      },
    );
  });

  it('gives up as invalid where interim answers, or more than were asked for, would make it send more and more', async () => {
    const reasonOf = ({ completion }: Measurement) =>
      completion.state === 'workerDied' ? completion.reason : completion.state;
    const interim = await run(planFor(target.port, closedLoad(2, 5), [request('/interim')]));
    assert.match(reasonOf(interim), /interim answer \(103\)/);
    const twice = (socket: Socket) => socket.write(okAnswer + okAnswer);
    await withServer(twice, async port => {
      const measurement = await run(planFor(port, closedLoad(2, 5), [request('/')]));
      assert.match(reasonOf(measurement), /nobody asked for/);
    });
  });

  it('says that nothing was sent to a refused port, and leaves it alone for longer and longer', async () => {
    const measurement = await run(planFor(await closedPort(), closedLoad(2, 1), [request('/')]));
    const figures = totals(measurement);
    assert.deepEqual(figures.failed, { refused: figures.requests });
    assert.equal(measurement.load.sent, 0);
    const { attempts, errors } = measurement.connections;
    assert.deepEqual([attempts, errors], [figures.requests, { refused: attempts }]);
    // Ten in a row by two users, and then two each after 50, 100, 200 and 400 ms.
    assert.ok(attempts > 11 && attempts <= 19, `${attempts} attempts`);
    assert.equal(measurement.windows[0]?.durationMs, 1_000);
  });

  it('sends the same requests as the http engine', async () => {
    const step = request('/created', {
      method: 'POST',
      headers: [{ name: 'X-Name', value: text('Zoë: 1') }],
      body: { template: text('{"name":"Zoë"}'), escape: 'none' },
    });
    const bodyless = request('/created', { endpoint: 1, method: 'DELETE' });
    const plan = planFor(target.port, closedLoad(1, 20, 1), [step, bodyless]);
    const created = async () => (await counts()).heads.filter(head => head.includes(' /created '));
    const headsOf = async (engine: Plan['engine']) => {
      const earlier = (await created()).length;
      const measurement = await measure({ ...plan, engine }, { addresses: ['127.0.0.1'] });
      assert.equal(totals(measurement).ok, 2);
      return (await created()).slice(earlier).map(head => {
        const [top = '', body] = head.split('\r\n\r\n');
        const [line, ...fields] = top.split('\r\n');
        const named = fields.map(field => field.replace(/^[^:]*/, name => name.toLowerCase()));
        return { line, body, fields: named.filter(field => field !== 'connection: keep-alive').sort() };
      });
    };
    assert.deepEqual(await headsOf('autocannon'), await headsOf('http'));
  });

  it('keeps what was measured when interrupted, and counts what is under way as unfinished', async () => {
    const interrupt = new AbortController();
    const plan = planFor(target.port, closedLoad(3, 60), [
      request('/steady'),
      request('/silent', { endpoint: 1 }),
    ]);
    const onProgress = ({ requests }: Progress) => {
      if (requests === 3) interrupt.abort('SIGINT');
    };
    const measurement = await run(plan, { interrupt: interrupt.signal, onProgress });
    assert.deepEqual(measurement.completion, { state: 'interrupted', signal: 'SIGINT' });
    const figures = totals(measurement);
    assert.deepEqual([figures.requests, figures.ok, figures.unfinished], [6, 3, 3]);
  });

  it('makes exactly so many journeys, without those of the warm-up', async () => {
    const load: ClosedLoad = { ...(closedLoad(3, 20, 10) as ClosedLoad), warmup: millis(200) };
    const steps = [request('/steady'), request('/failing', { endpoint: 1 })];
    const measurement = await run(planFor(target.port, load, steps));
    const due = measurement.endpoints.map(({ windows }) => windows[1]?.counts.due);
    assert.equal(measurement.load.delivered, 10);
    assert.equal(due[0], 10);
    // A journey that began in the warm-up may end after it.
    assert.ok((due[1] ?? 0) >= 10 && (due[1] ?? 0) <= 13, `${due[1]} second requests`);
    assert.ok(
      (measurement.endpoints[0]?.windows[0]?.counts.due ?? 0) > 0,
      `due ${measurement.endpoints[0]?.windows[0]?.counts.due}`,
    );
    assert.deepEqual(measurement.completion, { state: 'complete' });
  });

  it('makes so many journeys even where fewer are wanted than there are users, and where all fail', async () => {
    const few = await run(planFor(target.port, journeys(5, 2), [request('/steady')]));
    assert.equal(totals(few).requests, 2);
    const silent = request('/silent', { timeout: millis(150) });
    const failing = await run(planFor(target.port, journeys(2, 5), [silent]));
    assert.deepEqual(totals(failing).failed, { timeout: 5 });
  });

  it('has as many users as each stage wants', async () => {
    const plan = planFor(target.port, stages([2, 400], [4, 400], [1, 400]), [request('/steady')]);
    const { endpoints, connections } = await run(plan);
    const due = endpoints[0]?.windows.map(({ counts }) => counts.due) ?? [];
    assert.equal(connections.attempts, 4);
    // An answer takes at least 20 ms, which bounds what so many users can ask for.
    [2, 4, 1].forEach((users, stage) => {
      const count = due[stage] ?? 0;
      assert.ok(count > 0 && count <= users * 21, `${count} requests of ${users} users`);
    });
  });

  it('stops where the scenario wants it stopped, because too much fails', async () => {
    const abortOn = { errorRate: ratio(0.5), for: millis(400) };
    const plan = planFor(target.port, closedLoad(2, 60), [request('/failing')], { abortOn });
    const measurement = await run(plan);
    assert.deepEqual(measurement.completion, { state: 'aborted', errorRate: 1, forMs: 400 });
    assert.deepEqual(totals(measurement).failed, { status: totals(measurement).requests });
  });

  it('reaches a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-autocannon-'));
    const server = createHttpServer((_, answer) => answer.end('ok')).listen(join(folder, 'api'));
    try {
      await once(server, 'listening');
      const plan = planFor(80, closedLoad(2, 20, 6), [request('/')]);
      const measurement = await run({
        ...plan,
        target: { ...plan.target, socketPath: join(folder, 'api') },
      });
      assert.equal(totals(measurement).ok, 6);
    } finally {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });

  describe('over TLS', { concurrency: 1 }, () => {
    /** Measures a server of its own with two users, who make four requests together. */
    async function measureWith(tls: Partial<Tls>, options: TlsOptions = {}) {
      const server = await startSecureServer(options);
      try {
        const plan = planFor(server.port, journeys(2, 4), [request('/')]);
        const measurement = await run({
          ...plan,
          target: { ...plan.target, protocol: 'https' },
          transport: { ...usualTransport, tls: { ...usualTransport.tls, ...tls } },
        });
        return { measurement, figures: totals(measurement), server };
      } finally {
        await server.stop();
      }
    }

    it('refuses a certificate that is not trusted, before anything is sent', async () => {
      const { measurement, figures, server } = await measureWith({});
      assert.deepEqual(figures.failed, { tls: 4 });
      assert.deepEqual(measurement.connections.errors, { tls: 4 });
      assert.deepEqual([measurement.load.sent, server.requests()], [0, 0]);
      assert.equal(measurement.failureSamples[0]?.phase, 'tls');
    });

    it('trusts a private authority, and the name that it vouches for only', async () => {
      assert.equal((await measureWith({ ca: pem('ca.crt') })).figures.ok, 4);
      const named = await measureWith({ ca: pem('ca.crt'), serverName: 'elsewhere.test' });
      assert.deepEqual(named.figures.failed, { tls: 4 });
    });

    it("trusts anyone where it is told to, and shows the client's certificate where the server wants one", async () => {
      const tls = { insecure: true, certificate: pem('client.crt'), key: pem('client.key') };
      const options = { requestCert: true, ca: pem('ca.crt'), ALPNProtocols: ['h2', 'http/1.1'] };
      const { measurement, figures, server } = await measureWith(tls, options);
      assert.equal(figures.ok, 4);
      assert.equal(Histogram.decode(measurement.connections.tls).count, 2);
      assert.deepEqual(
        server.handshakes.map(({ alpn, client }) => ({ alpn, client })),
        Array(2).fill({ alpn: 'http/1.1', client: 'plimsoll' }),
      );
    });

    it('tells a handshake that the server breaks off, and one that takes too long', async () => {
      const phaseOf = async (port: number, timeoutMs: number) => {
        const step = request('/', { timeout: millis(timeoutMs) });
        const plan = planFor(port, journeys(1, 2), [step]);
        const secure = { ...plan.target, protocol: 'https' } as const;
        const { connections, failureSamples, load } = await run({ ...plan, target: secure });
        assert.equal(load.sent, 0);
        return { errors: connections.errors, phase: failureSamples[0]?.phase };
      };
      await withPlainServer(
        socket => socket.once('data', () => socket.end()),
        async port => assert.deepEqual(await phaseOf(port, 5_000), { errors: { closed: 2 }, phase: 'tls' }),
      );
      await withPlainServer(
        () => {},
        async port => assert.deepEqual(await phaseOf(port, 200), { errors: { timeout: 2 }, phase: 'tls' }),
      );
    });
  });
});
