import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { sendOnce } from '../../../src/engine/once.ts';
import { type Plan, usualTransport } from '../../../src/model/run/plan.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import { millis } from '../../../src/model/units.ts';
import { proxiesFor, proxyTo } from '../../../src/safety/proxy/proxy-rules.ts';
import { resolveTarget } from '../../../src/safety/target.ts';
import { closedLoad, planFor, request } from '../../pure/plan-builder.ts';
import { freePort } from '../../target/free-port.ts';
import { startProxy } from './proxy-server.ts';
import { startRawServer } from './raw-server.ts';
import { pem, startSecureServer } from './secure-server.ts';

const times = 3;
const password = 'p%40ss';

/** A plan for a name that only the proxy knows. */
function planThrough(proxy: string, protocol: 'http' | 'https', port = 80): Plan {
  const transport = {
    ...usualTransport,
    tls: { ...usualTransport.tls, ca: pem('ca.crt'), serverName: 'localhost' },
  };
  const step = request('/a?b=1', { timeout: millis(3_000) });
  const base = planFor(port, closedLoad(1, 10, times), [step], { transport });
  const proxies = proxiesFor(proxy, {});
  assert.ok(proxies, 'the scenario names a proxy');
  const url = `${protocol}://api.internal:${port}`;
  return { ...base, target: { ...base.target, url, protocol, host: 'api.internal' }, proxies };
}

const run = (plan: Plan) => measure(plan, { addresses: ['127.0.0.1'] });
const figuresOf = (measurement: Measurement) => analyse(measurement).of({ kind: 'total' }).figures;
const detailOf = ({ failureSamples: [first] }: Measurement) => first?.detail ?? '';

async function plainTarget(t: TestContext) {
  const heads: string[] = [];
  const server = await startRawServer((socket, _, head) => {
    heads.push(head);
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  });
  t.after(() => server.stop());
  return { port: server.port, heads };
}

describe('requests through a proxy', () => {
  it('name their target in full where it speaks no TLS', async t => {
    const target = await plainTarget(t);
    const proxy = await startProxy(t, target.port);
    const measured = await run(planThrough(`http://me:${password}@127.0.0.1:${proxy.port}`, 'http'));
    assert.equal(figuresOf(measured).ok, times);
    const basic = Buffer.from('me:p@ss').toString('base64');
    const asked = `GET http://api.internal/a?b=1 HTTP/1.1\r\nproxy-authorization: Basic ${basic}\r\nhost: api.internal\r\n`;
    assert.equal(target.heads.length, times);
    for (const head of target.heads) assert.ok(head.startsWith(asked), head);
    const url = `http://127.0.0.1:${proxy.port}`;
    assert.deepEqual(measured.connections.proxy, { url, from: 'proxy' });
    assert.ok(!JSON.stringify(measured).includes(basic), 'no credentials in what was measured');
  });

  it('go through a tunnel where it does, in which the target proves who it is', async t => {
    const target = await startSecureServer();
    t.after(() => target.stop());
    const proxy = await startProxy(t, target.port);
    const measured = await run(planThrough(`http://me:${password}@127.0.0.1:${proxy.port}`, 'https', 8443));
    assert.equal(figuresOf(measured).ok, times, detailOf(measured));
    assert.equal(target.requests(), times);
    assert.equal(target.handshakes[0]?.name, 'localhost');
    const [head = ''] = proxy.heads;
    assert.match(head, /^CONNECT api\.internal:8443 HTTP\/1\.1\r\nhost: api\.internal:8443\r\n/);
    assert.match(head, /\r\nproxy-authorization: Basic \S+\r\n\r\n$/);
    assert.equal(proxy.heads.length, 1);
  });

  for (const [what, answer, kind, detail] of [
    [
      'refuses for want of credentials',
      'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n',
      'refused',
      /^the proxy http:\/\/127\.0\.0\.1:\d+ refused api\.internal:443: HTTP\/1\.1 407 Proxy Authentication Required$/,
    ],
    [
      'forbids',
      'HTTP/1.1 403 Forbidden\r\n\r\n',
      'refused',
      /refused api\.internal:443: HTTP\/1\.1 403 Forbidden$/,
    ],
    [
      'speaks something else',
      'SSH-2.0-OpenSSH\r\n',
      'malformed',
      /^the proxy \S+ answered "SSH-2\.0-OpenSSH"$/,
    ],
    ['answers without a status', 'HTTP/1.1 what\r\n\r\n', 'malformed', /answered "HTTP\/1\.1 what"$/],
    [
      'says nothing',
      '',
      'closed',
      /^the proxy \S+ closed the connection without a way to api\.internal:443$/,
    ],
    ['stops amid its answer', 'HTTP/1.1 200 OK\r\n', 'closed', /closed the connection without a way/],
    [
      'never ends its answer',
      `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(5_000)}`,
      'malformed',
      /answered without end$/,
    ],
  ] as const) {
    it(`fail where it ${what}, with a word on the proxy`, async t => {
      const proxy = await startProxy(t, 1, () => answer);
      const measured = await run(planThrough(`http://me:${password}@127.0.0.1:${proxy.port}`, 'https', 443));
      assert.deepEqual(figuresOf(measured).failed, { [kind]: times });
      assert.match(detailOf(measured), detail);
      assert.ok(!JSON.stringify(measured).includes('p@ss'), 'no password in what was measured');
    });
  }

  for (const protocol of ['http', 'https'] as const) {
    it(`fail where it is not there, for a target of ${protocol}`, async () => {
      const port = await freePort();
      const measured = await run(planThrough(`http://127.0.0.1:${port}`, protocol));
      assert.deepEqual(figuresOf(measured).failed, { refused: times });
      assert.equal(detailOf(measured), `ECONNREFUSED: the proxy http://127.0.0.1:${port}`);
    });
  }

  it('fail by their status where it answers itself', async t => {
    const proxy = await startProxy(t, 1, () => 'HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n');
    const measured = await run(planThrough(`http://127.0.0.1:${proxy.port}`, 'http'));
    assert.deepEqual(figuresOf(measured).statuses, { 407: times });
    assert.equal(detailOf(measured), 'status 407: the proxy asks for other credentials');
  });

  it('time out where it takes them and does nothing, and no connection is left', async t => {
    const proxy = await startRawServer(() => {});
    t.after(() => proxy.stop());
    const plan = planThrough(`http://127.0.0.1:${proxy.port}`, 'https');
    const steps = [request('/', { timeout: millis(200) })];
    const measured = await run({
      ...plan,
      load: closedLoad(1, 10, 1),
      journeys: [{ name: 'journey', weight: 1, steps, slots: 0 }],
    });
    assert.deepEqual(figuresOf(measured).failed, { timeout: 1 });
  });

  it('are made once in the same way', async t => {
    const target = await plainTarget(t);
    const proxy = await startProxy(t, target.port);
    const { exchanges } = await sendOnce(planThrough(`http://127.0.0.1:${proxy.port}`, 'http'), {
      addresses: ['127.0.0.1'],
    });
    assert.equal(exchanges[0]?.answer?.status, 200);
    assert.equal(proxy.heads.length, 1);
  });
});

describe('a target behind a proxy', () => {
  const target = (host: string) => ({ ...planThrough('http://p:1', 'https').target, host });
  const proxy = proxyTo(proxiesFor('http://127.0.0.1:3128', {}), target('api.example'));
  const lookup = async (host: string) => {
    if (host !== 'private.example') throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
    return [{ address: '10.0.0.1', family: 4 }];
  };

  it('must be allowed by its name where only the proxy knows its address', async () => {
    await assert.rejects(
      resolveTarget(target('api.example'), { allowHosts: [], lookup, proxy }),
      /\[target\.not-allowed\]/,
    );
    const allowHosts = ['api.example'];
    assert.deepEqual(await resolveTarget(target('api.example'), { allowHosts, lookup, proxy }), [
      '127.0.0.1',
    ]);
  });

  it('may be any private one', async () => {
    const terms = { allowHosts: [], lookup, proxy };
    assert.deepEqual(await resolveTarget(target('private.example'), terms), ['127.0.0.1']);
    assert.deepEqual(await resolveTarget(target('10.1.2.3'), terms), ['127.0.0.1']);
    await assert.rejects(resolveTarget(target('8.8.8.8'), terms), /\[target\.not-allowed\]/);
  });
});
