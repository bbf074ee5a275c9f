import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { startValueServer } from '../engine/value-server.ts';
import { place } from './command-line.ts';

const script = (url: string) => `
import http, { type RefinedResponse } from 'k6/http';
import { check, group, sleep as pause } from 'k6';
import { SharedArray } from 'k6/data';
import { randomIntBetween, uuidv4, randomItem } from 'https://jslib.k6.io/k6-utils/1.4.0/index.js';
import { Trend } from 'k6/metrics';

const users = new SharedArray('users', () => JSON.parse(open('./users.json')));
const base: string = __ENV.BASE_URL || '${url}';
const headers = { 'Content-Type': 'application/json' };
const own = new Trend('own');

export const options = {
  scenarios: {
    shop: { executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '1m30s', target: 20 }, { duration: '30s', target: 20 }], gracefulRampDown: '5s' },
    other: { executor: 'constant-arrival-rate', exec: 'browse', rate: 60, timeUnit: '1m', duration: '1m', preAllocatedVUs: 5 },
  },
  thresholds: {
    http_req_duration: ['p(95)<500', { threshold: 'med < 200', abortOnFail: true }],
    http_req_failed: ['rate<0.01'],
    'http_req_duration{name:login}': ['p(95)<400'],
    checks: ['rate>0.99'],
    own: ['avg<1'],
  },
  noConnectionReuse: true,
};

export function setup() { return { a: 1 }; }

function login(user: { name: string }) {
  const res = http.post(base + '/login', JSON.stringify({ name: user.name, id: uuidv4() }), { headers, tags: { name: 'login' }, timeout: '5s' });
  check(res, {
    'is ok': r => r.status === 200 || r.status === 201,
    'has a token': r => r.json('token') !== undefined && r.headers['Content-Type'].includes('json'),
    'is fast': r => r.timings.duration < 200,
  });
  return res.json('token');
}

export default function () {
  const user = users[Math.floor(Math.random() * users.length)];
  const token = login(user);
  group('items', () => {
    const list = http.get(\`\${base}/items?page=\${__ITER}\`, { headers: { Authorization: \`Bearer \${token}\` } }) as RefinedResponse<'text'>;
    check(list, { 'has some': ({ body }) => body.length > 0, 'first': r => { return r.json().items[0].n >= 1; } });
    const { items } = list.json() as any;
    http.put(http.url\`\${base}/items/\${list.json().items[0].id}\`, JSON.stringify({ id: list.json('items.0.id'), key: __ENV.API_KEY }), { headers });
    own.add(1);
  });
  if (Math.random() < 0.5) {
    http.get('http://never/');
  }
  for (const path of ['/a', '/b']) http.del(base + path);
  for (let i = 0; i < 2; i++) { http.head(base + '/page/' + i); }
  http.post(base + '/form', { q: 'x', n: 1 });
  http.batch([base + '/c']);
  console.log('done');
  pause(randomIntBetween(1, 3));
  pause(0.5);
}
export function browse() { http.get(base + '/browse'); }
`;

describe('init --k6', () => {
  test('writes what a script sends, without running it, and lists the rest by its lines', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, (request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/login') response.end('{"token":"TOKENsecret1"}');
      else response.end('{"items":[{"id":17,"n":1}]}');
    });
    await at.write('k6/shop.test.ts', script(url));
    await at.write('k6/users.json', [{ name: 'ann' }, { name: 'ann' }]);
    const { code, stderr, stdout } = await at.run(['init', '--k6', 'k6/shop.test.ts', '--no-workflow']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Set API_KEY:/);
    for (const line of [
      /options that do not map: options\.noConnectionReuse\n/,
      /thresholds that do not map: http_req_duration\{name:login\}: p\(95\)<400, own: avg<1\n/,
      /loads of their own[^\n]*: 1 of options\.scenarios\n/,
      /functions that run once[^\n]*: line 28: setup\n/,
      /parameters of a request that do not map: line 31: timeout\n/,
      /checks that do not map: line 35: 'is fast': r => r\.timings\.duration < 200, line 45: 'has some'/,
      /statements that do not map: line 50: if \(Math/,
      /calls that do not map: line 48: own\.add\(1\);\n/,
    ])
      assert.match(stderr, line);
    const scenario = parse(await at.read('scenarios/shop.yaml'));
    assert.deepEqual(scenario.data, { users: { file: '../k6/users.json', pick: 'random' } });
    assert.deepEqual(scenario.load, {
      model: 'closed',
      warmup: '2s',
      stages: [
        { duration: '90s', users: '1..20' },
        { duration: '30s', users: 20 },
      ],
    });
    assert.deepEqual(scenario.journeys, [
      {
        name: 'script',
        steps: [
          {
            request: 'POST /login',
            headers: { 'content-type': 'application/json' },
            json: { name: '{{users.name}}', id: '{{uuid}}' },
            expect: {
              status: [200, 201],
              headers: { 'content-type': { contains: 'json' } },
              json: { '$.token': { exists: true } },
            },
            capture: { token: '$.token' },
          },
          {
            request: 'GET /items?page={{iteration}}',
            headers: { authorization: 'Bearer {{token}}' },
            expect: { json: { '$.items[0].n': { atLeast: 1 } } },
            capture: { id: '$.items[0].id' },
          },
          {
            request: 'PUT /items/{{id}}',
            headers: { 'content-type': 'application/json' },
            json: { id: '{{id}}', key: `\${API_KEY}` },
          },
          'DELETE /a',
          'DELETE /b',
          { request: 'HEAD /page/0', endpoint: 'HEAD /page/:id' },
          { request: 'HEAD /page/1', endpoint: 'HEAD /page/:id' },
          { request: 'POST /form', form: { q: 'x', n: '1' } },
          'GET /c',

          { think: '1000ms..3000ms' },
          { think: '500ms' },
        ],
      },
      { name: 'browse', steps: ['GET /browse'] },
    ]);
    assert.deepEqual(JSON.parse(await at.read('budgets.json')).scenarios, {
      shop: { total: { p95: '500ms', p50: '200ms', errorRate: '1%', checks: '99%' } },
    });
    const run = await at.run(['run', 'shop', '--once'], { env: { API_KEY: 'KEYsecret2' } });
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(JSON.parse(received[2]?.body ?? ''), { id: 17, key: 'KEYsecret2' });
    const again = await at.run(['init', '--k6', 'k6/shop.test.ts', '--force', '--no-workflow']);
    assert.match(again.stderr, /since budgets\.json is there already, limits: p95 500ms/);
  });

  test('takes the load of options, or what is asked for', async t => {
    const at = await place(t);
    const load = async (options: string, ...flags: readonly string[]) => {
      await at.write(
        'a.js',
        `import http from 'k6/http';\nexport const options = ${options};\nexport default () => http.get('http://127.0.0.1:1/');\n`,
      );
      const { code, stderr } = await at.run(['init', '--k6', 'a.js', '--force', '--no-workflow', ...flags]);
      assert.equal(code, 0, stderr);
      return parse(await at.read('scenarios/a.yaml')).load;
    };
    const stage = (duration: string, more: object) => ({ warmup: '2s', stages: [{ duration, ...more }] });
    assert.deepEqual(await load("{ vus: 3, duration: '10s' }"), {
      model: 'closed',
      ...stage('10s', { users: 3 }),
    });
    assert.deepEqual(await load('{ vus: 3, iterations: 30 }'), {
      model: 'closed',
      users: 3,
      iterations: 30,
      maxDuration: '600s',
    });
    const rates =
      "{ scenarios: { a: { executor: 'ramping-arrival-rate', startRate: 60, timeUnit: '1m', stages: [{ target: 600, duration: '1m' }] } } }";
    assert.deepEqual(await load(rates), { model: 'open', ...stage('60s', { rate: '1/s..10/s' }) });
    assert.deepEqual(await load('{ vus: 3 }', '--rate', '5/s'), {
      model: 'open',
      ...stage('40s', { rate: '5/s' }),
    });
    assert.deepEqual(await load('{}'), { model: 'open', ...stage('40s', { rate: '10/s' }) });
    assert.deepEqual((await at.run(['validate'])).code, 0);
  });

  test('says what is wrong with a script', async t => {
    const at = await place(t);
    const deep = `${'['.repeat(3_000)}${']'.repeat(3_000)}`;
    for (const [name, text, expected] of [
      ['empty', '', /file\.empty/],
      ['broken', 'const a = ;\n', /broken\.js:1: (?:.|\n)*file\.syntax/],
      ['other', 'export const a = 1;\n', /nothing of k6/],
      ['nothing', "import http from 'k6/http';\nexport default function () {}\n", /import\.no-request/],
      [
        'computed',
        "import http from 'k6/http';\nexport default function () { http.get(x()); }\n",
        /line 2: http\.get/,
      ],
      [
        'endless',
        "import http from 'k6/http';\nfunction f() { f(); }\nexport default f;\n",
        /no-request|deep/,
      ],
      [
        'deep',
        `import http from 'k6/http';\nconst a = ${deep};\nexport default function () { http.get('http://a/'); }\n`,
        /nested too deeply/,
      ],
      [
        'doubtful',
        "import http from 'k6/http';\nexport default function () { let a = 'x'; if (Math.random() > 1) a = 'y'; http.get('http://a/' + a); }\n",
        /nothing is known of a value in: line 2: http\.get/,
      ],
      [
        'doubling',
        `import http from 'k6/http';\nlet a = 'x';\nexport default function () {\n${'a = a + a;\n'.repeat(60)}http.get(a); }\n`,
        /very long text/,
      ],
      [
        'busy',
        `import http from 'k6/http';\nexport default function () { ${'for (let i = 0; i < 20; i++) {'.repeat(12)} ${'}'.repeat(12)} http.get('http://a/'); }\n`,
        /makes too much/,
      ],
    ] as const) {
      await at.write(`${name}.js`, text);
      const { code, stderr } = await at.run(['init', '--k6', `${name}.js`, '--no-workflow']);
      assert.equal(code, 2, `${name}: ${stderr}`);
      assert.match(stderr + name, expected);
    }
    assert.match((await at.run(['init', '--k6', 'none.js'])).stderr, /none\.js/);
    assert.match((await at.run(['init', '--k6', 'a.js', '--har', 'b.har'])).stderr, /--har, --k6/);
  });
});
