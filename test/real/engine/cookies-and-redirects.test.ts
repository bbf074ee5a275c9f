import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { measured, type Received, startValueServer } from './value-server.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function run(t: TestContext, answer: Answer, rest: string, iterations = 1) {
  const { url, received } = await startValueServer(t, answer);
  const measurement = await measured(url, rest, { iterations });
  return { received, ...measurement };
}

const cookieOf = ({ rawHeaders }: Received) => {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name === 'cookie');
  return at < 0 ? null : rawHeaders[at + 1];
};
const countsOf = ({ endpoints }: Awaited<ReturnType<typeof run>>) =>
  endpoints.map(({ name, windows }) => [
    name,
    windows[0]?.counts.due,
    windows[0]?.counts.ok,
    windows[0]?.statuses,
  ]);

describe('cookies', () => {
  const setting: Answer = ({ url }, response) => {
    if (url === '/login') {
      response.setHeader('set-cookie', [
        'sid=a1; Path=/; HttpOnly',
        'sub=b2; Path=/sub',
        'other=c3; Domain=example.com',
      ]);
    } else if (url === '/change') response.setHeader('set-cookie', ['sid=d4; Path=/', 'more="e 5"; Path=/']);
    else if (url === '/logout')
      response.setHeader('set-cookie', [
        'sid=; Path=/; Max-Age=0',
        'more=x; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/',
      ]);
    else if (url === '/401') {
      response.statusCode = 401;
      response.setHeader('set-cookie', 'failed=f6; Path=/');
    }
    response.end('{}');
  };
  const steps =
    'steps: [GET /before, GET /login, GET /a, GET /sub/x, GET /change, GET /a, GET /logout, GET /a, GET /401, GET /a]';

  it('are kept and sent by path, and changed and removed as answers say', async t => {
    const { received } = await run(t, setting, `cookies: true\n${steps}`);
    assert.deepEqual(received.map(cookieOf), [
      null,
      null,
      'sid=a1',
      'sub=b2; sid=a1',
      'sid=a1',
      'sid=d4; more="e 5"',
      'sid=d4; more="e 5"',
      null,
      null,
      'failed=f6',
    ]);
  });

  it('are those of one journey', async t => {
    const { received } = await run(t, setting, 'cookies: true\nsteps: [GET /a, GET /login, GET /a]', 3);
    assert.deepEqual(received.map(cookieOf), Array(3).fill([null, null, 'sid=a1']).flat());
  });

  it('are not kept unless the scenario says so, and a step may send others', async t => {
    const without = await run(t, setting, 'steps: [GET /login, GET /a]');
    assert.deepEqual(without.received.map(cookieOf), [null, null]);
    const own = await run(
      t,
      setting,
      'cookies: true\nsteps: [GET /login, { request: GET /a, headers: { cookie: x=y } }, GET /a]',
    );
    assert.deepEqual(own.received.map(cookieOf), [null, 'x=y', 'sid=a1']);
  });

  it('stay within bounds, however many a target sets', async t => {
    const { received } = await run(
      t,
      (_, response) => {
        response.setHeader(
          'set-cookie',
          [...Array(400)]
            .map((_, index) => `c${index}=1; Path=/`)
            .concat(`long=${'x'.repeat(5_000)}`, 'nonsense', '='),
        );
        response.end();
      },
      'cookies: true\nsteps: [GET /a, GET /b]',
    );
    assert.equal(cookieOf(received[1] as Received)?.split('; ').length, 180);
  });
});

describe('redirects', () => {
  const redirecting: Answer = ({ url = '', method }, response) => {
    const to = (status: number, location: string) => response.writeHead(status, { location }).end();
    const [, status, rest] = /^\/(30\d)\/(.*)/.exec(url) ?? [];
    if (status !== undefined) to(Number(status), rest === '' ? 'there?x=1' : `/${rest}`);
    else if (url === '/loop') to(302, '/loop');
    else if (url === '/away') to(302, 'http://127.0.0.2/x');
    else if (url === '/odd') to(302, 'http://[');
    else if (url === '/absolute') to(302, `http://${response.req.headers.host}/there`);
    else response.end(JSON.stringify({ method, url }));
  };

  it('are answers like others where nobody follows them', async t => {
    const { received, ...measurement } = await run(t, redirecting, 'steps: [GET /302/there]');
    assert.deepEqual(
      received.map(({ url }) => url),
      ['/302/there'],
    );
    assert.deepEqual(countsOf({ received, ...measurement }), [['GET /302/there', 1, 1, { 302: 1 }]]);
  });

  it('are followed with a request each, of which the last answer is checked and captured from', async t => {
    const result = await run(
      t,
      redirecting,
      `defaults: { redirects: follow }
steps:
  - request: POST /302/301/there
    json: { a: 1 }
    headers: { x-a: b }
    expect: { status: 200 }
    capture: { url: $.url, method: $.method }
  - { request: 'GET /end/{{method}}', redirects: none }
  - { request: POST /307/308/there, json: { a: 2 } }
  - GET /absolute
  - GET /303/
`,
    );
    assert.deepEqual(
      result.received.map(({ method, url, body }) => `${method} ${url} ${body}`),
      [
        'POST /302/301/there {"a":1}',
        'GET /301/there ',
        'GET /there ',
        'GET /end/GET ',
        'POST /307/308/there {"a":2}',
        'POST /308/there {"a":2}',
        'POST /there {"a":2}',
        'GET /absolute ',
        'GET /there ',
        'GET /303/ ',
        'GET /303/there?x=1 ',
        'GET /there?x=1 ',
      ],
    );
    const hop = result.received[1]?.rawHeaders.join('\n') ?? '';
    assert.ok(hop.includes('x-a\nb') && !hop.includes('content-'), hop);
    assert.deepEqual(countsOf(result)[0], ['POST /302/301/there', 3, 3, { 200: 1, 301: 1, 302: 1 }]);
  });

  it('take cookies along', async t => {
    const { received } = await run(
      t,
      ({ url }, response) => {
        if (url === '/login')
          response.writeHead(303, { location: '/home', 'set-cookie': 'sid=a1; Path=/' }).end();
        else response.end();
      },
      'cookies: true\ndefaults: { redirects: follow }\nsteps: [POST /login, GET /a]',
    );
    assert.deepEqual(
      received.map(one => [one.method, one.url, cookieOf(one)]),
      [
        ['POST', '/login', null],
        ['GET', '/home', 'sid=a1'],
        ['GET', '/a', 'sid=a1'],
      ],
    );
  });

  it('fail where they do not end, leave the target, or lead nowhere; and the journey goes on', async t => {
    for (const [path, requests, reason] of [
      ['/loop', 11, /^more than 10 redirects$/],
      ['/away', 1, /^a redirect to another origin \(http:\/\/127\.0\.0\.2\) is not followed$/],
      ['/odd', 1, /^a redirect to something that is no URL$/],
    ] as const) {
      const { received, failureSamples } = await run(
        t,
        redirecting,
        `defaults: { redirects: follow }\nsteps: [GET ${path}, GET /after]`,
      );
      assert.deepEqual([received.length, received.at(-1)?.url], [requests + 1, '/after']);
      assert.deepEqual(
        failureSamples.map(({ kind, detail }) => [kind, reason.test(detail) || detail]),
        [['status', true]],
      );
    }
  });
});
