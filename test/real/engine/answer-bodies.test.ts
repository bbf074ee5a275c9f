import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import { measured, startValueServer } from './value-server.ts';

interface Answer {
  readonly headers?: { readonly [name: string]: string };
  readonly body: Buffer | string;
}

const json = '{"id":"é7"}';
const captures = `steps:
  - { request: GET /x, headers: { accept-encoding: 'gzip, deflate, br, zstd' }, capture: { id: $.id } }
  - 'GET /y/{{id}}'
`;
const checks = `steps:
  - { request: GET /x, expect: { schema: schema.json } }
`;
const schema = JSON.stringify({ required: ['id'], properties: { id: { const: 'é7' } } });

/** What the second request asks for, or why there was none; and what became of a schema check of the same answer. */
async function read(
  t: Parameters<typeof startValueServer>[0],
  { headers = {}, body }: Answer,
  more = '',
): Promise<{ readonly asked: string | undefined; readonly detail: string | undefined }> {
  const { url, received } = await startValueServer(t, (_, response) => {
    response.writeHead(200, headers);
    response.end(body);
  });
  const { failureSamples } = await measured(url, captures + more);
  const [sample] = failureSamples;
  const checked = await measured(url, checks + more, { files: { 'schema.json': schema } });
  assert.equal(checked.failureSamples[0]?.detail, sample?.detail);
  assert.equal(checked.failureSamples[0]?.kind, sample === undefined ? undefined : 'check');
  return { asked: received.find(request => request.url.startsWith('/y/'))?.url, detail: sample?.detail };
}

const coded = (coding: string, body: Buffer): Answer => ({ headers: { 'content-encoding': coding }, body });
const typed = (charset: string, body: Buffer): Answer => ({
  headers: { 'content-type': `application/json;charset=${charset}` },
  body,
});
const { zstdCompressSync } = zlib as { readonly zstdCompressSync?: (body: string) => Buffer };

describe('a body that something reads is decoded:', () => {
  for (const [name, answer] of [
    ['gzip', coded('gzip', zlib.gzipSync(json))],
    ['gzip by its older name', coded('X-GZip', zlib.gzipSync(json))],
    ['deflate', coded('deflate', zlib.deflateSync(json))],
    ['deflate without its header', coded('deflate', zlib.deflateRawSync(json))],
    ['br', coded('br', zlib.brotliCompressSync(json))],
    ...(zstdCompressSync === undefined ? [] : [['zstd', coded('zstd', zstdCompressSync(json))] as const]),
    ['one over the other', coded('gzip, identity, br', zlib.brotliCompressSync(zlib.gzipSync(json)))],
    ['a byte order mark', { body: `\uFEFF${json}` }],
    ['a byte order mark within gzip', coded('gzip', zlib.gzipSync(`\uFEFF${json}`))],
    ['UTF-16 by its mark', { body: Buffer.from(`\uFEFF${json}`, 'utf16le') }],
    ['UTF-16 of the other order', { body: Buffer.from(`\uFEFF${json}`, 'utf16le').swap16() }],
    ['UTF-16 by its charset', typed('utf-16le', Buffer.from(json, 'utf16le'))],
    ['Latin-1', typed('"ISO-8859-1"', Buffer.from(json, 'latin1'))],
    ['UTF-8', typed('UTF-8', Buffer.from(json))],
  ] as readonly (readonly [string, Answer])[]) {
    it(name, async t => {
      assert.deepEqual(await read(t, answer), { asked: '/y/%C3%A97', detail: undefined });
    });
  }

  it('but only there: the head of other answers does not matter', async t => {
    const { url, received } = await startValueServer(t, (_, response) => {
      response.writeHead(200, { 'content-encoding': 'compress' });
      response.end('what');
    });
    const { failureSamples } = await measured(url, 'steps: [GET /a]');
    assert.deepEqual([failureSamples, received.length], [[], 1]);
  });
});

describe('a body that cannot be decoded fails its check, which says why:', () => {
  for (const [name, answer, detail] of [
    [
      'a coding that is not known',
      coded('compress', Buffer.from(json)),
      /content-encoding compress, which is not/,
    ],
    [
      'a coding with the name of a method',
      coded('toString', Buffer.from(json)),
      /content-encoding tostring, /,
    ],
    ['what is no gzip', coded('gzip', Buffer.from(json)), /^the body is not valid gzip$/],
    ['half a gzip', coded('gzip', zlib.gzipSync(json).subarray(0, 15)), /^the body is not valid gzip$/],
    [
      'codings without end',
      coded('gzip,gzip,gzip,gzip,gzip', Buffer.from(json)),
      /more than 4 content encodings/,
    ],
    [
      'a charset that is not known',
      typed('klingon', Buffer.from(json)),
      /charset klingon, which is not decoded/,
    ],
    ['no JSON at all', coded('gzip', zlib.gzipSync('<html>')), /^the body is not JSON$/],
  ] as const) {
    it(name, async t => {
      const { asked, detail: told } = await read(t, answer);
      assert.equal(asked, undefined);
      assert.match(told ?? '', detail);
    });
  }

  it('one that unfolds beyond maxResponse', async t => {
    const bomb = coded('gzip', zlib.gzipSync(`{"id":"${' '.repeat(2_000_000)}"}`));
    assert.ok(bomb.body.length < 5_000, `${bomb.body.length} bytes on the wire`);
    const { asked, detail } = await read(t, bomb, 'maxResponse: 1MB\n');
    assert.deepEqual([asked, detail], [undefined, 'a decoded body over 1000000 bytes (maxResponse)']);
  });
});
