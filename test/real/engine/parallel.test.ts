import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { analyse } from '../../../src/analysis/analysis.ts';
import { measure } from '../../../src/engine/measure.ts';
import { base, mistakesOf, planOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

describe('parallel requests', () => {
  it('are under way at once, and the journey goes on when all have ended', async t => {
    let [underWay, most] = [0, 0];
    const events: string[] = [];
    const { url } = await startValueServer(t, (request, response) => {
      underWay += 1;
      most = Math.max(most, underWay);
      const millis = request.url === '/slow' ? 60 : 20;
      setTimeout(() => {
        underWay -= 1;
        events.push(request.url ?? '');
        response.end(JSON.stringify({ at: request.url }));
      }, millis);
    });
    const measurement = await measured(
      url,
      `journeys:
  - endpoint: page
    steps:
      - GET /page
      - parallel:
          - GET /slow
          - { request: GET /a, capture: { a: $.at } }
          - { request: GET /b, endpoint: GET /b, capture: { b: $.at } }
      - 'GET /end{{a}}{{b}}'
`,
      { iterations: 4 },
    );
    assert.equal(most, 3);
    assert.equal(events.length, 20);
    for (let index = 0; index < 20; index += 5) {
      assert.deepEqual(events.slice(index, index + 5).toSorted(), [
        '/a',
        '/b',
        '/end%2Fa%2Fb',
        '/page',
        '/slow',
      ]);
      assert.deepEqual([events[index], events[index + 4]], ['/page', '/end%2Fa%2Fb']);
    }
    const average = (endpoint: string) =>
      analyse(measurement).of({ kind: 'endpoint', endpoint }).response.avg?.value ?? 0;
    const sumOf = (names: readonly string[]) => names.reduce((total, name) => total + average(name), 0);
    const least = sumOf(['GET /page', 'GET /slow', 'GET /end:a:b']);
    const oneByOne = least + sumOf(['GET /a', 'GET /b']);
    const whole = average('page');
    assert.ok(whole >= least * 0.97 && whole < oneByOne - 20, `${whole} ms, not ${least} to ${oneByOne}`);
    // The user's own connection carries one of them.
    assert.equal(measurement.connections.peak, 3);
    assert.deepEqual([measurement.load.abandoned, measurement.load.cut], [0, 0]);
  });

  it('fail their journey as a whole once, and end it where a capture finds nothing', async t => {
    const { url, received } = await startValueServer(t, (request, response) => {
      response.statusCode = request.url === '/x' ? 500 : 200;
      response.end('{}');
    });
    const steps = (page: string) =>
      `journeys:\n  - endpoint: page\n    steps:\n      - parallel: [${page}]\n      - GET /end\n`;
    const failed = await measured(url, steps('GET /a, GET /x, GET /x?'), { iterations: 3 });
    const figures = (of: typeof failed) => analyse(of).of({ kind: 'endpoint', endpoint: 'page' }).figures;
    assert.deepEqual([figures(failed).requests, figures(failed).failed], [3, { status: 3 }]);
    assert.equal(received.filter(one => one.url === '/end').length, 3);
    received.length = 0;
    const ended = await measured(url, steps('GET /a, { request: GET /b, capture: { n: $.n } }'));
    assert.deepEqual(received.map(one => one.url).toSorted(), ['/a', '/b']);
    assert.deepEqual([ended.load.abandoned, figures(ended).failed], [1, { capture: 1 }]);
  });

  it('share cookies and follow redirects, with the same requests over one and two workers', async t => {
    const { url, received } = await startValueServer(t, (request, response) => {
      if (request.url?.startsWith('/go')) response.writeHead(302, { location: '/there' }).end();
      else response.writeHead(200, { 'set-cookie': 'c=1; Path=/' }).end('{}');
    });
    const plan = await planOf(`target: ${url}
load: { model: closed, users: 4, iterations: 40 }
cookies: true
defaults: { redirects: follow }
steps:
  - parallel: ['GET /go/{{iteration}}', GET /a]
  - repeat: 2
    steps: [{ oneOf: [{ steps: [{ parallel: [GET /b, GET /go] }] }, GET /c] }]
`);
    const sentBy = async (workers: number) => {
      received.length = 0;
      await measure(plan, { addresses: ['127.0.0.1'], staffing: { workers, pacing: 'economical' } });
      return received.map(({ method, url: path }) => `${method} ${path}`).sort();
    };
    const first = await sentBy(1);
    assert.equal(first.filter(one => one === 'GET /a').length, 40);
    const later = received.filter(one => one.url === '/b' || one.url === '/c');
    assert.ok(
      later.every(one => one.rawHeaders.includes('c=1')),
      'each sends the cookie that its page set',
    );
    assert.deepEqual(await sentBy(1), first);
    assert.deepEqual(await sentBy(2), first);
  });

  it('lose nothing in an open load that ends amid them', async t => {
    const { url } = await startValueServer(t, (_, response) => setTimeout(() => response.end('{}'), 30));
    const plan = await planOf(`target: ${url}
load: { model: open, stages: [{ duration: 400ms, rate: 100/s }] }
steps: [GET /page, { parallel: [GET /a, GET /b, GET /c] }, GET /end]
`);
    const measurement = await measure(plan, { addresses: ['127.0.0.1'] });
    const due = (endpoint: string) =>
      analyse(measurement).of({ kind: 'endpoint', endpoint }).figures.requests;
    assert.equal(due('GET /page'), 40);
    assert.deepEqual([due('GET /b'), due('GET /c')], [due('GET /a'), due('GET /a')]);
    assert.equal(due('GET /end') + (measurement.load.cut ?? 0), 40);
    const total = analyse(measurement).of({ kind: 'total' }).figures;
    assert.equal(total.ok, total.requests);
  });

  it('survive a server that closes each connection, and time out one by one', async t => {
    const { url } = await startValueServer(t, (request, response) => {
      if (request.url === '/gone') request.socket.destroy();
      else if (request.url !== '/hang') response.writeHead(200, { connection: 'close' }).end('{}');
    });
    const measurement = await measured(
      url,
      `journeys:
  - endpoint: page
    steps:
      - parallel: [GET /a, GET /gone, { request: GET /hang, timeout: 50ms }, GET /b]
      - GET /end
`,
      { iterations: 3 },
    );
    const figures = (endpoint: string) => analyse(measurement).of({ kind: 'endpoint', endpoint }).figures;
    assert.deepEqual(figures('GET /hang').failed, { timeout: 3 });
    assert.deepEqual([figures('GET /a').ok, figures('GET /b').ok, figures('GET /end').ok], [3, 3, 3]);
    assert.equal(figures('page').errors, 3);
    assert.equal(measurement.completion.state, 'complete');
  });

  it('are requests alone, two at least', async () => {
    assert.match(await mistakesOf(`${base}steps: [{ parallel: [GET /a] }]\n`), /at least two requests/);
    assert.match(
      await mistakesOf(`${base}steps: [{ parallel: [GET /a, { think: 1s }] }]\n`),
      /steps\[0\]\.parallel\[1\]/,
    );
    assert.match(
      await mistakesOf(
        `${base}steps: [{ parallel: [{ request: GET /a, capture: { x: $.x } }, 'GET /{{x}}'] }]\n`,
      ),
      /uses a name that does not exist here/,
    );
  });
});
