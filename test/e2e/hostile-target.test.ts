import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Summary } from '../../src/report/summary/summary-schema.ts';
import { freePort } from '../target/free-port.ts';
import { type Workspace, workspace } from './plimsoll.ts';

const megabytes = 1_000_000;
const journeys = 'load: { model: closed, users: 4, iterations: 8, maxDuration: 30s }\n';

/** What a server answers by path; a body that stalls has no end. */
const answers: {
  readonly [path: string]: { readonly id?: string; readonly body: string; readonly stalls?: true };
} = {
  '/id': { id: '-H'.repeat(30_000), body: '{}' },
  '/key': { body: `{"${'-H'.repeat(megabytes)}":"x"}` },
  '/half': { body: '{"id":"\\ud800","deep":{"__proto__":{"x":1}}}' },
  '/stalled': { body: `{"id":"${'a'.repeat(2 * megabytes)}`, stalls: true },
};

function startServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const { id, body, stalls } = answers[request.url ?? ''] ?? { body: 'ok' };
    if (id !== undefined) response.setHeader('x-request-id', id);
    if (stalls) response.writeHead(200, { 'content-length': 64 * megabytes }).write(body);
    else response.end(body);
  });
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

describe('the built command against what wants to hang it, fill it, or make it talk', () => {
  let here: Workspace;
  let server: Server;
  before(async () => {
    here = await workspace();
    server = await startServer();
    await here.write('numbers.json', { type: 'object', additionalProperties: { type: 'number' } });
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await here.dispose();
  });

  it('ends in time with small records, says what was too much, and goes on after what cannot be sent', {
    timeout: 120_000,
  }, async () => {
    const target = `target: http://127.0.0.1:${(server.address() as AddressInfo).port}\n${journeys}`;
    await here.write('id.yaml', `${target}steps: [GET /id]\n`);
    await here.write(
      'key.yaml',
      `${target}steps: [{ request: GET /key, expect: { schema: numbers.json } }]\n`,
    );
    await here.write(
      'half.yaml',
      `${target}steps: [{ request: GET /half, capture: { id: $.id } }, "GET /item/{{id}}", GET /after]\n`,
    );
    await here.write(
      'stalled.yaml',
      `${target}maxBodies: 4MB\ndefaults: { timeout: 1s }\nsteps: [{ request: GET /stalled, capture: { id: $.id } }]\n`,
    );
    const scenarios = ['id', 'key', 'half', 'stalled'];
    const { code, stdout, stderr } = await here.run(['run', ...scenarios.map(name => `${name}.yaml`)]);
    // Of the last scenario nothing is answered, which measures nothing.
    assert.ok(code === 1 || code === 3, `exit ${code}: ${stdout}${stderr}`);
    const { runs } = await here.summary();
    const ends = runs.map(({ scenario, total }) => [scenario, total.requests, total.failures]);
    assert.deepEqual(ends.slice(0, 3), [
      ['id', 8, {}],
      ['key', 8, { check: 8 }],
      ['half', 24, { notSent: 8 }],
    ]);
    const failed = runs[3]?.total.failures;
    assert.ok((failed?.tooLarge ?? 0) >= 1, JSON.stringify(failed));
    assert.match(stdout, /raise\s+maxBodies/);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /cannot be sent in the path: it holds half of a surrogate pair/,
    );
    const folder = join(here.folder, 'reports/runs');
    const files = (await readdir(folder)).filter(file => file.endsWith('.json'));
    assert.equal(files.length, scenarios.length);
    for (const file of files) {
      const { size } = await stat(join(folder, file));
      assert.ok(size < 2 * megabytes, `${file} has ${size} bytes`);
    }
    const key = files.find(file => file.startsWith('key-')) ?? '';
    const rendered = await here.run(['report', join(folder, key), '--format', 'markdown']);
    assert.equal(rendered.code, 0, rendered.stderr);
    assert.ok(rendered.stdout.length < 100_000, `${rendered.stdout.length} characters`);
  });

  it('tells no secret of an API that writes or says back what it was given', async () => {
    const env = { S_JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJKV1RzZWNyZXQifQ.c2ln', S_PATH: 'PATHsecret4' };
    await here.write(
      'dies.cjs',
      // Where a text is cut, a secret may lie across the cut.
      "for (const n of [100, 470]) console.error('x'.repeat(n) + ' token is ' + process.argv[2]); process.exit(1)",
    );
    await here.write(
      'echo.cjs',
      `require('node:http').createServer((request, response) => {
        if (request.url === '/login') return response.end('{"token":"CAPTUREDsecret1"}');
        const text = request.url + ' ' + request.headers.authorization;
        console.log(text);
        response.setHeader('x-request-id', text);
        response.end(JSON.stringify({ [text]: 'x' }));
      }).listen(process.env.PORT, process.env.HOST);`,
    );
    await here.write('users.csv', 'user,password\nalice,CSVsecret2\n');
    const served = async (start: string) =>
      `target: http://127.0.0.1:${await freePort()}\nserve: { start: "${start}", ready: GET /login, timeout: 20s }\n${journeys}`;
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: what the environment fills in
    await here.write('cut.yaml', `${await served('node dies.cjs ${S_JWT}')}steps: [GET /]\n`);
    await here.write(
      'echo.yaml',
      `${await served('node echo.cjs')}data: { u: { file: users.csv } }
steps:
  - { request: GET /login, capture: { tok: $.token } }
  - request: "GET /p/\${S_PATH}/x?password={{u.password}}&access_token=LITERALsecret3"
    headers: { authorization: "Bearer {{tok}}" }
    expect: { schema: numbers.json }
`,
    );
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: end
    const out = ['--out', 'secrets', '--json', 'secrets/copy.json'];
    const dry = await here.run(['run', 'echo.yaml', '--dry-run'], env);
    const { code, stdout, stderr } = await here.run(['run', 'cut.yaml', 'echo.yaml', ...out], env);
    assert.equal(code, 1, stdout + stderr);
    const { runs } = JSON.parse(await here.read('secrets/summary.json')) as Summary;
    assert.deepEqual(
      runs.map(run => [run.scenario, run.total.requests, run.total.failures]),
      [
        ['cut', 0, {}],
        ['echo', 16, { check: 8 }],
      ],
    );
    assert.match(stderr, /token is \[redacted\]/);
    const written = (await readdir(join(here.folder, 'secrets'), { recursive: true, withFileTypes: true }))
      .filter(file => file.isFile())
      .map(file => join(file.parentPath, file.name));
    assert.ok(written.length >= 7, written.join(', '));
    const texts = [
      dry.stdout,
      stdout,
      stderr,
      ...(await Promise.all(written.map(file => readFile(file, 'utf8')))),
    ];
    for (const text of texts) assert.doesNotMatch(text, /\w+secret\d|eyJ\w{5}/);
  });
});
