import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { summarySchema } from '../../../src/report/summary/summary-schema.ts';
import { openApiMock } from '../../fixtures/openapi-mock.ts';
import { place } from './command-line.ts';

const pets = `
openapi: 3.0.3
info: { title: 'Pets & more', version: '1' }
servers: [{ url: 'https://{stage}.example.com/v1', variables: { stage: { default: api } } }]
security: [{ key: [] }]
paths:
  /pets:
    parameters: [{ name: limit, in: query, schema: { type: integer, example: 10 } }]
    get: { tags: [pets], parameters: [{ name: kind, in: query, required: true, schema: { type: string, enum: [cat] } }] }
    post: { tags: [pets], requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }
  /pets/{petId}:
    get: { tags: [pets], parameters: [{ $ref: '#/components/parameters/petId' }] }
    delete: { security: [], parameters: [{ $ref: '#/components/parameters/petId' }] }
  /photos:
    post: { requestBody: { content: { image/png: { schema: { type: string, format: binary } } } } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-API-Key } }
  parameters: { petId: { name: petId, in: path, required: true, schema: { type: string }, example: 'a/b c' } }
  schemas:
    Pet:
      type: object
      required: [name, parent]
      properties: { name: { type: string, example: 'Rex {{x}} \${Y}' }, parent: { $ref: '#/components/schemas/Pet' } }
`;
const swagger = {
  swagger: '2.0',
  info: { title: 'Orders' },
  host: 'orders.example.com',
  basePath: '/api',
  schemes: ['http'],
  paths: {
    '/orders/{id}': {
      get: { parameters: [{ name: 'id', in: 'path', required: true, type: 'string', format: 'uuid' }] },
      put: {
        parameters: [
          { name: 'id', in: 'path', required: true, type: 'integer' },
          { name: 'order', in: 'body', schema: { $ref: '#/definitions/Order' } },
        ],
      },
    },
    '/login': {
      post: {
        consumes: ['application/x-www-form-urlencoded'],
        parameters: [{ name: 'user', in: 'formData', required: true, type: 'string' }],
      },
    },
  },
  definitions: {
    Order: {
      type: 'object',
      properties: { next: { $ref: '#/definitions/Order' }, total: { type: 'number' } },
    },
  },
};
const newest = {
  openapi: '3.2.0',
  info: { title: 'Newest' },
  paths: {
    '/search': {
      query: { requestBody: { content: { 'application/json': { example: { q: 'a' } } } } },
      additionalOperations: { COPY: {} },
      get: {
        parameters: [
          { name: 'f', in: 'query', style: 'deepObject', explode: true, example: { a: 1 }, schema: {} },
        ],
      },
    },
  },
};

const descriptions = [
  ['pets.yaml', pets, '/v1', 4],
  ['orders.json', swagger, '/api', 3],
  ['newest.json', newest, '', 2],
] as const;

describe('an imported OpenAPI description', () => {
  for (const [file, content, basePath, operations] of descriptions) {
    test(`of ${file} becomes requests that a mock of it accepts`, async t => {
      const at = await place(t);
      await at.write(file, content);
      const mock = await openApiMock(typeof content === 'string' ? parse(content) : content, basePath);
      t.after(() => mock.close());
      const made = await at.run([
        'init',
        '--openapi',
        file,
        '--writes',
        '--name',
        'all',
        '--target',
        mock.url,
      ]);
      assert.equal(made.code, 0, made.stderr);
      const env = { API_KEY: 'a-key' };
      const valid = await at.run(['validate'], { env });
      assert.equal(valid.code, 0, valid.stderr);
      const sent = await at.run(['run', 'all', '--once', '--json', '-'], { env });
      // The mock knows no methods but those of the document's members.
      assert.deepEqual(mock.wrong, file === 'newest.json' ? ['COPY /search'] : [], sent.stderr);
      assert.equal(mock.asked.size, operations, JSON.stringify([...mock.asked]));
    });
  }

  test('passes its first run, with what changes nothing alone', async t => {
    const at = await place(t);
    await at.write('pets.yaml', pets);
    const mock = await openApiMock(parse(pets), '/v1');
    t.after(() => mock.close());
    const made = await at.run(['init', '--openapi', 'pets.yaml', '--duration', '1s']);
    assert.match(
      made.stderr,
      /^Left out since they may change data \(--writes imports them\): POST \/pets, DELETE \/pets\/\{petId\}, POST \/photos$/m,
    );
    assert.match(
      made.stdout,
      /meant for https:\/\/api\.example\.com\. The scenario loads http:\/\/127\.0\.0\.1:3000/,
    );
    const env = { API_KEY: 'a-key', TARGET: mock.url };
    const out = join(at.folder, 'reports');
    const ran = await at.run(['run', 'pets-more', '--json', '-', '--out', out], { env });
    const [run] = summarySchema.parse(JSON.parse(ran.stdout)).runs;
    assert.deepEqual(Object.keys(run?.endpoints ?? {}).sort(), ['GET /v1/pets', 'GET /v1/pets/:petId']);
    assert.equal(run?.total.errors, 0, ran.stderr);
    assert.deepEqual([...mock.asked.keys()].sort(), ['GET /pets', 'GET /pets/{petId}']);
  });

  test('may be of several files of its folder, and reads no others', async t => {
    const at = await place(t);
    await at.write('secret.json', {
      get: { operationId: 'stolen', parameters: [{ name: 'stolen', in: 'query', example: 1 }] },
    });
    await at.write('api/items.yaml', 'get: { operationId: items }\n');
    await at.write(
      'api/openapi.yaml',
      `openapi: 3.1.0
info: { title: parts, version: '1' }
paths:
  /items: { $ref: items.yaml }
  /secret: { $ref: ../secret.json }
  /passwd: { $ref: /etc/passwd }
  /remote: { $ref: 'http://127.0.0.1:9/x.yaml' }
`,
    );
    const made = await at.run(['init', '--openapi', 'api/openapi.yaml']);
    assert.equal(made.code, 0, made.stderr);
    const scenario = await at.read('scenarios/parts.yaml');
    assert.match(scenario, /- GET \/items\n$/);
    assert.doesNotMatch(scenario, /stolen/);
  });

  test('may lie behind a URL, whose host is its own', async t => {
    const at = await place(t);
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/docs/openapi.json' ? 200 : 404;
      response.end(
        JSON.stringify({
          openapi: '3.0.0',
          info: { title: 'served' },
          servers: [{ url: '../v2' }],
          paths: { '/a': { get: {} } },
        }),
      );
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const made = await at.run(['init', '--openapi', `${url}/docs/openapi.json`]);
    assert.equal(made.code, 0, made.stderr);
    const scenario = await at.read('scenarios/served.yaml');
    assert.ok(scenario.includes(`TARGET:-${url}}`) && scenario.includes('- GET /v2/a'), scenario);
    for (const from of [`${url}/nothing`, 'ftp://127.0.0.1/x', 'file:///etc/passwd', 'http://127.0.0.1:1/']) {
      const refused = await at.run(['init', '--openapi', from]);
      assert.match(refused.stderr, /\[import\.fetch-failed\]/, from);
    }
  });

  test('with mistakes is told as one, or leaves out what is wrong', async t => {
    const at = await place(t);
    const circle = { $ref: '#/paths/~1a' };
    for (const [content, code] of [
      [{ openapi: '4.0.0', paths: {} }, 'import.other-format'],
      [{ openapi: 3, paths: {} }, 'import.other-format'],
      ['just text', 'import.other-format'],
      ['', 'file.empty'],
      ['{"openapi":', 'file.syntax'],
      [{ openapi: '3.0.0' }, 'import.no-request'],
      [{ openapi: '3.0.0', paths: [] }, 'import.no-request'],
      [{ openapi: '3.0.0', paths: { '/a': circle } }, 'import.no-request'],
      [{ openapi: '3.0.0', paths: { '/{id}': { get: {} }, a: { get: {} } } }, 'import.no-request'],
    ] as const) {
      await at.write('a.json', content);
      const { stderr } = await at.run(['init', '--openapi', 'a.json']);
      assert.ok(stderr.includes(`[${code}]`), `${JSON.stringify(content)}: ${stderr}`);
    }
    const odd = {
      openapi: '3.0.0',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a variable is none
      info: { title: 'x\n  evil: "1"\n# ${{ secrets.A }}' },
      servers: [{ url: 'javascript:alert(1)' }],
      paths: {
        '/a': {
          get: {
            tags: ['a\nsteps: [GET /evil]'],
            operationId: 5,
            parameters: [
              { name: 'x\r\ny', in: 'header', required: true, schema: { type: 'string' } },
              { name: 'h', in: 'header', required: true, example: 'a\r\nx-evil: 1' },
              // biome-ignore lint/suspicious/noTemplateCurlyInString: what looks like a variable is none
              { name: 'q', in: 'query', required: true, example: '${HOME}&{{x}} #' },
              { name: 'circle', in: 'query', required: true, schema: { $ref: '#/components/schemas/C' } },
              null,
              'x',
            ],
          },
        },
        '/b': { get: { tags: ['b'], parameters: [{ $ref: '#/components/schemas/C' }] } },
      },
      components: { schemas: { C: { $ref: '#/components/schemas/C' } } },
    };
    await at.write('odd.json', odd);
    const made = await at.run(['init', '--openapi', 'odd.json', '--name', 'odd']);
    assert.equal(made.code, 0, made.stderr);
    const scenario = await at.read('scenarios/odd.yaml');
    const workflow = parse(await at.read('.github/workflows/perf.yml'));
    assert.deepEqual(Object.keys(workflow), ['name', 'on', 'permissions', 'jobs']);
    assert.deepEqual(Object.keys(parse(scenario)), ['target', 'load', 'journeys']);
    assert.match(scenario, /q=%24%7BHOME%7D%26%7B%7Bx%7D%7D%20%23/);
    assert.equal((await at.run(['validate'])).code, 0);
  });

  test('whose schemas unfold without end, or nest without end, holds nobody up', async t => {
    const at = await place(t);
    const names = ['a', 'b', 'c', 'd'];
    const schema = (next: number) => ({
      type: 'object',
      required: names,
      properties: Object.fromEntries(
        names.map(name => [name, { $ref: `#/components/schemas/S${next % 12}` }]),
      ),
    });
    const schemas = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`S${index}`, schema(index + 1)]),
    );
    const content = { 'application/json': { schema: { $ref: '#/components/schemas/S0' } } };
    const paths = { '/a': { post: { requestBody: { content } } }, '/b': { get: {} } };
    await at.write('wide.json', { openapi: '3.0.0', paths, components: { schemas } });
    const wide = await at.run(['init', '--openapi', 'wide.json', '--writes', '--name', 'wide']);
    assert.match(wide.stderr, /^Left out since no example of its body can be made: POST \/a$/m);
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    await at.write('deep.json', `{"openapi":"3.0.0","paths":{},"x-deep":${deep}}`);
    assert.match((await at.run(['init', '--openapi', 'deep.json'])).stderr, /\[file\.syntax\]/);
  });
});
