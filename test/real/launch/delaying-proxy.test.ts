import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  type RequestOptions,
  request,
} from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  assertDelayable,
  type DelayingProxy,
  type DelayingProxyOptions,
  startDelayingProxy,
} from '../../../src/launch/proxy/delaying-proxy.ts';
import { PlimsollError } from '../../../src/model/error.ts';
import type { Target } from '../../../src/model/run/plan.ts';
import { isRunning, place } from './api.ts';

const targetAt = (port: number, socketPath: string | null = null): Target => ({
  url: `http://127.0.0.1:${port}`,
  protocol: 'http',
  host: '127.0.0.1',
  port,
  basePath: '',
  socketPath,
});

async function proxyTo(
  t: TestContext,
  target: Target,
  options: Partial<DelayingProxyOptions> = {},
): Promise<DelayingProxy> {
  const { logFile } = await place(t);
  const proxy = await startDelayingProxy({
    target,
    addresses: ['127.0.0.1'],
    endpoints: [],
    logFile,
    env: process.env,
    ...options,
  });
  t.after(() => proxy.stop());
  return proxy;
}

/** A server with a proxy before it, and a way to ask either. */
async function api(t: TestContext, listener: RequestListener) {
  const connections = new Set<Socket>();
  const server = createServer(listener).listen(0, '127.0.0.1');
  server.on('connection', socket => connections.add(socket));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await proxyTo(t, targetAt(port));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const ask = (to: number, path: string, method = 'GET', body?: Buffer) =>
    answerTo({ host: '127.0.0.1', port: to, path, method, agent, headers: { host: 'api.test' } }, body);
  return { port, proxy, proxyPort: proxy.target.port, connections, ask };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: readonly string[];
  readonly trailers: readonly string[];
  readonly body: Buffer;
  readonly firstByteMs: number;
}

function answerTo(options: RequestOptions, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let sentMs = 0;
    const asked = request(options, async (answer: IncomingMessage) => {
      const firstByteMs = performance.now() - sentMs;
      try {
        const chunks: Buffer[] = await answer.toArray();
        resolve({
          status: answer.statusCode,
          headers: answer.rawHeaders.filter((_, index, all) => all[index - (index % 2)] !== 'Date'),
          trailers: answer.rawTrailers,
          body: Buffer.concat(chunks),
          firstByteMs,
        });
      } catch (error) {
        reject(error);
      }
    });
    asked.once('error', reject);
    sentMs = performance.now();
    asked.end(body);
  });
}

/** So long that what follows an answer at once comes while it waits. */
const longDelay = { kind: 'scale', factor: 50 } as const;

const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => (index * 31) % 251));

const listener: RequestListener = async (asked, answer) => {
  const body = Buffer.concat(await asked.toArray());
  answer.setHeader('x-asked', `${asked.method} ${asked.url} ${asked.headers.host}`);
  answer.setHeader('x-body', createHash('sha256').update(body).digest('hex'));
  if (asked.url === '/none') answer.writeHead(204);
  if (asked.url === '/teapot') answer.writeHead(418, ['X-Odd', '1', 'X-Odd', '2']);
  if (asked.url === '/pieces') {
    answer.writeHead(200, { Trailer: 'X-Sum' });
    for (const piece of ['one', 'two', 'three']) {
      answer.write(piece);
      await delay(5);
    }
    answer.addTrailers({ 'X-Sum': '11' });
  }
  answer.end(
    asked.url === '/long' ? bytes(3_000_000) : asked.url === '/teapot' ? 'short and stout' : undefined,
  );
};

describe('a delaying proxy', () => {
  for (const [path, method, body] of [
    ['/', 'GET'],
    ['/', 'HEAD'],
    ['/none', 'GET'],
    ['/teapot', 'GET'],
    ['/pieces?a=%20b', 'GET'],
    ['/pieces', 'GET'],
    ['/long', 'GET'],
    ['/long', 'POST', bytes(2_000_000)],
  ] as const) {
    for (const rule of [{ kind: 'none' }, { kind: 'scale', factor: 0.5 }] as const) {
      test(`passes on ${method} ${path}, ${rule.kind === 'none' ? 'at once' : 'delayed'}`, async t => {
        const { ask, port, proxy, proxyPort } = await api(t, listener);
        await proxy.setRule(rule);
        const [direct, through] = [
          await ask(port, path, method, body),
          await ask(proxyPort, path, method, body),
        ];
        const { firstByteMs: _, ...expected } = direct;
        const { firstByteMs: __, ...found } = through;
        assert.deepEqual(found, expected);
      });
    }
  }

  test('keeps a connection to the server for each that is kept to it', async t => {
    const { ask, proxyPort, connections } = await api(t, listener);
    for (let times = 0; times < 5; times += 1) await ask(proxyPort, '/teapot');
    assert.equal(connections.size, 1);
  });

  test('delays by no less than it is asked to, and changes its rule on a connection that is in use', async t => {
    const tookMs: number[] = [];
    const { ask, proxyPort, proxy, connections } = await api(t, async (_, answer) => {
      const startedMs = performance.now();
      await delay(15);
      tookMs.push(performance.now() - startedMs);
      answer.end('done');
    });
    const factors = [0, 4, 0.5, 0, 2];
    for (const [turn, factor] of factors.entries()) {
      await proxy.setRule(factor === 0 ? { kind: 'none' } : { kind: 'scale', factor });
      const { firstByteMs, body } = await ask(proxyPort, '/');
      assert.equal(String(body), 'done');
      const leastMs = (tookMs[turn] ?? Number.NaN) * (1 + factor);
      assert.ok(firstByteMs >= leastMs, `${firstByteMs} ms, of at least ${leastMs} ms`);
    }
    assert.equal(connections.size, 1);
  });

  test('delays the tail of each endpoint by no less than it is asked to, and the rest not', async t => {
    let slowMs = 0;
    const { port } = await api(t, async (asked, answer) => {
      if (asked.url !== '/one') await delay(slowMs + 1);
      answer.end();
    });
    const proxy = await proxyTo(t, targetAt(port), { endpoints: ['^GET /one', '^GET /two'] });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    t.after(() => agent.destroy());
    const ask = (path: string) => answerTo({ host: '127.0.0.1', port: proxy.target.port, path, agent });
    for (let times = 0; times < 60; times += 1) {
      slowMs = Math.max(slowMs, 20, (await ask('/one')).firstByteMs);
    }
    await proxy.setRule({ kind: 'tail', factor: 9 });
    const slow = await ask('/one?slow');
    assert.ok(slow.firstByteMs >= slowMs * 10, `${slow.firstByteMs} ms`);
    // Slower than all of the first endpoint, but nothing is known yet of the second one's tail.
    await proxy.setRule({ kind: 'tail', factor: 1_000 });
    const other = await ask('/two');
    assert.ok(other.firstByteMs < slowMs * 1_000, `${other.firstByteMs} ms`);
  });

  test('passes bytes on as they are, however they are split', async t => {
    const server = createTcpServer({ allowHalfOpen: true }, socket => {
      const heard: Buffer[] = [];
      socket.on('data', chunk => {
        heard.push(chunk);
        if (!String(Buffer.concat(heard)).endsWith('\r\n\r\nend')) return;
        socket.write(Buffer.concat([Buffer.from('HTTP/1.0 299  odd\nx:\ty\n\n'), Buffer.concat(heard)]));
      });
      socket.on('end', () => socket.end('late'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const proxy = await proxyTo(t, targetAt((server.address() as AddressInfo).port));
    await proxy.setRule({ kind: 'scale', factor: 0.3 });
    const client = connect({
      host: '127.0.0.1',
      port: proxy.target.port,
      allowHalfOpen: true,
      noDelay: true,
    });
    const asked = 'BREW /pot HTTP/1.1\r\nHost: \xe9\r\nhost: b\r\n\r\nend';
    for (const part of asked.split(/(?<=[ \n])/)) {
      client.write(part, 'latin1');
      await delay(2);
    }
    const [first] = (await once(client, 'data')) as [Buffer];
    assert.equal(first.toString('latin1'), `HTTP/1.0 299  odd\nx:\ty\n\n${asked}`);
    client.end();
    const [last] = (await once(client, 'data')) as [Buffer];
    assert.equal(String(last), 'late');
    await once(client, 'close');
  });

  for (const [what, end, expected] of [
    ['a reset', (socket: Socket) => socket.resetAndDestroy(), 'ECONNRESET'],
    [
      'an end amid an answer',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab'),
      'ECONNRESET',
    ],
    ['an end without an answer', (socket: Socket) => socket.end(), 'ECONNRESET'],
  ] as const) {
    for (const rule of [{ kind: 'none' }, longDelay] as const) {
      test(`passes on ${what}, ${rule.kind === 'none' ? 'at once' : 'delayed'}`, async t => {
        const server = createTcpServer(socket => socket.once('data', () => end(socket)));
        server.listen(0, '127.0.0.1');
        await once(server, 'listening');
        t.after(() => server.close());
        const { port } = server.address() as AddressInfo;
        const proxy = await proxyTo(t, targetAt(port));
        await proxy.setRule(rule);
        const codes: unknown[] = [];
        for (const to of [port, proxy.target.port]) {
          await assert.rejects(answerTo({ host: '127.0.0.1', port: to, agent: false }), error => {
            codes.push([(error as NodeJS.ErrnoException).code, (error as Error).message]);
            return true;
          });
        }
        assert.deepEqual(codes[1], codes[0]);
        assert.equal((codes[0] as readonly unknown[])[0], expected);
      });
    }
  }

  for (const [whose, isFirst] of [
    ['the server', false],
    ['the client, and then the server', true],
  ] as const) {
    test(`delays the whole answer where ${whose} ends the connection after it`, async t => {
      const answer = 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it';
      const server = createTcpServer({ allowHalfOpen: true }, socket =>
        socket.once(isFirst ? 'end' : 'data', () => socket.end(answer)).resume(),
      ).listen(0, '127.0.0.1');
      await once(server, 'listening');
      t.after(() => server.close());
      const proxy = await proxyTo(t, targetAt((server.address() as AddressInfo).port));
      await proxy.setRule(longDelay);
      const client = connect({ host: '127.0.0.1', port: proxy.target.port, allowHalfOpen: true });
      client.write('GET / HTTP/1.1\r\nhost: api.test\r\n\r\n');
      if (isFirst) client.end();
      assert.equal(String(Buffer.concat(await client.toArray())), answer);
      client.destroy();
    });
  }

  test('tells the server when the client goes', async t => {
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const proxy = await proxyTo(t, targetAt((server.address() as AddressInfo).port));
    const client = connect(proxy.target.port, '127.0.0.1');
    const [accepted] = (await once(server, 'connection')) as [Socket];
    client.resetAndDestroy();
    const [error] = (await once(accepted, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
  });

  test('resets connections while nothing listens behind it, and passes on what does later', async t => {
    const at = await place(t);
    const proxy = await proxyTo(t, targetAt(at.port));
    const ask = () => answerTo({ host: '127.0.0.1', port: proxy.target.port, agent: false });
    await assert.rejects(ask, { code: 'ECONNRESET' });
    const server = createServer((_, answer) => answer.end('here')).listen(at.port, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    assert.equal(String((await ask()).body), 'here');
  });

  test('stands before a Unix socket', async t => {
    const at = await place(t);
    const path = join(at.folder, 'api.sock');
    const server = createServer((_, answer) => answer.end('through the socket')).listen(path);
    await once(server, 'listening');
    t.after(() => server.close());
    const proxy = await proxyTo(t, targetAt(80, path), { addresses: [] });
    assert.equal(proxy.target.socketPath, null);
    const { body } = await answerTo({ host: '127.0.0.1', port: proxy.target.port, agent: false });
    assert.equal(String(body), 'through the socket');
  });

  test('refuses a target over TLS before anything is started', () => {
    assert.throws(
      () => assertDelayable({ protocol: 'https', url: 'https://api.test' }),
      error =>
        error instanceof PlimsollError &&
        error.exitCode === 2 &&
        /answers over TLS cannot be delayed/.test(error.message),
    );
  });
});

describe('the process of a delaying proxy', () => {
  test('is gone once it is stopped', async t => {
    const at = await place(t);
    const proxy = await proxyTo(t, targetAt(at.port));
    assert.ok(isRunning(proxy.pid), 'it runs');
    await proxy.stop();
    assert.ok(!isRunning(proxy.pid), 'it runs no more');
    assert.equal(proxy.isGone(), true);
    await assert.rejects(proxy.setRule({ kind: 'none' }), /the delaying proxy has ended/);
  });

  test('says so where it ended by itself', async t => {
    const at = await place(t);
    const proxy = await proxyTo(t, targetAt(at.port));
    process.kill(proxy.pid, 'SIGKILL');
    assert.equal((await proxy.exited).signal, 'SIGKILL');
    await assert.rejects(proxy.setRule({ kind: 'none' }), /the delaying proxy has ended/);
  });

  for (const [how, end] of [
    ['is killed', 'process.kill(process.pid, "SIGKILL")'],
    ['exits', 'process.exit(0)'],
  ] as const) {
    test(`ends where the process that started it ${how}`, async t => {
      const at = await place(t);
      const source = new URL('../../../src/launch/proxy/delaying-proxy.ts', import.meta.url).href;
      const options = { target: targetAt(at.port), addresses: [], endpoints: [], logFile: at.logFile };
      const program = `
        import { startDelayingProxy } from ${JSON.stringify(source)};
        const proxy = await startDelayingProxy({ ...${JSON.stringify(options)}, env: process.env });
        await proxy.setRule({ kind: 'scale', factor: 0.1 });
        console.log(proxy.pid);
        ${end};`;
      const args = [`--import=${import.meta.resolve('tsx')}`, '--input-type=module', '--eval', program];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const pid = Number(String(Buffer.concat(await child.stdout.toArray())));
      assert.ok(pid > 0, 'it ran');
      while (isRunning(pid)) await delay(20);
    });
  }
});
