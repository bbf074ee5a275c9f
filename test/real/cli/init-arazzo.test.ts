import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { startValueServer } from '../engine/value-server.ts';
import { place } from './command-line.ts';

const api = (url: string) => `
openapi: 3.1.0
info: { title: Shop, version: '1' }
servers: [{ url: '${url}/v1' }]
paths:
  /login: { post: { operationId: login, requestBody: { content: { application/json: { schema: { type: object } } } } } }
  /items: { get: { operationId: listItems, parameters: [{ name: limit, in: query, schema: { type: integer } }] } }
  /items/{itemId}/votes: { post: { parameters: [{ name: itemId, in: path, required: true, schema: { type: integer } }] } }
`;
const workflows = `
arazzo: 1.0.1
info: { title: Voting, version: '1' }
sourceDescriptions: [{ name: shop, url: ./api/shop.yaml, type: openapi }]
components: { parameters: { few: { name: limit, in: query, value: 2 } } }
workflows:
  - workflowId: vote
    inputs: { type: object, properties: { user: { type: string, default: ann }, password: { type: string } } }
    steps:
      - stepId: login
        operationId: login
        requestBody: { contentType: application/json, payload: { user: $inputs.user, password: $inputs.password, note: 'hi {$inputs.user}!', n: 1 } }
        successCriteria: [{ condition: $statusCode == 200 || $statusCode == 201 }, { condition: "$response.body#/user/name == 'ann'" }]
        outputs: { token: $response.body#/token, unused: $response.body#/nothing }
        onFailure: [{ name: end, type: end }]
      - stepId: list
        operationId: $sourceDescriptions.shop.listItems
        parameters: [{ reference: $components.parameters.few }, { name: authorization, in: header, value: 'Bearer {$steps.login.outputs.token}' }]
        successCriteria:
          - { condition: $statusCode >= 200 && $statusCode < 300 }
          - { context: $response.body, condition: '$[?@.id > 6]', type: jsonpath }
          - { context: $response.body, condition: '^x', type: regex }
        outputs: { id: $response.body#/0/id, etag: $response.header.ETag, ask: $request.header.a }
      - stepId: vote
        operationPath: '{$sourceDescriptions.shop.url}#/paths/~1items~1{itemId}~1votes/post'
        parameters: [{ name: itemId, in: path, value: $steps.list.outputs.id }, { name: if-none-match, in: header, value: $steps.list.outputs.etag }]
        requestBody: { payload: { item: { id: 0 } }, replacements: [{ target: /item/id, value: $steps.list.outputs.id }] }
      - { stepId: lost, operationId: nowhere }
      - { stepId: odd, operationId: listItems, parameters: [{ name: limit, in: query, value: $steps.list.outputs.ask }] }
  - workflowId: other
    steps: [{ stepId: sub, workflowId: vote }, { stepId: get, operationId: listItems }]
`;

describe('init --openapi with an Arazzo file', () => {
  test('makes a journey of each workflow, with what its steps hand on and expect, which runs', async t => {
    const at = await place(t);
    const { url, received } = await startValueServer(t, (request, response) => {
      response.setHeader('etag', '"e1"').setHeader('content-type', 'application/json');
      if (request.url === '/v1/login') response.end('{"token":"TOKENsecret1","user":{"name":"ann"}}');
      else response.end('[{"id":17}]');
    });
    await at.write('api/shop.yaml', api(url));
    await at.write('vote.arazzo.yaml', workflows);
    const refused = await at.run(['init', '--openapi', 'vote.arazzo.yaml', '--name', 'none']);
    assert.match(refused.stderr, /Left out as workflows since they may change data[^\n]*: vote\n/);

    const { code, stderr, stdout } = await at.run([
      'init',
      '--openapi',
      'vote.arazzo.yaml',
      '--writes',
      '--no-workflow',
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Set API_PASSWORD:/);
    for (const line of [
      /criteria that do not map: vote: list: \^x/,
      /outputs that cannot be captured: vote: list: ask/,
      /nothing is known of an expression of: vote: odd \(\$steps\.list\.outputs\.ask\)/,
      /no description has the operation of: vote: lost/,
      /make another workflow: other: sub/,
      /parts that do not map: onFailure of vote: login/,
    ])
      assert.match(stderr, line);
    const scenario = parse(await at.read('scenarios/voting.yaml'));
    assert.deepEqual(scenario.journeys[0], {
      name: 'vote',
      steps: [
        {
          request: 'POST /v1/login',
          json: { user: 'ann', password: `\${API_PASSWORD}`, note: 'hi ann!', n: 1 },
          expect: { status: [200, 201], json: { '$.user.name': { equals: 'ann' } } },
          capture: { token: '$.token' },
        },
        {
          request: 'GET /v1/items?limit=2',
          headers: { authorization: 'Bearer {{token}}' },
          expect: { status: '2xx', json: { '$[?@.id > 6]': { exists: true } } },
          capture: { id: '$[0].id', etag: { header: 'etag' } },
        },
        {
          request: 'POST /v1/items/{{id}}/votes',
          endpoint: 'POST /v1/items/:itemId/votes',
          headers: { 'if-none-match': '{{etag}}' },
          json: { item: { id: '{{id}}' } },
        },
      ],
    });
    const run = await at.run(['run', 'voting', '--once'], { env: { API_PASSWORD: 'PASSsecret2' } });
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(
      received.map(({ method, url }) => `${method} ${url}`),
      ['POST /v1/login', 'GET /v1/items?limit=2', 'POST /v1/items/17/votes', 'GET /v1/items'],
    );
    assert.deepEqual(
      JSON.parse(received[2]?.body ?? ''),
      { item: { id: 17 } },
      'a captured number stays one',
    );
  });

  test('says what is wrong with one', async t => {
    const at = await place(t);
    const source = (url: string) =>
      `arazzo: 1.0.0\ninfo: {}\nsourceDescriptions: [{ name: a, url: '${url}' }]\nworkflows: []\n`;
    await at.write('in/no-list.yaml', 'arazzo: 1.0.0\n');
    await at.write('in/two.yaml', 'arazzo: 2.0.0\nworkflows: []\n');
    await at.write('in/elsewhere.yaml', source('https://example.com/api.yaml'));
    await at.write('in/above.yaml', source('../secret.yaml'));
    await at.write('in/missing.yaml', source('none.yaml'));
    for (const [file, expected] of [
      ['no-list', /no list workflows/],
      ['two', /arazzo: "2\.0\.0"/],
      ['elsewhere', /https:\/\/example\.com\/api\.yaml(?:.|\n)*beside it/],
      ['above', /\.\.\/secret\.yaml(?:.|\n)*beside it/],
      ['missing', /none\.yaml/],
    ] as const) {
      const { code, stderr } = await at.run(['init', '--openapi', `in/${file}.yaml`]);
      assert.equal(code, 2, file);
      assert.match(stderr, expected);
    }
    const { stderr } = await at.run(['validate', '--openapi', 'in/two.yaml']);
    assert.match(stderr, /an Arazzo file|scenario/);
  });
});
