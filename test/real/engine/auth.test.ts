import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { measure } from '../../../src/engine/measure.ts';
import { sampleRequests } from '../../../src/engine/request/sample-request.ts';
import { withSecrets } from '../../../src/pipeline/credentials/secrets.ts';
import { withTokens } from '../../../src/pipeline/credentials/tokens.ts';
import { wayOf } from '../../../src/pipeline/credentials/way.ts';
import { LearningRedactor } from '../../../src/safety/secret.ts';
import { base, inWorkspace, messageOf, mistakesOf, planOf } from '../config/workspace.ts';
import { startProxy } from './proxy-server.ts';
import { pem } from './secure-server.ts';
import { type Received, startValueServer } from './value-server.ts';

const require = createRequire(import.meta.url);

const env = {
  TOKEN: 'of-the-environment',
  PASSWORD: 'pass:wörd',
  KEY: 'AKIAEXAMPLE',
  SECRET: 'wJalrXUtnFEMI',
};
const load = 'load: { model: closed, users: 1, iterations: 1, maxDuration: 20s }\n';

/** Commands see what is needed to find them, and nothing of the test's own. */
const commandEnv = { PATH: process.env.PATH };

const field = ({ rawHeaders }: Received, name: string) =>
  rawHeaders.find((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);

async function sent(t: Parameters<typeof startValueServer>[0], rest: string, files = {}) {
  const server = await startValueServer(t, (_, response) => response.end('{"token":"of-an-answer"}'));
  const plan = await planOf(`target: ${server.url}\n${load}${rest}`, { env, files });
  const ready = await withSecrets(plan, { env: commandEnv });
  const { failureSamples } = await measure(ready, { addresses: ['127.0.0.1'] });
  assert.deepEqual(failureSamples, []);
  return { ...server, plan: ready };
}

describe('credentials', () => {
  it('go with each request, but for those that have their own or none', async t => {
    const { received, plan } = await sent(
      t,
      `defaults: { headers: { authorization: default }, auth: { bearer: "\${TOKEN}" } }
data: { d: { file: d.csv } }
steps:
  - GET /default
  - { request: GET /none, auth: none }
  - { request: GET /own, headers: { Authorization: own } }
  - { request: GET /basic, auth: { basic: { user: ann, password: "\${PASSWORD}" } } }
  - { request: GET /data, auth: { basic: { user: '{{d.user}}', password: '{{d.password}}' } } }
  - { request: GET /key, auth: { apiKey: { header: X-Api-Key, value: "\${TOKEN}" } } }
  - { request: GET /query, auth: { apiKey: { query: api key, value: "\${PASSWORD}" } }, endpoint: GET /q }
  - { request: 'GET /query?a=1', auth: { apiKey: { query: key, value: '{{d.password}}' } }, endpoint: GET /q }
  - { request: POST /login, capture: { token: $.token } }
  - { request: GET /captured, auth: { bearer: '{{token}}' } }
`,
      { 'd.csv': 'user,password\nbob,a&b\n' },
    );
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    assert.deepEqual(
      received.map(one => [one.url, field(one, 'authorization'), field(one, 'x-api-key')]),
      [
        ['/default', 'Bearer of-the-environment', undefined],
        ['/none', 'default', undefined],
        ['/own', 'own', undefined],
        ['/basic', basic('ann:pass:wörd'), undefined],
        ['/data', basic('bob:a&b'), undefined],
        ['/key', 'default', 'of-the-environment'],
        ['/query?api%20key=pass%3Aw%C3%B6rd', 'default', undefined],
        ['/query?a=1&key=a%26b', 'default', undefined],
        ['/login', 'Bearer of-the-environment', undefined],
        ['/captured', 'Bearer of-an-answer', undefined],
      ],
    );
    for (const secret of ['of-the-environment', 'pass:wörd']) {
      assert.ok(plan.secrets.includes(secret), `${secret} is known`);
    }
  });

  it('come from commands, each run once and without a shell', async t => {
    const { received, plan } = await sent(
      t,
      `defaults: { auth: { bearer: { command: [node, -e, 'console.log("printed$HOME")'] } } }
steps:
  - GET /a
  - { request: GET /b, auth: { basic: { user: ann, password: { command: [node, -e, 'console.log("printed$HOME")'] } } } }
  - { request: GET /c, auth: { bearer: { command: [node, -p, '"other secret"'] } } }
`,
    );
    assert.deepEqual(
      received.map(one => field(one, 'authorization')),
      [
        'Bearer printed$HOME',
        `Basic ${Buffer.from('ann:printed$HOME').toString('base64')}`,
        'Bearer other secret',
      ],
    );
    for (const secret of ['printed$HOME', 'other secret']) {
      assert.ok(plan.secrets.includes(secret), `${secret} is known`);
    }
  });

  it('are not fetched to show what would be sent', async () => {
    const plan = await planOf(
      `${base}steps: [{ request: GET /a, auth: { bearer: { command: [no-such-program] } } }]\n`,
    );
    const [sample] = sampleRequests(plan);
    assert.match(sample?.text ?? '', /authorization: Bearer <secret>/);
  });

  it('never stand in a file, not even as the default of a variable', async () => {
    const mistakes = await mistakesOf(
      `${base}defaults: { auth: { bearer: s3cret-token } }
steps:
  - { request: GET /a, auth: { basic: { user: ann, password: "\${PASSWORD:-s3cret}" } } }
  - { request: GET /b, auth: { apiKey: { header: x-key, value: "\${PASSWORD:-}" } } }
  - GET /c
`,
      { env },
    );
    assert.match(mistakes, /defaults\.auth\.bearer: .*\[secret\.literal\]/);
    assert.match(mistakes, /steps\[0\]\.auth\.basic\.password: .*\[secret\.literal\]/);
    assert.doesNotMatch(mistakes, /s3cret|steps\[1\]/);
  });

  it('cannot bring another header with them', async () => {
    const text = `${base}steps: [{ request: GET /a, auth: { bearer: "\${TOKEN}" } }]\n`;
    const mistake = await mistakesOf(text, { env: { TOKEN: 'abc-def\r\nx-admin: 1' } });
    assert.match(mistake, /steps\[0\]\.auth\.bearer: .*\[header\.invalid-value\]/);
    assert.doesNotMatch(mistake, /abc-def/);
    const [sample] = sampleRequests(await planOf(text, { env: { TOKEN: 'abc-def\n' } }));
    assert.match(sample?.text ?? '', /authorization: Bearer abc-def\r\n/);
  });

  it('may stand in a program, which computes them', async () => {
    const value = {
      target: 'http://127.0.0.1:1',
      load: { model: 'open', stages: [{ duration: '1s', rate: '1/s' }] },
      steps: [{ request: 'GET /', auth: { bearer: 'computed-token' } }],
    };
    const plan = await loadPlan({ kind: 'value', value }, { cwd: '.', env: {} });
    assert.ok(plan.secrets.includes('computed-token'), 'known');
  });

  it('are refused where nobody can tell which are meant', async () => {
    const mistakes = await mistakesOf(
      `${base}steps:
  - { request: GET /a, auth: { bearer: "\${T}", apiKey: { header: a, value: "\${T}" } } }
  - { request: GET /b, auth: { apiKey: { header: a, query: b, value: "\${T}" } } }
  - { request: GET /c, auth: { bearr: "\${T}" } }
  - { request: GET /d, auth: { bearer: { command: vault read } } }
  - { request: GET /e, auth: {} }
`,
      { env: { T: 'tttt' } },
    );
    assert.match(mistakes, /steps\[0\]\.auth: .*\n.*a map with one of the keys basic, bearer/);
    assert.match(mistakes, /steps\[1\]\.auth\.apiKey: .*\n.*either header or query/);
    assert.match(mistakes, /steps\[2\]\.auth\.bearr: unknown key/);
    assert.match(mistakes, /steps\[3\]\.auth\.bearer\.command: /);
    assert.match(mistakes, /steps\[4\]\.auth: /);
  });
});

describe('a command for a secret', () => {
  const cases: readonly (readonly [what: string, command: readonly string[], found: RegExp])[] = [
    ['is not there', ['no-such-program-here'], /no-such-program-here: no such program/],
    ['fails', ['node', '-e', 'console.log("half a secret"); process.exit(3)'], /node: exit code 3/],
    ['prints nothing', ['node', '-e', ''], /node: nothing printed/],
    ['prints lines', ['node', '-p', '"a\\nx-admin: 1"'], /more than one line/],
    [
      'prints without end',
      ['node', '-e', 'setInterval(() => console.log("x".repeat(9999)), 1)'],
      /more than 16384/,
    ],
  ];
  for (const [what, command, found] of cases) {
    it(`ends the run where it ${what}`, async () => {
      const plan = await planOf(
        `${base}steps: [{ request: GET /a, auth: { bearer: { command: ${JSON.stringify(command)} } } }]\n`,
      );
      const message = await messageOf(withSecrets(plan, { env: commandEnv }));
      assert.match(message, /a\.yaml, auth: .*\[secret\.command-failed\]/);
      assert.match(message, found);
      assert.doesNotMatch(message, /half a secret/);
    });
  }

  it('ends with the run that is interrupted', async () => {
    const plan = await planOf(
      `${base}steps: [{ request: GET /a, auth: { bearer: { command: [node, -e, 'setTimeout(() => {}, 60000)'] } } }]\n`,
    );
    const controller = new AbortController();
    const waiting = withSecrets(plan, { env: commandEnv, interrupt: controller.signal });
    setTimeout(() => controller.abort('SIGINT'), 50);
    await assert.rejects(waiting, reason => reason === 'SIGINT');
  });
});

describe('a signature', () => {
  it('of AWS is the one that AWS computes', async t => {
    const { received } = await sent(
      t,
      `defaults: { auth: { aws: { region: eu-west-1, service: execute-api, accessKeyId: "\${KEY}", secretAccessKey: "\${SECRET}", sessionToken: "\${TOKEN}" } } }
data: { d: { file: d.csv } }
steps:
  - { request: 'GET /a b?z=1&a=é{{d.v}}', headers: { x-b: "two  words" } }
  - { request: POST /b, json: { v: '{{d.v}}' } }
  - { request: DELETE /c }
`
        .replace('a b', 'a%20b')
        .replace('é', '%C3%A9'),
      { 'd.csv': 'v\nx/y\n' },
    );
    const aws4 = require('aws4');
    for (const one of received) {
      const authorization = field(one, 'authorization') ?? '';
      const [, names = ''] = /SignedHeaders=([^,]+)/.exec(authorization) ?? [];
      const headers = Object.fromEntries(names.split(';').map(name => [name, field(one, name) ?? '']));
      assert.equal(headers['x-amz-security-token'], env.TOKEN);
      const again = aws4.sign(
        {
          method: one.method,
          path: one.url,
          service: 'execute-api',
          region: 'eu-west-1',
          headers,
          body: one.body,
        },
        { accessKeyId: env.KEY, secretAccessKey: env.SECRET, sessionToken: env.TOKEN },
      );
      assert.equal(authorization, again.headers.Authorization);
    }
    assert.equal(received.length, 3);
  });

  it('of an HMAC is computed of what the scenario says', async t => {
    const { received } = await sent(
      t,
      `steps:
  - { request: POST /a, body: payload, auth: { hmac: { secret: "\${SECRET}", prefix: sha256= } } }
  - request: 'POST /b?c=1'
    json: { d: 1 }
    auth: { hmac: { secret: { command: [node, -p, '"printed"'] }, header: X-Sig, algorithm: sha512, encoding: base64, sign: [timestamp, method, path, body] } }
`,
    );
    const [first, second] = received as [Received, Received];
    const of = (algorithm: string, key: string, text: string) => createHmac(algorithm, key).update(text);
    assert.equal(field(first, 'x-signature'), `sha256=${of('sha256', env.SECRET, 'payload').digest('hex')}`);
    assert.equal(field(first, 'x-timestamp'), undefined);
    const time = field(second, 'x-timestamp') ?? '';
    assert.ok(Math.abs(Number(time) - Date.now() / 1_000) < 60, `a time, ${time}`);
    assert.equal(
      field(second, 'x-sig'),
      of('sha512', 'printed', `${time}\nPOST\n/b?c=1\n{"d":1}`).digest('base64'),
    );
  });

  it('leaves its secret out of what is shown', async () => {
    const plan = await inWorkspace(
      { 'a.yaml': `${base}steps: [{ request: POST /a, auth: { hmac: { secret: "\${SECRET}" } } }]\n` },
      cwd => loadPlan({ kind: 'file', file: 'a.yaml' }, { cwd, env }),
    );
    assert.ok(plan.secrets.includes(env.SECRET), 'known');
  });
});

describe('a token of OAuth 2', () => {
  const learner = () => new LearningRedactor([]);

  it('is fetched before the load, once for all steps that ask for it, and again before it expires', async t => {
    let issued = 0;
    const asked: Received[] = [];
    const { url, received } = await startValueServer(t, (request, response) => {
      const isToken = request.url === '/token';
      if (isToken) issued += 1;
      response.end(isToken ? JSON.stringify({ access_token: `token-${issued}`, expires_in: 0.25 }) : '');
    });
    const plan = await planOf(
      `target: ${url}
load: { model: closed, stages: [{ duration: 1s, users: 1 }], pacing: 20ms }
defaults: { auth: &o { oauth2: { tokenUrl: "${url}/token", clientId: load test, clientSecret: "\${SECRET}", scope: a b } } }
steps:
  - GET /a
  - { request: GET /b, auth: *o }
`,
      { env },
    );
    const redaction = learner();
    const tokens = await withTokens(plan, { redaction });
    assert.equal(issued, 1);
    await measure(tokens.plan, { addresses: ['127.0.0.1'], onFillable: tokens.keepFresh });
    assert.equal(tokens.stop(), null);
    asked.push(...received.filter(one => one.url === '/token'));
    assert.equal(asked[0]?.body, 'grant_type=client_credentials&scope=a+b');
    assert.equal(
      field(asked[0] as Received, 'authorization'),
      `Basic ${Buffer.from(`load%20test:${env.SECRET}`).toString('base64')}`,
    );
    const used = received.filter(one => one.url !== '/token').map(one => field(one, 'authorization'));
    for (const one of used) assert.match(one ?? '', /^Bearer token-\d+$/);
    assert.ok(issued >= 3, `${issued} tokens`);
    assert.ok(new Set(used).size >= 2, [...new Set(used)].join());
    assert.ok(redaction.secrets.includes('token-2'), 'later tokens are known as secrets');
  });

  it('is asked for with a password, and the client in the body', async t => {
    const { url, received } = await startValueServer(t, (_, response) =>
      response.end('{"access_token":"abc"}'),
    );
    const plan = await planOf(
      `${base}steps: [{ request: GET /, auth: { oauth2: { tokenUrl: "${url}/t", grant: password, client: body, clientId: c, clientSecret: { command: [node, -p, '"printed"'] }, user: ann, password: "\${PASSWORD}" } } }]\n`,
      { env },
    );
    const ready = await withSecrets(plan, { env: commandEnv });
    const { plan: filled } = await withTokens(ready, { redaction: learner() });
    assert.deepEqual(
      [...new URLSearchParams(received[0]?.body)],
      [
        ['grant_type', 'password'],
        ['client_id', 'c'],
        ['client_secret', 'printed'],
        ['username', 'ann'],
        ['password', env.PASSWORD],
      ],
    );
    assert.match(sampleRequests(filled)[0]?.text ?? '', /authorization: Bearer abc/);
  });

  it('is fetched over the TLS of the scenario, and through its proxy', async t => {
    const server = createHttpsServer({ cert: pem('server.crt'), key: pem('server.key') }, (_, response) =>
      response.end('{"access_token":"over-tls"}'),
    ).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo;
    const proxy = await startProxy(t, port);
    const scenario = (more: string) =>
      `${base}${more}steps: [{ request: GET /, auth: { oauth2: { tokenUrl: "https://localhost:${port}/t", clientId: c, clientSecret: "\${SECRET}" } } }]\n`;
    const tls = 'tls: { ca: ca.crt }\n';
    const files = { 'ca.crt': pem('ca.crt') };
    for (const more of [tls, `${tls}proxy: "http://127.0.0.1:${proxy.port}"\n`]) {
      const plan = await planOf(scenario(more), { env, files });
      const { plan: ready } = await withTokens(plan, { redaction: learner() });
      assert.deepEqual(ready.data.find(({ ofSecrets }) => ofSecrets === 'tokens')?.rows, [['over-tls']]);
    }
    assert.equal(proxy.heads.length, 1);
    assert.match(proxy.heads[0] ?? '', /^CONNECT localhost:/);
    const untrusting = await planOf(scenario(''), { env });
    assert.match(await messageOf(withTokens(untrusting, { redaction: learner() }), 3), /tls, /);
  });

  it('comes only from a host that may be loaded', async () => {
    const plan = await planOf(
      `${base}steps: [{ request: GET /, auth: { oauth2: { tokenUrl: "https://192.0.2.1/t", clientId: c, clientSecret: "\${SECRET}" } } }]\n`,
      { env },
    );
    assert.match(await messageOf(wayOf(plan, { allowHosts: [] }), 2), /\[target\.not-allowed\]/);
    const { tokenAddresses } = await wayOf(plan, { allowHosts: ['192.0.2.1'] });
    assert.deepEqual(tokenAddresses, [['192.0.2.1']]);
  });

  it('that cannot be fetched ends the run, and nothing that is secret is told', async t => {
    const answers = [
      [
        400,
        '{"error":"invalid_client","error_description":"the secret was wrong"}',
        /status 400, invalid_client/,
      ],
      [200, '{"token":"x"}', /status 200 without an access_token/],
      [200, '{"access_token":"a\\r\\nb: c"}', /status 200 without an access_token/],
      [200, 'x'.repeat(100_000), /answer over 65536 bytes/],
      [302, '', /status 302/],
    ] as const;
    for (const [status, body, found] of answers) {
      const { url } = await startValueServer(t, (_, response) =>
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body),
      );
      const plan = await planOf(
        `${base}steps: [{ request: GET /, auth: { oauth2: { tokenUrl: "${url}", clientId: c, clientSecret: "\${SECRET}" } } }]\n`,
        { env },
      );
      const message = await messageOf(withTokens(plan, { redaction: new LearningRedactor(plan.secrets) }), 3);
      assert.match(message, /steps\[0\]\.auth\.oauth2: .*\[auth\.token-failed\]/);
      assert.match(message, found);
      assert.doesNotMatch(message, /was wrong|wJalr/);
    }
  });

  it('is refused where it cannot be asked for', async () => {
    const mistakes = await mistakesOf(
      `${base}steps:
  - { request: GET /a, auth: { oauth2: { tokenUrl: /token, clientId: c } } }
  - { request: GET /b, auth: { oauth2: { tokenUrl: "http://a/t", clientId: c, grant: password } } }
`,
    );
    assert.match(mistakes, /tokenUrl: .*\n.*\n.*an http or https URL/);
    assert.match(mistakes, /user and password with grant: password/);
    const literalSecret = await mistakesOf(
      `${base}steps: [{ request: GET /a, auth: { oauth2: { tokenUrl: "http://a/t", clientId: c, clientSecret: plain } } }]\n`,
    );
    assert.match(literalSecret, /clientSecret: .*\[secret\.literal\]/);
  });
});
