import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { planFromFlags } from '../../../src/config/scenario/plan.ts';
import { measure } from '../../../src/engine/measure.ts';
import { base, mistakesOf, planOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

const big = '2733382000000000049';

describe('a number is sent as it was written', () => {
  it('where it was captured', async t => {
    const answer = `{ "id": ${big}, "price" : 1.10, "list": [ {"x\\u0041": -0.0}, 1e2 ], "id": ${big} }`;
    const { url, received } = await startValueServer(t, (_, response) => response.end(answer));
    await measured(
      url,
      `steps:
  - { request: GET /first, capture: { id: $.id, price: $.price, list: $.list, zero: "$.list[0].xA" } }
  - { request: 'GET /echo/{{id}}/{{price}}/{{zero}}/{{list}}', headers: { x-id: '{{id}}' } }
  - { request: POST /json, json: { id: '{{id}}', text: 'no. {{id}}', list: '{{list}}' } }
  - { request: POST /body, body: '{"id":{{id}}}' }`,
    );
    const list = '[{"x\\u0041":-0.0},1e2]';
    assert.deepEqual(
      received.map(({ url, body }) => [url, body]),
      [
        ['/first', ''],
        [`/echo/${big}/1.10/-0.0/${encodeURIComponent(list)}`, ''],
        ['/json', `{"id":${big},"text":"no. ${big}","list":${list}}`],
        ['/body', `{"id":${big}}`],
      ],
    );
    assert.ok(received[1]?.rawHeaders.includes(big), `headers ${received[1]?.rawHeaders}`);
  });

  it('in a JSON data set', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    const files = { 'd.json': '[{ "id": 12345678901234567890, "n": 1.50, "plain": 7 }]' };
    await measured(url, "data: { d: { file: d.json } }\nsteps: ['GET /{{d.id}}/{{d.n}}/{{d.plain}}']", {
      files,
    });
    assert.deepEqual(
      received.map(({ url }) => url),
      ['/12345678901234567890/1.50/7'],
    );
  });

  it('in the JSON body of a YAML file, also behind an alias and a merge', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    await measured(
      url,
      `steps:
  - request: POST /a
    json: { id: &id ${big}, f: 1.10, hex: 0xFFFFFFFFFFFFFFFF, plus: +7, short: .5, again: *id, list: [1, ${big}] }
  - request: POST /b
    json: &common { id: ${big}, zeros: 007 }
  - request: POST /c
    json: { <<: *common, more: 10000000000000000000000000 }`,
    );
    assert.deepEqual(
      received.map(({ body }) => body),
      [
        `{"id":${big},"f":1.10,"hex":18446744073709551615,"plus":7,"short":0.5,"again":${big},"list":[1,${big}]}`,
        `{"id":${big},"zeros":7}`,
        `{"id":${big},"zeros":7,"more":10000000000000000000000000}`,
      ],
    );
  });

  it('in the JSON body of a JSON file', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    const steps = `"steps": [{ "request": "POST /a", "json": { "id": ${big}, "list": [1.10, 2, 1E5] } }]`;
    await measured(url, steps, { name: 'a.json' });
    assert.equal(received[0]?.body, `{"id":${big},"list":[1.10,2,1E5]}`);
  });
});

describe('a number that is too large for any program to read', () => {
  it('fails its capture', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{"a":{"n":[1e400]}}'));
    const steps = (path: string) =>
      `steps: [{ request: GET /a, capture: { n: '${path}' } }, { request: 'GET /b/{{n}}' }]`;
    for (const path of ['$.a.n[0]', '$.a']) {
      const { failureSamples } = await measured(url, steps(path));
      assert.match(failureSamples[0]?.detail ?? '', /^the number 1e400 is too large to capture as n$/);
    }
    assert.deepEqual(
      received.map(({ url }) => url),
      ['/a', '/a'],
    );
  });

  it('is refused in a data set and in a JSON body', async () => {
    const files = { 'd.json': '[{ "n": 1e400 }]' };
    assert.match(
      await mistakesOf(`${base}data: { d: { file: d.json } }\nsteps: ['GET /{{d.n}}']`, { files }),
      /d\.json:1:4: \[0\]\.n: invalid value .*\n {2}found {5}1e400\n {2}expected {2}a number within ±1\.8e308/,
    );
    assert.match(
      await mistakesOf(`${base}steps: [{ request: POST /a, json: { n: 1e400 } }]`),
      /no infinite number/,
    );
  });
});

describe('a capture that is the whole string of a JSON body', () => {
  const answer =
    '{"n":7,"yes":true,"no":false,"nothing":null,"text":"a \\"b\\"","o":{"k":[1,"x"]},"list":[]}';
  const names = ['n', 'yes', 'no', 'nothing', 'text', 'o', 'list'];
  const capture = `capture: { ${names.map(name => `${name}: $.${name}`).join(', ')} }`;

  it('keeps its type', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end(answer));
    const json = names.map(name => `${name}: '{{${name === 'o' ? ' o ' : name}}}'`).join(', ');
    await measured(
      url,
      `steps:
  - { request: GET /a, ${capture} }
  - { request: POST /b, json: { ${json} } }
  - { request: POST /c, json: '{{o}}' }
  - { request: POST /d, json: ['{{n}}', '{{text}}', '{{n}}{{n}}', '"{{n}}"', ' {{yes}}', { '{{n}}': '{{no}}' }] }`,
    );
    assert.deepEqual(
      received.slice(1).map(({ body }) => body),
      [answer, '{"k":[1,"x"]}', String.raw`[7,"a \"b\"","77","\"7\""," true",{"7":false}]`],
    );
  });

  it('may be null, which is nothing to capture for a path', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{"id":null}'));
    const steps = (use: string) => `steps: [{ request: GET /a, capture: { id: $.id } }, ${use}]`;
    const { failureSamples } = await measured(url, steps("'GET /b/{{id}}'"));
    assert.match(failureSamples[0]?.detail ?? '', /nothing to capture as id/);
    await measured(url, steps("{ request: POST /c, json: { parent: '{{id}}' } }"));
    assert.deepEqual(
      received.map(({ url, body }) => [url, body]),
      [
        ['/a', ''],
        ['/a', ''],
        ['/c', '{"parent":null}'],
      ],
    );
  });
});

describe('a value of a JSON data set that is the whole string of a JSON body', () => {
  const rows = `[{ "id": ${big}, "price": 1.10, "yes": true, "none": null, "o": { "k": [ 1.0, "x" ] }, "text": "7", "mixed": "a" },
    { "id": 2, "price": 2, "yes": false, "none": null, "o": [], "text": "\\"", "mixed": 3 }]`;
  const names = ['id', 'price', 'yes', 'none', 'o', 'text', 'mixed'];
  const files = { 'd.json': rows };
  const steps = (json: string, path = '/a') =>
    `data: { d: { file: d.json, pick: sequential } }\nsteps: [{ request: 'POST ${path}', json: ${json} }]`;

  it('keeps its type, and is text anywhere else', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    const json = names.map(name => `${name}: '{{d.${name}}}'`).join(', ');
    const text = 'no. {{d.id}}{{d.none}} of {{d.o}}';
    await measured(url, steps(`{ ${json}, text2: '${text}' }`, '/{{d.id}}/{{d.o}}/{{d.none}}'), { files });
    assert.deepEqual(
      [received[0]?.url, received[0]?.body],
      [
        `/${big}/${encodeURIComponent('{"k":[1.0,"x"]}')}/`,
        `{"id":${big},"price":1.10,"yes":true,"none":null,"o":{"k":[1.0,"x"]},"text":"7","mixed":"a",` +
          String.raw`"text2":"no. ${big} of {\"k\":[1.0,\"x\"]}"}`,
      ],
    );
  });

  it('is refused where no program can hold it, however deep it stands', async () => {
    const deep = { 'd.json': '[{ "o": { "list": [1, 1e400] } }]' };
    assert.match(
      await mistakesOf(`${base}${steps("'{{d.o}}'")}`, { files: deep }),
      /d\.json:1:\d+: \[0\]\.o\.list\[1\]: invalid value .*\n {2}found {5}1e400\n/,
    );
  });

  it('keeps the digest of earlier versions where all of it is text, and has another where it is not', async () => {
    const digestOf = async (row: string, json: string) =>
      (await planOf(`${base}${steps(json)}`, { files: { 'd.json': row } })).digest;
    const [whole, part] = ["'{{d.a}}'", "'-{{d.a}}'"];
    const same = await digestOf('[{ "a": "1" }]', part);
    assert.equal(await digestOf('[{ "a": 1 }]', part), same);
    assert.notEqual(await digestOf('[{ "a": 1 }]', whole), await digestOf('[{ "a": "1" }]', whole));
  });
});

describe('the digest', () => {
  const steps = (json: string) =>
    `${base}steps: [{ request: POST /a, json: ${json}, capture: { id: $.id } }, { request: POST /b, json: '{{id}}-' }]`;
  const digestOf = async (json: string) => (await planOf(steps(json))).digest;

  it('is that of earlier versions where no value has another form', async () => {
    const earlier = '3e9c9a252bd0807434d42a5f368285a1f3e9ba676df961c7fe2bdb809dfe4773';
    assert.equal(await digestOf('{ a: 1, b: 1.5, c: [x, true, null] }'), earlier);
  });

  it('tells numbers apart that a double does not', async () => {
    assert.notEqual(await digestOf(`{ a: ${big} }`), await digestOf('{ a: 2733382000000000050 }'));
  });

  it('tells a run that sends captures with their type from one that sent text', async () => {
    const whole = `${base}steps: [{ request: GET /a, capture: { id: $.id } }, { request: POST /b, json: '{{id}}' }]`;
    const { digest } = await planOf(whole);
    assert.notEqual(digest, '9b318c430a83f40740e5080f027b3fa0059568654b3b75fc636c05d7e94b46c5');
  });
});

describe('an answer of GraphQL with errors', () => {
  const steps = (expect: string) =>
    `steps: [{ request: POST /graphql, json: { query: '{a}' }, ${expect} }, { request: GET /next }]`;

  it('fails where the scenario expects none, whatever its status', async t => {
    for (const [body, detail] of [
      ['{"data":null,"errors":[{"message":"no"}]}', 'GraphQL answered with 1 error'],
      ['[{"data":{}},{"errors":[{},{}]}]', 'GraphQL answered with 2 errors'],
      ['{"data":{"errors":[{}]}}', undefined],
      ['{"data":{},"errors":[]}', undefined],
      ['null', undefined],
    ] as const) {
      const { url, received } = await startValueServer(t, (_, response) => response.end(body));
      const { failureSamples } = await measured(url, steps('expect: { graphql: ok }'));
      assert.deepEqual([failureSamples[0]?.detail, received.length], [detail, 2], body);
    }
  });

  const errors = '{"errors":[{"message":"no such field"}]}';

  it('is counted and does not fail elsewhere', async t => {
    for (const [body, message] of [
      [errors, 'no such field'],
      [`[{"data":{}},${errors}]`, 'no such field'],
      ['{"errors":[7],"data":null}', '7'],
      [`{"errors":[{"message":${'['.repeat(9_000)}${']'.repeat(9_000)}}]}`, ''],
    ] as const) {
      const { url } = await startValueServer(t, (_, response) => response.end(body));
      const { failureSamples, errorBodies } = await measured(url, steps('expect: { status: 200 }'));
      assert.deepEqual(failureSamples, []);
      assert.deepEqual(errorBodies, [{ endpoint: 'POST /graphql', seen: 1, withErrors: 1, message }]);
    }
  });

  it('is counted where a body looks like a question, and where it is read anyway', async t => {
    const step = (text: string) => `steps: [{ ${text} }, { request: GET /next }]`;
    for (const [text, isCounted] of [
      ["request: POST /api, json: { query: '{a}' }", true],
      ["request: POST /api, json: [{ operationName: a, query: '{a}' }]", true],
      [`request: POST /api, body: '{ "query" : "{a}" }'`, true],
      ["request: 'GET /graphql?query=%7Ba%7D'", true],
      ['request: GET /api, capture: { errors: $.errors }', true],
      ["request: POST /api, json: { a: '{a}' }", false],
      ['request: GET /api?query=a', false],
    ] as const) {
      const { url } = await startValueServer(t, (_, response) => response.end(errors));
      const { errorBodies = [] } = await measured(url, step(text));
      assert.equal(errorBodies.length, isCounted ? 1 : 0, text);
    }
  });

  it('is looked for in compressed bodies too, and neither in deeper places nor in what is no JSON', async t => {
    for (const [body, encoding, count] of [
      [gzipSync(errors), 'gzip', 1],
      ['{"data":{"errors":[{}]}}', '', 0],
      ['{"errors":[]}', '', 0],
      ['"errors" [', '', 0],
      [errors, 'secret', 0],
      [`{"data":"${'x'.repeat(100_000)}",${errors.slice(1)}`, '', 0],
    ] as const) {
      const { url, received } = await startValueServer(t, (_, response) => {
        if (encoding !== '') response.setHeader('content-encoding', encoding);
        response.end(body);
      });
      const { errorBodies = [], failureSamples } = await measured(url, steps('expect: { status: 200 }'));
      assert.deepEqual([errorBodies.length, failureSamples, received.length], [count, [], 2], encoding);
    }
  });

  it('is looked for in the first answers, and then in one of ten', async t => {
    const { url } = await startValueServer(t, (_, response) => response.end(errors));
    const { errorBodies } = await measured(
      url,
      "steps: [{ request: POST /graphql, json: { query: '{a}' } }]",
      {
        iterations: 300,
      },
    );
    assert.deepEqual(errorBodies, [
      { endpoint: 'POST /graphql', seen: 210, withErrors: 210, message: 'no such field' },
    ]);
  });
});

describe('a header that is given twice', () => {
  const sent = (rawHeaders: readonly string[] | undefined) =>
    (rawHeaders ?? []).flatMap((value, index, all) =>
      index % 2 === 1 && all[index - 1]?.toLowerCase().startsWith('x-')
        ? [`${all[index - 1]}: ${value}`]
        : [],
    );

  it('in two ways of writing its name is sent twice, and replaces all of a default', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    await measured(
      url,
      `defaults: { headers: { x-a: '0', X-A: '00', x-b: b } }
steps:
  - { request: GET /a, headers: { X-Id: '1', x-id: '2', x-c: c } }
  - { request: GET /b, headers: { X-a: '3', x-A: '4' } }`,
    );
    assert.deepEqual(
      received.map(({ rawHeaders }) => sent(rawHeaders)),
      [
        ['x-a: 0', 'x-a: 00', 'x-b: b', 'x-id: 1', 'x-id: 2', 'x-c: c'],
        ['x-a: 3', 'x-a: 4', 'x-b: b'],
      ],
    );
  });

  it('as a list is sent once with each value, as it was written', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{"id":7}'));
    await measured(
      url,
      `defaults: { headers: { x-a: [0], x-d: [d, e] } }
steps:
  - { request: GET /a, capture: { id: $.id }, headers: { X-A: [1, 1.10, ${big}, true, text] } }
  - { request: GET /b, headers: { x-id: ['{{id}}', '-{{id}}'] } }`,
    );
    assert.deepEqual(
      received.map(({ rawHeaders }) => sent(rawHeaders)),
      [
        ['x-a: 1', 'x-a: 1.10', `x-a: ${big}`, 'x-a: true', 'x-a: text', 'x-d: d', 'x-d: e'],
        ['x-a: 0', 'x-d: d', 'x-d: e', 'x-id: 7', 'x-id: -7'],
      ],
    );
    assert.match(
      await mistakesOf(`${base}steps: [{ request: GET /a, headers: { x-a: [], x-b: [[1]] } }]`),
      /x-a: invalid value.*\n {2}found {5}an empty list\n {2}expected {2}a header value as text, or a list of values\n(.*\n)*.*x-b: invalid/,
    );
  });

  it('on the command line is sent twice', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    const headers = ['X-Id: 1', 'x-other: o', 'x-id: 2'];
    await measure(planFromFlags({ url: `${url}/a`, rate: '10/s', duration: '200ms', headers }), {
      addresses: ['127.0.0.1'],
    });
    assert.deepEqual(sent(received[0]?.rawHeaders), ['x-id: 1', 'x-other: o', 'x-id: 2']);
  });
});
