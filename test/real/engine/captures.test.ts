import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startRawServer } from './raw-server.ts';
import { measured, startValueServer } from './value-server.ts';

const page = `<form><input name="csrf" value="a/b+c"></form>`;
const orders = {
  next: '/v1/orders?page=2&q=a%20b',
  items: [
    { id: 1, 'open?': false, "it's": 'x' },
    { id: 12345678901, 'open?': true, "it's": 'a "b"' },
  ],
};

/** Paths and headers that a server got from a scenario. */
async function sent(t: Parameters<typeof startValueServer>[0], steps: string, files = {}) {
  const { url, received } = await startValueServer(t, (request, response) => {
    response.setHeader('set-cookie', ['sid=abc123; Path=/; HttpOnly', 'other=1', 'sid=last; Path=/']);
    response.setHeader('location', '/accounts/17');
    response.setHeader('x-many', ['a', 'b']);
    response.end(
      request.url === '/page' ? page : JSON.stringify(orders).replace('12345678901', '12345678901000000001'),
    );
  });
  const measurement = await measured(url, steps, { files });
  return { received, url, ...measurement };
}

const failuresOf = ({ endpoints }: Awaited<ReturnType<typeof sent>>) =>
  endpoints.flatMap(({ windows }) => windows.map(({ counts }) => counts.failed));

describe('a capture', () => {
  it('finds the first value of a JSONPath query, as it is written', async t => {
    const { received } = await sent(
      t,
      `steps:
  - request: GET /a
    capture:
      open: $.items[?@['open?'] == true].id
      last: $.items[-1].id
      any: $..id
      name: $.items[?@.id > 1]["it's"]
      list: $.items[0:1]
  - 'GET /b/{{open}}/{{last}}/{{any}}/{{name}}/{{list}}'`,
    );
    const first = JSON.stringify(orders.items[0]);
    assert.equal(
      received[1]?.url,
      `/b/12345678901000000001/12345678901000000001/1/${encodeURIComponent('a "b"')}/${encodeURIComponent(first)}`.replaceAll(
        '%27',
        "'",
      ),
    );
  });

  it('reads headers, cookies and the text of the body', async t => {
    const { received } = await sent(
      t,
      `steps:
  - request: GET /page
    capture:
      sid: { cookie: sid }
      account: { header: Location, match: '/accounts/(\\d+)$' }
      many: { header: x-many }
      csrf: { match: 'name="csrf" value="([^"]+)"' }
      word: { match: '<f\\w+' }
      length: { header: content-length }
  - request: 'GET /b/{{account}}?csrf={{csrf}}'
    headers: { cookie: 'sid={{sid}}', x-many: '{{many}}', x-word: '{{word}}', x-length: '{{length}}' }`,
    );
    assert.equal(received[1]?.url, '/b/17?csrf=a%2Fb%2Bc');
    const headers = received[1]?.rawHeaders.join('\n') ?? '';
    for (const line of ['cookie\nsid=last', 'x-many\na, b', 'x-word\n<form', `x-length\n${page.length}`]) {
      assert.ok(headers.includes(line), `${line} in ${headers}`);
    }
  });

  it('fails its request with a reason of its own and ends its journey where it finds nothing', async t => {
    for (const [capture, reason] of [
      ['$.nothing', /^nothing to capture as x$/],
      ['$.items[?@.id == 3]', /^nothing to capture as x$/],
      ["{ header: x-none, match: 'a' }", /^nothing to capture as x$/],
      ['{ cookie: none }', /^nothing to capture as x$/],
      ["{ header: location, match: '^x' }", /^nothing matches the pattern of x$/],
    ] as const) {
      const run = await sent(
        t,
        `steps: [{ request: GET /a, capture: { x: ${capture.startsWith('$') ? `'${capture}'` : capture} } }, GET /never]`,
      );
      assert.deepEqual(
        run.received.map(({ url }) => url),
        ['/a'],
        capture,
      );
      assert.deepEqual(failuresOf(run), [{ capture: 1 }, {}], capture);
      assert.match(run.failureSamples[0]?.detail ?? '', reason);
      assert.equal(run.load.abandoned, 1);
    }
  });

  it('looks at no answer with a query that is nested so deeply that the query would take long', async t => {
    const deep = `${'['.repeat(300)}1${']'.repeat(300)}`;
    const { url } = await startValueServer(t, (_, response) => response.end(deep));
    const { failureSamples } = await measured(url, 'steps: [{ request: GET /, capture: { x: $..x } }]');
    assert.match(failureSamples[0]?.detail ?? '', /^a query looks at 256 levels at most$/);
  });
});

describe('a link that was captured', () => {
  it('is followed with its query, also as a URL of the target', async t => {
    const { received } = await sent(
      t,
      "steps: [{ request: GET /a, capture: { next: $.next, to: { header: location } } }, 'GET {{next}}', 'GET {{to}}/x?y=1']",
    );
    assert.deepEqual(
      received.map(({ url }) => url),
      ['/a', orders.next, '/accounts/17/x?y=1'],
    );
  });

  it('is not sent where it leads elsewhere', async t => {
    for (const [link, reason] of [
      ['http://127.0.0.2/x', /another origin/],
      ['//127.0.0.2/x', /another origin/],
      ['relative', /neither a path/],
      ['file:///etc/passwd', /neither a path/],
      ['/a\r\nHost: x', /line break/],
      ['/a\tb', /another control character/],
    ] as const) {
      const { url, received } = await startValueServer(t, (_, response) =>
        response.end(JSON.stringify({ link })),
      );
      const { failureSamples } = await measured(
        url,
        "steps: [{ request: GET /a, capture: { l: $.link } }, 'GET {{l}}']",
      );
      assert.equal(received.length, 1, link);
      assert.match(failureSamples[0]?.detail ?? '', reason);
      assert.equal(failureSamples[0]?.kind, 'notSent');
    }
  });
});

describe('a filter', () => {
  it('writes a value as JSON, percent-encoded or in base64, wherever it stands', async t => {
    const { received } = await sent(
      t,
      `data: { d: { file: d.json } }
steps:
  - request: GET /a
    capture: { name: "$.items[1]['it\\\\'s']", id: "$.items[0].id" }
  - request: 'POST /{{name | urlencode}}/{{name | base64}}/{{d.n | json}}'
    headers: { x-a: '{{name | json}}', x-b: '{{name|base64}}', x-c: '{{ name | urlencode | base64 }}' }
    body: 'name={{name | urlencode}}&json={{name | json}}&n={{id | json}}&d={{d.n | json}}&t={{d.t | json}}'`,
      { 'd.json': '[{ "n": 1.50, "t": "x" }]' },
    );
    const text = 'a "b"';
    const base64 = Buffer.from(text).toString('base64');
    assert.equal(received[1]?.url, `/${encodeURIComponent(text)}/${encodeURIComponent(base64)}/1.50`);
    assert.equal(received[1]?.body, `name=${encodeURIComponent(text)}&json="a \\"b\\""&n=1&d=1.50&t="x"`);
    const headers = received[1]?.rawHeaders.join('\n') ?? '';
    const both = Buffer.from(encodeURIComponent(text)).toString('base64');
    for (const line of ['x-a\n"a \\"b\\""', `x-b\n${base64}`, `x-c\n${both}`])
      assert.ok(headers.includes(line), headers);
  });
});

describe('a value with a line break', () => {
  for (const [name, value] of [
    ['CR and LF', 'a\r\nx-evil: 1'],
    ['LF alone', 'a\nx-evil: 1'],
    ['CR alone', 'a\rx-evil: 1'],
    ['NUL', 'a\0b'],
  ] as const) {
    it(`cannot add a header or a request: ${name}`, async t => {
      const heads: string[] = [];
      const body = JSON.stringify({ value });
      const server = await startRawServer((socket, _, head) => {
        heads.push(head);
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      });
      t.after(() => server.stop());
      const measurement = await measured(
        `http://127.0.0.1:${server.port}`,
        `data: { d: { file: d.json } }
steps:
  - { request: GET /a, capture: { v: $.value } }
  - { request: GET /header, headers: { x-a: '{{v}}' } }
  - { request: GET /data, headers: { x-a: 'b {{d.v}}' } }
  - 'GET /path/{{v}}/{{d.v}}?q={{v}}'
  - { request: POST /body, body: '{{v}}' }`,
        { files: { 'd.json': JSON.stringify([{ v: value }]) } },
      );
      assert.deepEqual(
        heads.map(head => head.split('\r\n')[0]),
        [
          'GET /a HTTP/1.1',
          `GET /path/${encodeURIComponent(value)}/${encodeURIComponent(value)}?q=${encodeURIComponent(value)} HTTP/1.1`,
          'POST /body HTTP/1.1',
        ],
      );
      for (const head of heads) assert.doesNotMatch(head, /^x-evil|^\0/m);
      assert.deepEqual(
        measurement.failureSamples.map(({ kind, detail }) => [kind, detail]),
        ['{{v}}', '{{d.v}}'].map(hole => [
          'notSent',
          `${hole} cannot be sent in the header: it holds a line break or another control character`,
        ]),
      );
    });
  }
});
