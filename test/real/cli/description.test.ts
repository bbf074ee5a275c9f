import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startValueServer } from '../engine/value-server.ts';
import { place } from './command-line.ts';

const described = `
openapi: 3.0.3
info: { title: Pets, version: '1' }
servers: [{ url: https://api.example.com/v1 }]
paths:
  /pets:
    get:
      responses:
        '200': { content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } } } }
    post: { responses: { '201': {} } }
  /pets/{petId}:
    get: { responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } } }
  /pets/mine: { get: { responses: { 2XX: {} } } }
  /photo: { get: { responses: { default: { content: { 'image/*': {} } } } } }
components:
  schemas:
    Pet:
      type: object
      required: [id, secretNote]
      properties:
        id: { type: integer, minimum: 0, exclusiveMinimum: true }
        name: { type: string, nullable: true }
        parent: { $ref: '#/components/schemas/Pet' }
        secretNote: { type: string, writeOnly: true }
`;
const scenario = (url: string, steps: string) => `target: ${url}
load: { model: closed, users: 1, iterations: 4, maxDuration: 60s }
steps: ${steps}
`;
const answers: { readonly [url: string]: readonly [status: number, type: string, body: string] } = {
  '/v1/pets': [200, 'application/json; charset=utf-8', '[{"id":1,"name":null,"parent":{"id":2}}]'],
  '/pets/17': [200, 'application/json', '{"id":0,"parent":{"id":"TOKENsecret9"}}'],
  '/pets/18': [404, 'application/json', '{}'],
  '/pets/mine': [200, 'text/html', '<p>'],
  '/photo': [200, 'text/plain', 'a cat'],
};

describe('run --openapi', () => {
  test('says behind a load which operations it does not ask for, and which statuses, types and bodies are not as declared', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, (request, response) => {
      const [status, type, body] = answers[request.url?.replace(/\?.*/, '') ?? ''] ?? [500, 'text/plain', ''];
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    await at.write('pets.yaml', described);
    await at.write(
      'a.yaml',
      scenario(url, '[GET /v1/pets?limit=1, GET /pets/17, GET /pets/mine, GET /photo, GET /other]'),
    );
    await at.write(
      'b.yaml',
      scenario(
        url,
        "[{ request: GET /pets/18, endpoint: one pet, expect: { status: 404 } }, 'GET /pets/mine']",
      ),
    );
    const run = (...more: readonly string[]) =>
      at.run(['run', ...more, '--openapi', 'pets.yaml', '--out', at.folder, '--no-color']);

    await at.write('budgets.json', { defaults: { errorRate: '50%' } });
    const { stdout, code } = await run('a.yaml');
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /pets\.yaml \(OpenAPI 3\.0\): 4 of 5 operations loaded, 4 answers checked, 2 drifts\./,
    );
    assert.match(stdout, /GET \/pets\/\{petId\} 200: \/id must be > 0 \(1 answer\)/);
    assert.match(stdout, /GET \/photo 200: text\/plain is not a declared content type \(1 answer\)/);
    assert.match(stdout, /does not load: 1\s+\S* ?POST \/pets\n/);
    assert.match(stdout, /does not have: 1\s+\S* ?GET \/other\n/);
    assert.equal(
      received.filter(({ url }) => url === '/photo').length,
      5,
      'four of the load, and one behind it',
    );

    const failing = await run('b.yaml', '--fail-on-drift');
    assert.equal(failing.code, 1, failing.stdout);
    assert.match(
      failing.stdout,
      /FAIL: b held its 1 budget, and got answers that pets\.yaml \(OpenAPI 3\.0\) does not declare:\s+GET \/pets\/\{petId\} 404/,
    );
    const [summary] = JSON.parse(await at.read('summary.json')).runs;
    assert.deepEqual(summary.description.drifts, [
      { operation: 'GET /pets/{petId}', status: 404, of: 'status', detail: null, answers: 5 },
    ]);
    assert.equal(summary.description.fails, true);
    assert.match(await at.read('report.md'), /GET \/pets\/\\?\{petId\\?\}/);
    const file = /record +(\S+)/.exec(failing.stdout)?.[1] ?? '';
    const later = await at.run(['judge', file, '--out', at.folder]);
    assert.equal(later.code, 0, later.stdout + later.stderr);
    assert.match(later.stdout, /2 of 5 operations loaded, 2 answers checked, 1 drift\./);
  });

  test('is part of --once, which then fails by it', async t => {
    const at = await place(t);
    const { url } = await startValueServer(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1,"name":7}');
    });
    await at.write('pets.yaml', described);
    await at.write('a.yaml', scenario(url, '[GET /pets/1]'));
    const { stdout, code } = await at.run(['run', 'a.yaml', '--once', '--openapi', 'pets.yaml']);
    assert.equal(code, 1, stdout);
    assert.match(stdout, /GET \/pets\/\{petId\} 200: \/name must be string,null/);
  });

  test('wants its description, and says what is wrong with it', async t => {
    const at = await place(t);
    await at.write('a.yaml', scenario('http://127.0.0.1:9', '[GET /]'));
    await at.write('empty.yaml', '');
    await at.write('other.yaml', 'hello: 1');
    for (const [argv, expected] of [
      [['--fail-on-drift'], /--fail-on-drift: .*\n.*no --openapi/],
      [['--openapi', 'none.yaml'], /none\.yaml/],
      [['--openapi', 'empty.yaml'], /file\.empty/],
      [['--openapi', 'other.yaml'], /neither openapi nor swagger/],
      [['--openapi', 'other.yaml', '--dry-run'], /plimsoll validate --openapi/],
    ] as const) {
      const { code, stderr } = await at.run(['run', 'a.yaml', ...argv]);
      assert.equal(code, 2, argv.join(' '));
      assert.match(stderr, expected);
    }
  });
});

describe('validate --openapi', () => {
  test('says which operations no scenario loads, sending nothing', async t => {
    const at = await place(t);
    await at.write('pets.yaml', described);
    await at.write(
      'scenarios/a.yaml',
      scenario('http://127.0.0.1:9/v1', "[GET /pets, 'GET /pets/{{iteration}}']"),
    );
    await at.write('scenarios/b.yaml', scenario('http://127.0.0.1:9', '[GET /pets/mine, GET /v2/photo]'));
    const { stdout, code } = await at.run(['validate', '--openapi', 'pets.yaml']);
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /pets\.yaml \(OpenAPI 3\.0\): 3 of 5 operations loaded\n {2}not loaded: POST \/pets\n {2}not loaded: GET \/photo\n {2}not in the description: GET \/v2\/photo\n$/,
    );
    const strict = await at.run(['validate', '--openapi', 'pets.yaml', '--fail-on-uncovered']);
    assert.equal(strict.code, 1);
  });
});
