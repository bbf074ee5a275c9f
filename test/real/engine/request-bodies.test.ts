import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadPlan } from '../../../src/config/scenario/plan.ts';
import { sampleRequests } from '../../../src/engine/request/sample-request.ts';
import { base, inWorkspace, messageOf, mistakesOf, planOf } from '../config/workspace.ts';
import { measured, startValueServer } from './value-server.ts';

/** Bytes of every value, and what would end a part if it were read as one. */
const binary = Buffer.concat([
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('\r\n--plimsoll\r\n\r\n'),
]);

const headerOf = (rawHeaders: readonly string[], name: string) =>
  rawHeaders.flatMap((field, index) =>
    index % 2 === 0 && field.toLowerCase() === name ? [rawHeaders[index + 1]] : [],
  );

describe('a form', () => {
  it('is sent as browsers send it, with values that cannot add a field', async t => {
    const { url, received } = await startValueServer(t, (_, response) =>
      response.end(JSON.stringify({ name: 'a&admin=1 é+"%' })),
    );
    const { endpoints } = await measured(
      url,
      `defaults: { headers: { content-type: application/json } }
steps:
  - { request: GET /, capture: { name: $.name } }
  - request: POST /login
    form: { user: '{{name}}', 'a b': 'x y', n: 1.10, yes: true, tag: [a, '{{name | urlencode}}'] }
`,
    );
    assert.equal(endpoints[1]?.windows[0]?.counts.ok, 1);
    const { body = '', rawHeaders = [] } = received[1] ?? {};
    assert.deepEqual(
      [...new URLSearchParams(body)],
      [
        ['user', 'a&admin=1 é+"%'],
        ['a b', 'x y'],
        ['n', '1.10'],
        ['yes', 'true'],
        ['tag', 'a'],
        ['tag', 'a&admin=1 é+"%'],
      ],
    );
    assert.deepEqual(headerOf(rawHeaders, 'content-type'), ['application/x-www-form-urlencoded']);
  });

  it('leaves a content type of its own alone', async () => {
    const [sample] = sampleRequests(
      await planOf(`${base}steps: [{ request: POST /, headers: { Content-Type: a/b }, form: { a: 1 } }]\n`),
    );
    assert.match(sample?.text ?? '', /content-type: a\/b\r\ncontent-length: 3\r\n\r\na=1$/);
  });
});

describe('a form with files', () => {
  it('brings values and files to the server as they are', async t => {
    const forms: FormData[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const type = request.headers['content-type'] ?? '';
      if (type !== '') {
        const whole = new Response(Buffer.concat(chunks), { headers: { 'content-type': type } });
        forms.push((await whole.formData()) as FormData);
      }
      response.end(JSON.stringify({ title: 'naïve\r\n"x"' }));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const { failureSamples } = await measured(
      url,
      `steps:
  - { request: GET /, capture: { title: $.title } }
  - request: POST /photos
    multipart:
      title: '{{title}}'
      tags: [a, 2]
      'q"': x
      photo: { file: data/cat.png }
      other: [{ file: data/cat.png, name: 'é".bin', type: image/x-cat }]
`,
      { files: { 'data/cat.png': binary } },
    );
    assert.deepEqual(failureSamples, []);
    const [form] = forms;
    assert.ok(form !== undefined, 'a form');
    assert.equal(form.get('title'), 'naïve\r\n"x"');
    assert.deepEqual(form.getAll('tags'), ['a', '2']);
    assert.equal(form.get('q"'), 'x');
    const [photo, other] = [form.get('photo') as File, form.get('other') as File];
    assert.deepEqual([photo.name, photo.type], ['cat.png', 'image/png']);
    assert.deepEqual([other.name, other.type], ['é".bin', 'image/x-cat']);
    assert.deepEqual(Buffer.from(await photo.arrayBuffer()), binary);
    assert.deepEqual(Buffer.from(await other.arrayBuffer()), binary);
  });

  it('does not send a value that would end its part and begin another', async t => {
    let separator = '';
    const { url, received } = await startValueServer(t, (request, response) => {
      const type = request.headers['content-type'] ?? '';
      if (type.startsWith('multipart')) separator = /boundary=(.*)/.exec(type)?.[1] ?? '';
      response.end(JSON.stringify({ v: `${separator}\r\ncontent-disposition: form-data; name="admin"` }));
    });
    const { failureSamples } = await measured(
      url,
      `steps:
  - { request: GET /, capture: { v: $.v } }
  - { request: POST /, multipart: { v: '{{v}}' } }
`,
      { iterations: 3 },
    );
    assert.equal(received.length, 4);
    assert.deepEqual(
      failureSamples.map(({ kind, detail }) => [kind, detail]),
      Array.from({ length: 2 }, () => [
        'notSent',
        '{{v}} cannot be sent in the body: it holds what separates the parts of the form',
      ]),
    );
  });

  it('refuses a content type beside it, which would lack what separates the parts', async () => {
    const mistake = await mistakesOf(
      `${base}steps: [{ request: POST /, headers: { content-type: multipart/form-data }, multipart: { a: 1 } }]\n`,
    );
    assert.match(mistake, /steps\[0\]\.headers\.content-type: .*\[header\.reserved\]/);
  });
});

describe('a file as the body', () => {
  it('is sent byte by byte, and only named where requests are shown', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end());
    const lengths: string[] = [];
    const scenario = `steps:
  - { request: PUT /raw, body: { file: a.bin } }
  - { request: PUT /typed, body: { file: a.bin, type: image/gif }, headers: { x-id: '{{d.id}}' } }
data: { d: { file: d.csv } }
`;
    const files = { 'a.bin': binary, 'd.csv': 'id\n7\n' };
    await measured(url, scenario, { files });
    for (const { rawHeaders } of received) lengths.push(headerOf(rawHeaders, 'content-length')[0] ?? '');
    assert.deepEqual(lengths, [String(binary.length), String(binary.length)]);
    assert.deepEqual(
      received.map(({ rawHeaders }) => headerOf(rawHeaders, 'content-type')),
      [['application/octet-stream'], ['image/gif']],
    );
    assert.equal(received[0]?.body, binary.toString());
    assert.equal(received[1]?.body, binary.toString());
    const samples = sampleRequests(await planOf(`${base}${scenario}`, { files }));
    for (const { text } of samples) assert.match(text, /\r\n\r\n<a\.bin: 272 bytes>$/);
  });

  it('of which the bytes, not the name, count when two runs are compared', async () => {
    const digest = async (name: string, content: string) =>
      (
        await planOf(`${base}steps: [{ request: POST /, body: { file: ${name}, type: a/b } }]\n`, {
          files: { [name]: content },
        })
      ).digest;
    assert.equal(await digest('a', 'x'), await digest('b', 'x'));
    assert.notEqual(await digest('a', 'x'), await digest('a', 'y'));
  });

  it('is refused where it is none, or too large, at the place that names it', async () => {
    const text = `${base}steps:
  - { request: POST /a, body: { file: missing.bin } }
  - { request: POST /b, multipart: { f: [{ file: large.bin }] } }
  - { request: POST /c, graphql: { query: { file: folder } } }
`;
    const mistake = await inWorkspace({ 'a.yaml': text, 'folder/x': '' }, async cwd => {
      await writeFile(join(cwd, 'large.bin'), '');
      await truncate(join(cwd, 'large.bin'), 101 * 1024 * 1024);
      return await messageOf(loadPlan({ kind: 'file', file: 'a.yaml' }, { cwd, env: {} }));
    });
    assert.match(mistake, /a\.yaml:4:\d+: steps\[0\]\.body\.file: the file does not exist/);
    assert.match(mistake, /a\.yaml:5:\d+: steps\[1\]\.multipart\.f\[0\]\.file: the file is too large/);
    assert.match(mistake, /found {5}large\.bin, 101 MB\n {2}expected {2}at most 100 MB/);
    assert.match(mistake, /a\.yaml:6:\d+: steps\[2\]\.graphql\.query\.file: the file cannot be read/);
  });
});

describe('a request of GraphQL', () => {
  it('is measured under the name of its operation', async t => {
    const { url, received } = await startValueServer(t, (_, response) => response.end('{"data":{}}'));
    const { endpoints } = await measured(
      url,
      `data: { d: { file: d.json } }
steps:
  - request: POST /graphql
    graphql:
      query: |
        # query Nothing { no }
        query Bill($id: ID!, $in: In = { a: { b: 1 } }) { bill(id: $id) { title } }
      variables: { id: '{{d.id}}', big: 12345678901234567890 }
  - { request: POST /graphql, graphql: { query: { file: all.graphql }, operationName: Vote } }
  - { request: POST /graphql, graphql: { query: '{ a }' } }
  - { request: POST /graphql, endpoint: POST /named, graphql: { query: 'query Other { a }' } }
`,
      { files: { 'd.json': '[{ "id": 7 }]', 'all.graphql': 'query Bill { a } mutation Vote { b }' } },
    );
    assert.deepEqual(
      endpoints.map(({ name }) => name),
      ['Bill', 'Vote', 'POST /graphql', 'POST /named'],
    );
    const [bill, vote] = received.map(({ body }) => body);
    assert.match(bill ?? '', /"operationName":"Bill","variables":\{"id":7,"big":12345678901234567890\}\}$/);
    assert.deepEqual(JSON.parse(vote ?? ''), {
      query: 'query Bill { a } mutation Vote { b }',
      operationName: 'Vote',
    });
    assert.ok(
      received.every(one => headerOf(one.rawHeaders, 'content-type')[0] === 'application/json'),
      'JSON',
    );
  });

  it('is refused without an operation, or with several of which none is named', async () => {
    const mistakes = await mistakesOf(`${base}steps:
  - { request: POST /a, graphql: { query: 'fragment F on T { x }' } }
  - { request: POST /a, graphql: { query: 'query A { x } query B { x }' } }
  - { request: POST /a, graphql: { query: 'query Bills { x }', operationName: Bill } }
  - { request: GET /a, graphql: { query: '{ x }' } }
`);
    assert.match(mistakes, /steps\[0\]\.graphql\.query.*\n.*a document without an operation/);
    assert.match(mistakes, /2 operations: A, B\n.*\n {2}instead {3}operationName: A/);
    assert.match(mistakes, /one of Bills\n {2}instead {3}Bills/);
    assert.match(mistakes, /steps\[3\]\.graphql: .*\[request\.unexpected-body\]/);
    const list = await mistakesOf(
      `${base}steps: [{ request: POST /a, graphql: { query: '{ x }', variables: [1] } }]\n`,
    );
    assert.match(list, /steps\[0\]\.graphql\.variables: .*\n.*a map of variables/);
  });
});

describe('bodies', () => {
  it('of two kinds are refused', async () => {
    const mistakes = await mistakesOf(
      `${base}steps: [{ request: POST /a, form: { a: 1 }, multipart: { a: 1 } }, { request: POST /b, json: 1, form: [a] }]\n`,
    );
    assert.match(mistakes, /steps\[1\]\.form: invalid value/);
    const two = await mistakesOf(
      `${base}steps: [{ request: POST /a, form: { a: 1 }, multipart: { a: 1 } }]\n`,
    );
    assert.match(two, /either form or multipart\n {2}instead {3}one of the two/);
  });

  it('keep their secrets out of what is shown', async () => {
    const hunter = createHash('sha256').update('x').digest('hex');
    const plan = await planOf(
      `${base}steps:
  - { request: POST /a, form: { password: ${hunter} } }
  - { request: POST /b, multipart: { password: "${hunter}2" } }
  - { request: POST /c, graphql: { query: '{ a }', variables: { input: { token: "${hunter}3" } } } }
  - { request: POST /d, multipart: { token: '{{d.x}}' } }
data: { d: { file: d.csv } }
`,
      { files: { 'd.csv': 'x\nof-a-column\n' } },
    );
    for (const secret of [hunter, `${hunter}2`, `${hunter}3`, 'of-a-column']) {
      assert.ok(plan.secrets.includes(secret), `${secret} is known`);
    }
  });
});
