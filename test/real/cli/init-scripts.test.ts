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
