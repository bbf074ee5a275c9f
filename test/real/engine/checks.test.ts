import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { measured, startValueServer } from './value-server.ts';

const big = '12345678901234567890';
const answer = `{ "id": ${big}, "name": "Alice B.", "total": 3, "items": [{ "id": 7, "open": true }, { "id": 8 }], "none": null, "of": { "a": 1 } }`;

async function run(t: TestContext, expect: string, { status = 200, body = answer, more = '' } = {}) {
  const { url, received } = await startValueServer(t, (_, response) => {
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'x-many': ['a', 'b'],
      'x-cache': 'HIT',
    });
    response.end(body);
  });
  const measurement = await measured(
    url,
    `${more}steps: [{ request: GET /x, expect: ${expect} }, GET /after]`,
  );
  return { ...measurement, received };
}

/** What becomes of a check: nothing where it holds, else what its failure says. */
async function faultOf(t: TestContext, expect: string, options = {}) {
  const { failureSamples, received } = await run(t, expect, options);
  assert.equal(received.length, 2, 'the journey goes on');
  for (const { kind, phase } of failureSamples) assert.deepEqual([kind, phase], ['check', 'answered']);
  return failureSamples[0]?.detail ?? null;
}

describe('a check', () => {
  for (const [expect, fault] of [
    ['{ headers: { content-type: application/json } }', null],
    [
      '{ headers: { Content-Type: { equals: application/json } } }',
      /^header content-type: "application\/json; charset=utf-8", expected "application\/json"$/,
    ],
    [
      "{ headers: { x-many: { equals: 'a, b' }, x-none: { exists: false }, x-cache: { matches: '^HIT$' } } }",
      null,
    ],
    ['{ headers: { x-none: x } }', /^header x-none: nothing, expected to contain "x"$/],
    ['{ headers: { x-cache: { exists: false } } }', /^header x-cache: "HIT", expected no value$/],
    ['{ body: Alice }', null],
    ['{ body: { contains: Bob } }', /^body: .*…, expected to contain "Bob"$/],
    ["{ body: { matches: 'total\"?: (\\d+)' } }", null],
    ["{ body: { matches: '^x' } }", /expected to match \^x$/],
    ['{ json: { $.total: 3, $.name: Alice B., $.none: null, "$.items[0].open": true } }', null],
    ['{ json: { $.total: 4 } }', /^json \$\.total: 3, expected 4$/],
    ['{ json: { $.total: "3" } }', /^json \$\.total: 3, expected "3"$/],
    ['{ json: { $.missing: null } }', /^json \$\.missing: nothing, expected null$/],
    ['{ json: { $.total: { above: 2, below: 4, atLeast: 3, atMost: 3, not: 4 } } }', null],
    ['{ json: { $.total: { above: 3 } } }', /expected above 3$/],
    ['{ json: { $.total: { below: 3 } } }', /expected below 3$/],
    ['{ json: { $.name: { atLeast: 1 } } }', /^json \$\.name: "Alice B\.", expected at least 1$/],
    ['{ json: { $.missing: { atMost: 1 } } }', /^json \$\.missing: nothing, expected at most 1$/],
    ['{ json: { $.missing: { not: 1 } } }', /nothing, expected anything but 1$/],
    [
      '{ json: { $.items: { length: 2 }, $.of: { length: 1, equals: { a: 1 } }, $.name: { length: 8 } } }',
      null,
    ],
    ['{ json: { $.items: { length: 3 } } }', /expected a length of 3$/],
    ['{ json: { $.items: { contains: { id: 8 } }, $.name: { contains: ce } } }', null],
    ['{ json: { $.items: { contains: 8 } } }', /expected to contain 8$/],
    ["{ json: { '$.items[?@.open].id': 7, '$.items[-1].id': 8, $..open: { exists: true } } }", null],
    ["{ json: { '$.items[?@.id == 9]': { exists: true } } }", /nothing, expected a value$/],
    ["{ json: { $.id: { matches: '^1234567890123456789\\d$' } } }", null],
    ['{ status: 2xx, size: 1kB, time: 5s }', null],
    ['{ status: [4xx, 200], size: 10B..1kB }', null],
    ['{ size: 20B }', /^size: \d{3} bytes, expected at most 20 bytes$/],
    ['{ size: 1kB..2kB }', /bytes, expected 1000 to 2000 bytes$/],
    ['{ time: 1us }', /^time: [\d.]+ ms, expected at most 0\.001 ms$/],
  ] as const) {
    it(`${fault === null ? 'holds' : 'fails'}: ${expect}`, async t => {
      const found = await faultOf(t, expect);
      if (fault === null) assert.equal(found, null);
      else assert.match(found ?? '', fault);
    });
  }

  it('compares with data and with what was captured, as they are written', async t => {
    const { url } = await startValueServer(t, (_, response) => response.end(answer));
    const { failureSamples } = await measured(
      url,
      `data: { d: { file: d.csv } }
steps:
  - { request: GET /a, capture: { id: $.id, name: $.name } }
  - request: GET /b
    expect:
      json: { $.id: '{{id}}', $.name: '{{name}}', '$.items[0].id': '{{d.item}}' }
      body: '"id": {{id}}'
  - { request: GET /c, expect: { json: { $.id: { not: '{{id}}' } } } }`,
      { files: { 'd.csv': 'item\n7\n' } },
    );
    assert.deepEqual(
      failureSamples.map(({ endpoint, detail }) => [endpoint, detail]),
      [['GET /c', `json $.id: ${Number(big)}, expected anything but "${big}"`]],
    );
  });

  it('is counted by its name, and all of them in the signal', async t => {
    const { checks, endpoints } = await run(
      t,
      '{ status: 200, headers: { x-none: x }, json: { $.total: 3, $.name: x } }',
    );
    assert.deepEqual(checks, [
      { endpoint: 'GET /x', check: 'status', passed: 1, failed: 0 },
      { endpoint: 'GET /x', check: 'header x-none', passed: 0, failed: 1 },
      { endpoint: 'GET /x', check: 'json $.total', passed: 1, failed: 0 },
      { endpoint: 'GET /x', check: 'json $.name', passed: 0, failed: 1 },
    ]);
    const signals = endpoints.map(({ windows }) => windows[0]?.signals?.checks);
    assert.deepEqual(
      signals.map(signal => [signal?.told, signal?.sum]),
      [
        [1, 0],
        [0, 0],
      ],
    );
  });

  it('is not made of an answer with another status, or that cannot be read', async t => {
    const other = await run(t, '{ status: 200, json: { $.total: 3 } }', { status: 500 });
    assert.deepEqual(
      other.failureSamples.slice(0, 1).map(({ kind, detail }) => [kind, detail]),
      [['status', 'status 500']],
    );
    assert.deepEqual(
      other.checks?.map(({ passed, failed }) => [passed, failed]),
      [
        [0, 1],
        [0, 0],
      ],
    );
    assert.deepEqual(other.endpoints[0]?.windows[0]?.signals?.checks?.told, 1);
    const noJson = await run(t, '{ status: 200, json: { $.total: 3 } }', { body: 'x' });
    assert.deepEqual(
      noJson.failureSamples.map(({ kind, detail }) => [kind, detail]),
      [['check', 'the body is not JSON']],
    );
    assert.deepEqual(
      noJson.checks?.map(({ passed, failed }) => [passed, failed]),
      [
        [1, 0],
        [0, 1],
      ],
    );
  });
});

describe('a JSON Schema', () => {
  const fails = async (schema: object, body: string, t: Pick<TestContext, 'after'>) => {
    const { url } = await startValueServer(t, (_, response) => response.end(body));
    const { failureSamples } = await measured(
      url,
      'steps: [{ request: GET /, expect: { schema: s.json } }]\n',
      { files: { 's.json': JSON.stringify(schema) } },
    );
    return failureSamples.map(({ detail }) => detail);
  };

  it('is read by the draft that it names, and by 2020-12 where only that knows its keywords', async t => {
    const pair = { prefixItems: [{ type: 'string' }, { type: 'number' }], items: false };
    const draft2020 = 'https://json-schema.org/draft/2020-12/schema';
    for (const schema of [{ $schema: draft2020, ...pair }, pair]) {
      assert.deepEqual(await fails(schema, '["a",1]', t), []);
      assert.match((await fails(schema, '["a","b"]', t)).join(), /\/1 must be number/);
      assert.match((await fails(schema, '["a",1,2]', t)).join(), /must NOT have more than 2 items/);
    }
    const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] };
    assert.match((await fails(draft7, '[1]', t)).join(), /\/0 must be string/);
    const closed = { $schema: draft2020, allOf: [{ properties: { a: true } }], unevaluatedProperties: false };
    assert.match((await fails(closed, '{"a":1,"b":2}', t)).join(), /must NOT have unevaluated properties/);
  });
});
