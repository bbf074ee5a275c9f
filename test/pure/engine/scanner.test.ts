import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxHeaderBytes } from '../../../src/engine/transport/http1/head-scanner.ts';
import { ResponseScanner } from '../../../src/engine/transport/http1/scanner.ts';

/** Feeds an answer in pieces that end at the given offsets; each piece comes in a buffer that is then written over. */
function scanned(answer: string, cuts: readonly number[] = [], { head = false, closed = false } = {}) {
  const bytes = Buffer.from(answer, 'latin1');
  const scanner = new ResponseScanner();
  scanner.begin(head, true);
  const shared = Buffer.alloc(bytes.length);
  const bounds = [...new Set([0, ...cuts.filter(cut => cut < bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  );
  let consumed = 0;
  for (const [index, start] of bounds.slice(0, -1).entries()) {
    const end = bounds[index + 1] as number;
    bytes.copy(shared, 0, start, end);
    consumed = start + scanner.scan(shared, 0, end - start);
    shared.fill(0x58);
    if (scanner.complete || scanner.malformed) break;
  }
  if (closed) scanner.close();
  return {
    complete: scanner.complete,
    malformed: scanner.malformed,
    fault: scanner.fault,
    status: scanner.head.status,
    keepAlive: scanner.head.keepAlive,
    keepAliveSeconds: scanner.head.keepAliveSeconds,
    body: (scanner.body ?? Buffer.alloc(0)).toString('latin1'),
    left: bytes.length - consumed,
  };
}

const fixed = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const chunked =
  'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n5;name="v\r\n\r\nhello\r\nA\r\n, and more\r\n0\r\nx-trailer: 1\r\n\r\n'
    .replace('"v\r\n', '"v"\r\n')
    .replace('"v"\r\n\r\n', '"v"\r\n');

describe('the response scanner', () => {
  it('reads an answer of a given length', () => {
    const result = scanned(fixed);
    assert.deepEqual(
      [result.complete, result.status, result.body, result.keepAlive],
      [true, 200, 'hello', true],
    );
  });

  it('reads chunks with extensions and trailers', () => {
    const result = scanned(chunked);
    assert.deepEqual([result.complete, result.body, result.left], [true, 'hello, and more', 0]);
  });

  it('comes to the same result wherever the bytes are cut', () => {
    const answers = [
      fixed,
      chunked,
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 201 Created\r\nKeep-Alive: timeout=5, max=100\r\ncontent-length: 2\r\n\r\n{}',
      'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n',
      'HTTP/1.1 204 No Content\r\nX-Request-Id: abc\r\n\r\n',
      'HTTP/1.1 200\r\nConnection: close\r\ncontent-length: 3\r\n\r\nabc',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...answers), fc.array(fc.integer({ min: 1, max: 200 })), (answer, cuts) => {
        const whole = scanned(answer);
        assert.equal(whole.complete, true);
        assert.deepEqual(scanned(answer, cuts), whole);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stops behind an answer and leaves what follows', () => {
    assert.equal(scanned(`${fixed}HTTP/1.1 200 OK`).left, 'HTTP/1.1 200 OK'.length);
  });

  it('knows which answers have no body', () => {
    assert.equal(scanned('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n', [], { head: true }).complete, true);
    assert.equal(scanned('HTTP/1.1 304 Not Modified\r\ncontent-length: 99\r\n\r\n').complete, true);
    assert.equal(scanned('HTTP/1.1 204 No Content\r\n\r\n').complete, true);
  });

  it('reads a body that ends with the connection', () => {
    const answer = 'HTTP/1.1 200 OK\r\n\r\nsome text';
    assert.equal(scanned(answer).complete, false);
    const result = scanned(answer, [], { closed: true });
    assert.deepEqual([result.complete, result.body, result.keepAlive], [true, 'some text', false]);
  });

  it('does not take an answer for complete that a close cuts short', () => {
    assert.equal(scanned(fixed.slice(0, -1), [], { closed: true }).complete, false);
    assert.equal(scanned(chunked.slice(0, -4), [], { closed: true }).complete, false);
    assert.equal(scanned('HTTP/1.1 200 OK\r\n', [], { closed: true }).complete, false);
  });

  it('keeps a connection only where the server does', () => {
    const withHeaders = (line: string, headers: string) =>
      scanned(`${line}\r\n${headers}content-length: 0\r\n\r\n`).keepAlive;
    assert.equal(withHeaders('HTTP/1.1 200 OK', ''), true);
    assert.equal(withHeaders('HTTP/1.1 200 OK', 'Connection: Close\r\n'), false);
    assert.equal(withHeaders('HTTP/1.0 200 OK', ''), false);
    assert.equal(withHeaders('HTTP/1.0 200 OK', 'connection: keep-alive\r\n'), true);
    assert.equal(
      scanned('HTTP/1.1 200 OK\r\nkeep-alive: timeout=72\r\ncontent-length: 0\r\n\r\n').keepAliveSeconds,
      72,
    );
  });

  for (const [name, answer] of [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['HTTP/2 on a plain connection', 'HTTP/2 200\r\n\r\n'],
    ['a status that is no number', 'HTTP/1.1 2x0 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n'],
    ['a first header that is folded', 'HTTP/1.1 200 OK\r\n a: b\r\nc: d\r\n\r\n'],
    ['a bare line feed', 'HTTP/1.1 200 OK\na: b\n\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
    ['an empty length', 'HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
    ['no chunk size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n'],
    [
      'a chunk size beyond all bounds',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n',
    ],
    ['a chunk longer than its size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nabc\r\n'],
    ['a header block without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(maxHeaderBytes / 6 + 1)}`],
    ['a header line without end', `HTTP/1.1 200 OK\r\na: ${'b'.repeat(maxHeaderBytes)}`],
  ] as const) {
    it(`calls ${name} malformed, however it is cut`, () => {
      assert.equal(scanned(answer).malformed, true);
      assert.notEqual(scanned(answer).fault, '');
      assert.match(scanned(answer).fault, /^[\x20-\x7e…]{1,200}$/u);
      for (const cut of [3, 11, 16, 17, 21, answer.length - 1]) {
        assert.equal(scanned(answer, [cut]).malformed, true, `cut at ${cut}`);
      }
    });
  }

  it('reads a folded field as one, wherever the bytes are cut', () => {
    const answer =
      '\r\nHTTP/1.2 200 OK\r\nContent-Length:\r\n  5\r\nKeep-Alive: timeout=9,\r\n\tmax=0\r\nX: a\r\n \r\n b\r\n\r\nhello';
    const whole = scanned(answer);
    assert.deepEqual(
      [whole.complete, whole.status, whole.body, whole.keepAlive, whole.keepAliveSeconds],
      [true, 200, 'hello', false, 9],
    );
    for (let cut = 1; cut < answer.length; cut += 1)
      assert.deepEqual(scanned(answer, [cut]), whole, `cut at ${cut}`);
    assert.deepEqual(
      scanned(
        answer,
        [...answer].map((_, index) => index),
      ),
      whole,
    );
  });

  it('quotes the line that is malformed, short, printable and without secrets', () => {
    const faultOf = (answer: string) => scanned(answer).fault;
    const ok = 'HTTP/1.1 200 OK\r\n';
    assert.equal(faultOf('SSH-2.0-OpenSSH_9.2\r\n'), 'malformed status line: "SSH-2.0-OpenSSH_9.2"');
    assert.equal(faultOf('HTTP/1.1 200 OK\nx: y\n\n'), 'malformed status line: "HTTP/1.1 200 OK\\n"');
    assert.equal(faultOf(`${ok}a: b\r\nno colon\r\n\r\n`), 'malformed header: "no colon"');
    assert.equal(faultOf(`${ok}a: b\x01c\r\n\r\n`), 'malformed header: "a: b\\u0001c"');
    assert.equal(faultOf(`${ok}Set-Cookie: id=s3cr3t\x01\r\n\r\n`), 'malformed header: "Set-Cookie: …"');
    assert.equal(
      faultOf(`${ok}content-length: 5x\r\n\r\n`),
      'malformed content-length: "content-length: 5x"',
    );
    assert.equal(
      faultOf(`${ok}transfer-encoding: chunked\r\n\r\n2\r\nab\r\n-5\r\nabcde\r\n`),
      'malformed chunk size: "-5"',
    );
    assert.equal(
      faultOf(`${ok}transfer-encoding: chunked\r\n\r\n2\r\nabcd\r\n`),
      'chunk longer than its size: "cd"',
    );
    assert.ok(faultOf(`${ok}${'x'.repeat(5_000)} y\r\n\r\n`).length < 120, 'it is bounded');
  });

  it('names a server that speaks HTTP/2 only', () => {
    const settings = '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80';
    assert.match(scanned(settings).fault, /HTTP\/2 only/);
  });

  it('survives any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 300 })),
        (noise, cuts) => {
          const text = Buffer.from(noise).toString('latin1');
          for (const answer of [
            text,
            `HTTP/1.1 200 OK\r\n${text}`,
            `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${text}`,
          ]) {
            const { complete, malformed } = scanned(answer, cuts);
            assert.ok(!(complete && malformed), 'it is both complete and malformed');
          }
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
