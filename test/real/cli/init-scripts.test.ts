import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { place } from './command-line.ts';

interface Sent {
  readonly line: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server that answers with an id, and keeps what it was asked. */
async function server(t: TestContext): Promise<{ readonly url: string; readonly sent: readonly Sent[] }> {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { 'content-type': type, authorization } = request.headers;
    sent.push({ line: `${request.method} ${request.url}`, type, authorization, body });
    response.end('{"id":"id-of-answer"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

const postman = (url: string) => ({
  info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] },
  variable: [
    { key: 'baseUrl', value: '{{host}}/v1' },
    { key: 'host', value: url },
    { key: 'loop', value: '{{loop}}' },
  ],
  item: [
    { name: 'all', request: '{{baseUrl}}/items?page=1' },
    {
      name: 'Orders',
      item: [
        {
          name: 'one',
          event: [{ script: { exec: ['pm.test()'] } }],
          request: {
            method: 'GET',
            auth: {
              type: 'basic',
              basic: [
                { key: 'username', value: 'ann' },
                { key: 'password', value: 'hunter22!' },
              ],
            },
            url: {
              raw: '{{baseUrl}}/orders/:order?q={{word}}&l={{loop}}',
              variable: [{ key: 'order', value: '17' }],
            },
          },
        },
        {
          name: 'add',
          request: {
            method: 'POST',
            url: { raw: '{{baseUrl}}/orders' },
            body: {
              mode: 'raw',
              raw: '{"of":"{{word}}","n":{{count}}}',
              options: { raw: { language: 'json' } },
            },
          },
        },
        {
          name: 'form',
          request: {
            method: 'POST',
            url: '{{baseUrl}}/form',
            body: { mode: 'urlencoded', urlencoded: [{ key: 'a', value: 'b c&d' }] },
          },
        },
        {
          name: 'parts',
          request: {
            method: 'POST',
            url: '{{baseUrl}}/parts',
            body: { mode: 'formdata', formdata: [{ key: 'a', value: 'b' }] },
          },
        },
        {
          name: 'file',
          request: {
            method: 'POST',
            url: '{{baseUrl}}/file',
            body: { mode: 'formdata', formdata: [{ key: 'a', type: 'file', src: '/etc/passwd' }] },
          },
        },
        { name: 'elsewhere', request: 'https://other.example.com/' },
        {
          name: 'secret',
          request: {
            method: 'POST',
            url: '{{baseUrl}}/login',
            body: { mode: 'raw', raw: '{"password":"letmein99","n":{{count}}}' },
          },
        },
        { name: 'nothing' },
        null,
      ],
    },
  ],
});

describe('an imported Postman collection', () => {
  test('fills in its variables, asks the environment for others, and keeps no secret', async t => {
    const { url, sent } = await server(t);
    const at = await place(t);
    await at.write('shop.json', postman(url));
    const made = await at.run(['init', '--postman', 'shop.json', '--writes']);
    assert.equal(made.code, 0, made.stderr);
    for (const left of ['without their scripts: one', 'file: file', 'https://other.example.com', 'nothing']) {
      assert.ok(made.stderr.includes(left), `${left} in ${made.stderr}`);
    }
    assert.ok(
      !(await at.read('scenarios/shop.yaml')).includes('hunter22!'),
      'the password is in the scenario',
    );
    const env = {
      API_TOKEN: 'a-token',
      API_WORD: 'word',
      API_LOOP: 'x',
      API_COUNT: '3',
      API_BASIC_CREDENTIALS: 'YTpi',
    };
    const once = await at.run(['run', 'shop', '--once', '--json', '-'], { env });
    assert.equal(once.code, 0, once.stderr);
    assert.deepEqual(
      sent.map(({ line, authorization, body, type }) => [
        line,
        authorization,
        type?.split(';')[0],
        type?.startsWith('multipart') ? '…' : body,
      ]),
      [
        ['GET /v1/items?page=1', 'Bearer a-token', undefined, ''],
        ['GET /v1/orders/17?q=word&l=x', 'Basic YTpi', undefined, ''],
        ['POST /v1/orders', 'Bearer a-token', 'application/json', '{"of":"word","n":3}'],
        ['POST /v1/form', 'Bearer a-token', 'application/x-www-form-urlencoded', 'a=b+c%26d'],
        ['POST /v1/parts', 'Bearer a-token', 'multipart/form-data', '…'],
      ],
    );
  });

  test('of another version is refused', async t => {
    const at = await place(t);
    await at.write('old.json', { id: '1', requests: [] });
    assert.match((await at.run(['init', '--postman', 'old.json'])).stderr, /version 1\n[\s\S]*version 2\.1/);
  });
});

describe('an imported Artillery script', () => {
  test('keeps its phases, weights, captures and pauses', async t => {
    const { url, sent } = await server(t);
    const at = await place(t);
    await at.write(
      'load.yml',
      `config:
  target: ${url}
  phases: [{ duration: 2m, arrivalRate: 5, rampTo: 20 }, { duration: 10, arrivalCount: 100 }, { pause: 5 }]
  variables: { kind: [cat, dog] }
  http: { defaults: { headers: { accept: application/json } } }
  payload: { path: users.csv, fields: [user] }
scenarios:
  - name: order
    weight: 3
    flow:
      - post: { url: /orders, json: { kind: '{{ kind }}' }, capture: { json: $.id, as: order } }
      - think: 1
      - loop: [{ get: { url: '/orders/{{ order }}', qs: { user: '{{ user }}' } } }]
        count: 2
      - log: hello
  - flow: [{ get: { url: / } }]
`,
    );
    const made = await at.run(['init', '--artillery', 'load.yml']);
    assert.equal(made.code, 0, made.stderr);
    for (const left of ['config.payload', 'a phase', 'log'])
      assert.ok(made.stderr.includes(left), `${left} in ${made.stderr}`);
    const scenario = await at.read('scenarios/load.yaml');
    assert.match(
      scenario,
      /- \{ duration: 120s, rate: 5\/s\.\.20\/s \}\n {4}- \{ duration: 10s, rate: 10\/s \}\n/,
    );
    assert.match(scenario, /- name: order\n {4}weight: 3\n/);
    assert.match(scenario, /- think: 1000ms\n/);
    const once = await at.run(['run', 'load', '--once', '--json', '-'], { env: { API_USER: 'ann' } });
    assert.equal(once.code, 0, once.stderr);
    assert.deepEqual(
      sent.map(({ line }) => line),
      ['POST /orders', 'GET /orders/id-of-answer?user=ann', 'GET /orders/id-of-answer?user=ann', 'GET /'],
    );
    assert.equal(sent[0]?.body, '{"kind":"cat"}');
  });
});

describe('an imported access log', () => {
  const nginx = (second: number, request: string, status = 200) =>
    `10.0.0.1 - ann [30/Nov/2026:10:00:${String(second).padStart(2, '0')} +0000] "${request}" ${status} 17 "-" "curl/8"`;

  test('gives the mix and the rate of its traffic, without what failed or may change data', async t => {
    const at = await place(t);
    const lines = Array.from({ length: 60 }, (_, index) => [
      nginx(index, `GET /items/${index % 2} HTTP/1.1`),
      nginx(index, 'GET /items?page=1&api_key=abcdef123456 HTTP/1.1'),
      nginx(index, 'GET /missing HTTP/1.1', 404),
      nginx(index, 'POST /items HTTP/1.1', 201),
    ]).flat();
    await at.write(
      'access.log', // biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a variable is none
      [...lines, 'no line of a log', nginx(59, 'GET /${HOME}/{{x}} HTTP/1.1')].join('\n'),
    );
    const made = await at.run(['init', '--access-log', 'access.log']);
    assert.equal(made.code, 0, made.stderr);
    const scenario = await at.read('scenarios/access.yaml');
    assert.ok(!scenario.includes('abcdef123456'), scenario);
    assert.match(scenario, /rate: 4\.08\/s/);
    assert.match(
      scenario,
      /- name: GET \/items\n {4}weight: 60\n {4}steps:\n {6}- GET \/items\?page=1&api_key=\$\{API_KEY\}\n/,
    );
    assert.match(scenario, /- name: GET \/items\/:id\n {4}weight: 30\n[\s\S]*endpoint: GET \/items\/:id\n/);
    assert.match(scenario, /- GET \/\$%7BHOME%7D\/%7B%7Bx%7D%7D\n/);
    assert.match(made.stderr, /of the log: 1 lines of another form, 60 answers of 400 and more\n/);
    assert.match(made.stderr, /may change data.*: POST \/items\n/);
    assert.equal((await at.run(['validate'], { env: { API_KEY: 'x' } })).code, 0);
  });

  test('may be of Caddy or of a load balancer, and nothing else', async t => {
    const at = await place(t);
    const caddy = JSON.stringify({ ts: 1, status: 200, request: { method: 'GET', uri: '/caddy' } });
    const alb =
      'https 2026-11-30T10:00:00.000000Z app/lb/1 10.0.0.1:1 10.0.0.2:80 0.0 0.1 0.0 200 200 34 366 "GET https://api.example.com:443/alb?x=1 HTTP/1.1" "curl" - - arn "Root=1" "-" "-" 0 2026-11-30T10:00:00Z "forward" "-" "-"';
    for (const [name, line, request] of [
      ['caddy', caddy, 'GET /caddy'],
      ['alb', alb, 'GET /alb?x=1'],
    ] as const) {
      await at.write(`${name}.log`, `${line}\n`);
      const made = await at.run(['init', '--access-log', `${name}.log`]);
      assert.equal(made.code, 0, made.stderr);
      assert.ok((await at.read(`scenarios/${name}.yaml`)).includes(`- ${request}\n`), request);
    }
    await at.write('other.log', 'hello\n{"a":1}\n');
    assert.match(
      (await at.run(['init', '--access-log', 'other.log'])).stderr,
      /\[import\.other-format\]\n {2}found {5}2 lines/,
    );
  });
});
