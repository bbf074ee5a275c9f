import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { measure } from '../../../src/engine/measure.ts';
import { sendOnce } from '../../../src/engine/once.ts';
import type { Measurement } from '../../../src/model/run/record.ts';
import { type Files, inWorkspace } from '../config/workspace.ts';
import { type Received, startValueServer } from './value-server.ts';

interface Given {
  readonly iterations?: number;
  readonly users?: number;
  readonly workers?: number;
  readonly files?: Files;
  readonly before?: string;
  readonly rest?: string;
  readonly body?: string;
}

/** What comes of steps of a scenario in TypeScript, and what the server got. */
async function made(
  t: TestContext,
  steps: string,
  {
    iterations = 1,
    users = 1,
    workers = 1,
    files = {},
    before = '',
    rest = '',
    body = '{"id":7,"big":12345678901234567890}',
  }: Given = {},
): Promise<Measurement & { readonly received: readonly Received[] }> {
  const { url, received } = await startValueServer(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-kind': ['a', 'b'] });
    response.end(body);
  });
  const load = `{ model: 'closed', users: ${users}, iterations: ${iterations}, maxDuration: '20s' }`;
  const text = `import { defineScenario } from 'plimsoll';\n${before}\nexport default defineScenario({ target: '${url}/base', load: ${load}, ${rest} steps: [${steps}] });\n`;
  const measurement = await inWorkspace({ ...files, 'a.ts': text }, async cwd => {
    const plan = await loadPlan({ kind: 'file', file: 'a.ts' }, { cwd, env: {} });
    return await measure(plan, { addresses: ['127.0.0.1'], staffing: { workers, pacing: 'economical' } });
  });
  return { ...measurement, received };
}

const failuresOf = ({ failureSamples }: Measurement) =>
  failureSamples.map(({ kind, phase, detail }) => `${kind} ${phase} ${detail}`);

const lineOf = ({ method, url, body }: Received) => `${method} ${url} ${body}`;
const headerOf = ({ rawHeaders }: Received, name: string) =>
  rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === name && index % 2 === 1);

/** A step whose `prepare` has this body. */
const preparing = (code: string, more = '') =>
  `{ request: 'POST /x?a=1%20b', json: { n: 1 }, ${more} prepare(request, user) { ${code} } }`;

/** What makes a request that cannot be sent. */
const unsendable: readonly (readonly [code: string, reason: RegExp])[] = [
  ["request.path = '/a b HTTP/1.1\\r\\nx-evil: 1';", /prepare cannot send the path "\/a b HTTP/],
  ["request.path = '/a?b';", /prepare cannot send the path "\/a\?b"/],
  ['request.path = 7 as never;', /prepare cannot send the path 7/],
  [
    "request.headers['x-a'] = 'b\\r\\nx-evil: 1';",
    /prepare cannot send the header x-a: it holds a line break/,
  ],
  ["request.headers['x-evil: 1\\r\\nx'] = 'b';", /prepare cannot send a header with the name "x-evil/],
  ["request.headers['content-length'] = '3';", /the header content-length, which Plimsoll sets itself/],
  ["request.headers['Transfer-Encoding'] = 'chunked';", /the header transfer-encoding/],
  ["request.headers['x-a'] = {} as never;", /the header x-a: it is no text/],
  ['request.headers = null as never;', /headers that are no object/],
  ["request.query = 'a=b' as never;", /a query that is no URLSearchParams/],
  ['request.body = { n: 1 } as never;', /a body that is neither text nor bytes, but object: JSON\.stringify/],
  [
    'return { get path(): string { throw new Error("x"); } };',
    /prepare answered with what cannot be read: x/,
  ],
  [
    'throw new TypeError("no\\r\\nway");',
    /^script queue prepare threw TypeError: no\r\nway \(a\.ts:3:\d+\)$/,
  ],
  ["throw 'up';", /^script queue prepare threw up$/],
  [
    'return Promise.reject(new Error("late")) as never;',
    /prepare answered with a promise: it must answer at once/,
  ],
];

describe('prepare', () => {
  test('changes path, query, headers and body, in place or by what it returns', async t => {
    const { received, failureSamples } = await made(
      t,
      [
        preparing(
          "request.path += '/y'; request.query.set('c', 'd&e'); request.headers['X-New'] = ['1', '2']; delete request.headers['user-agent']; request.body = JSON.stringify({ was: request.body });",
        ),
        preparing(
          "return { path: '/z', query: new URLSearchParams(), headers: { ...request.headers, host: 'h' }, body: new Uint8Array([65, 66]) };",
        ),
        preparing('', "headers: { 'x-old': 'é' },"),
        "{ request: 'GET /get', prepare: request => { request.headers.accept = [request.method, request.path, String(request.body)].join(' '); } }",
      ].join(', '),
    );
    assert.deepEqual(failureSamples, []);
    assert.deepEqual(received.map(lineOf), [
      'POST /base/x/y?a=1+b&c=d%26e {"was":"{\\"n\\":1}"}',
      'POST /base/z AB',
      'POST /base/x?a=1%20b {"n":1}',
      'GET /base/get ',
    ]);
    const [first, second, third, fourth] = received as [Received, Received, Received, Received];
    assert.deepEqual(headerOf(first, 'x-new'), ['1', '2']);
    assert.deepEqual(headerOf(first, 'user-agent'), []);
    assert.deepEqual(headerOf(first, 'content-type'), ['application/json']);
    assert.deepEqual(headerOf(second, 'host'), ['h']);
    assert.deepEqual(headerOf(third, 'x-old'), [Buffer.from('é').toString('latin1')]);
    assert.deepEqual(headerOf(fourth, 'accept'), ['GET /get null']);
  });

  test('sees what was captured, the row of the journey and its number', async t => {
    const { received, failureSamples } = await made(
      t,
      `{ request: 'GET /a', capture: { id: '$.id', big: '$.big', kind: { header: 'x-kind' } } },
       ${preparing('request.body = JSON.stringify([user.vars, user.data, user.iteration]);')}`,
      {
        rest: "data: { d: { file: 'd.json', pick: 'sequential' } },",
        files: { 'd.json': '[{ "n": 5, "t": "x" }]' },
      },
    );
    assert.deepEqual(failureSamples, []);
    assert.deepEqual(JSON.parse(received[1]?.body ?? ''), [
      { id: 7, big: '12345678901234567890', kind: 'a, b' },
      { d: { n: 5, t: 'x' } },
      1,
    ]);
  });

  test('draws the same numbers for the same seed, however many threads send', async t => {
    const steps = preparing(
      'request.path = "/" + user.iteration; request.body = [user.random(), user.random()].join(" ");',
    );
    const [one, again, two] = [
      await made(t, steps, { iterations: 40 }),
      await made(t, steps, { iterations: 40 }),
      await made(t, steps, { iterations: 40, users: 4, workers: 2 }),
    ];
    const sent = one.received.map(lineOf);
    assert.equal(new Set(sent).size, 40);
    assert.deepEqual(again.received.map(lineOf), sent);
    assert.deepEqual(two.received.map(lineOf).sort(), [...sent].sort());
  });

  test('is part of what is signed', async t => {
    const { received } = await made(
      t,
      preparing("request.body = 'changed';", "auth: { hmac: { secret: 'abcdefgh' } },"),
    );
    const { createHmac } = await import('node:crypto');
    const signature = createHmac('sha256', 'abcdefgh').update('changed').digest('hex');
    assert.deepEqual(headerOf(received[0] as Received, 'x-signature'), [signature]);
  });

  test('fails its request alone where it throws or makes what cannot be sent, and says why', async t => {
    const { received, endpoints, failureSamples } = await made(
      t,
      [
        ...unsendable.map(([code], index) => preparing(code, `endpoint: 'POST /${index}',`)),
        "'GET /after'",
      ].join(', '),
    );
    const told = failuresOf({ failureSamples } as unknown as Measurement);
    for (const [index, [code, reason]] of unsendable.entries()) assert.match(told[index] ?? '', reason, code);
    assert.deepEqual(received.map(lineOf), ['GET /base/after ']);
    for (const { name, windows } of endpoints.slice(0, -1)) {
      assert.deepEqual(windows.at(-1)?.counts.failed, { script: 1 }, name);
    }
  });
});

describe('check', () => {
  const checking = (code: string) => `{ request: 'GET /a', check(response, user) { ${code} } }`;

  test('holds, fails, or says what is wrong, each under its name', async t => {
    const { checks, failureSamples } = await made(
      t,
      [
        checking(
          "return response.status === 200 && response.headers['x-kind'] === 'a, b' && response.bytes > 10;",
        ),
        checking(
          "return { id: response.json<{ id: number }>().id === 7, text: response.body.includes('nope') || 'no nope' };",
        ),
        checking('return false;'),
      ].join(', '),
    );
    assert.deepEqual(
      (checks ?? []).map(({ check, passed, failed }) => [check, passed, failed]),
      [
        ['check', 1, 1],
        ['id', 1, 0],
        ['text', 0, 1],
      ],
    );
    assert.deepEqual(failuresOf({ failureSamples } as unknown as Measurement), [
      'check answered check "text": no nope',
      'check answered check does not hold',
    ]);
  });

  test('fails the request as a script where it throws or answers nothing, with its line', async t => {
    const measurement = await made(
      t,
      [
        checking('return undefined as never;'),
        checking("throw new RangeError('too far');"),
        checking('return { a: 1 as never };'),
      ].join(', '),
    );
    assert.deepEqual(
      failuresOf(measurement).map(text => text.replace(/\d+\)$/, 'N)')),
      [
        'script answered check answered undefined: true, false or a text is expected',
        'script answered check threw RangeError: too far (a.ts:3:N)',
        'script answered check "a" answered number: true, false or a text is expected',
      ],
    );
  });

  test('fails an answer that is no JSON where it reads it so', async t => {
    const measurement = await made(t, checking('return response.json() !== null;'), { body: '<html>' });
    assert.deepEqual(failuresOf(measurement), ['check answered check: the body is not JSON']);
  });

  test('is named where it holds the generator up', async t => {
    const { blocking } = await made(
      t,
      checking('const until = Date.now() + 80; while (Date.now() < until); return true;'),
    );
    assert.deepEqual(
      blocking?.map(({ endpoint, function: code, times }) => [endpoint, code, times]),
      [['GET /a', 'check', 1]],
    );
    assert.ok((blocking?.[0]?.longestMs ?? 0) > 70, JSON.stringify(blocking));
  });
});

describe('functions of a scenario that is sent once', () => {
  test('run in a thread of their own, which an interrupt ends', async t => {
    const { url } = await startValueServer(t, (_, response) => response.end());
    const text = `export default { target: '${url}', load: { model: 'closed', users: 1, iterations: 1 }, steps: ['GET /a', { request: 'GET /b', check() { for (;;); } }] };\n`;
    await inWorkspace({ 'a.mjs': text }, async cwd => {
      const plan = await loadPlan({ kind: 'file', file: 'a.mjs' }, { cwd, env: {} });
      const interrupt = new AbortController();
      setTimeout(() => interrupt.abort('SIGINT'), 1_000);
      const { exchanges } = await sendOnce(plan, { addresses: ['127.0.0.1'], interrupt: interrupt.signal });
      assert.ok(exchanges.length <= 1, `${exchanges.length} exchanges`);
    });
  });
});
