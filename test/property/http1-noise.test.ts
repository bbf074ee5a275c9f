import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { maxHeaderBytes } from '../../src/engine/transport/http1/head-scanner.ts';
import { ResponseScanner } from '../../src/engine/transport/http1/scanner.ts';
import fc, { cases } from '../seeded.ts';
import { bytesOf, validAnswer } from './http1-answers.ts';
import { pieces } from './http1-readings.ts';

interface Settings {
  readonly headRequest: boolean;
  readonly keepBody: boolean;
  readonly maxResponse: number;
}

/** Reads the pieces, each from one buffer that the next is written over, as a connection does. */
function reads(parts: readonly Buffer[], { headRequest, keepBody, maxResponse }: Settings) {
  const scanner = new ResponseScanner(maxResponse);
  scanner.begin(headRequest, keepBody);
  const shared = Buffer.alloc(Math.max(1, ...parts.map(part => part.length)));
  let consumed = 0;
  for (const part of parts) {
    part.copy(shared);
    const stopped = scanner.scan(shared, 0, part.length);
    assert.ok(stopped >= 0 && stopped <= part.length, 'it stops within the piece');
    assert.ok(stopped === part.length || scanner.complete || scanner.malformed, 'it waits only for more');
    assert.ok(!(scanner.complete && scanner.malformed), 'it is both complete and malformed');
    consumed += stopped;
    if (scanner.complete || scanner.malformed) break;
    shared.fill('X');
  }
  if (scanner.malformed) {
    assert.notEqual(scanner.fault, '');
    return { state: 'malformed' };
  }
  const { head, complete, body } = scanner;
  const { status, keepAlive, keepAliveSeconds } = head;
  assert.ok((body?.length ?? 0) <= Math.min(consumed, maxResponse), 'it keeps no more than came');
  const text = body?.toString('latin1');
  if (!complete) return { state: 'waiting', consumed, text, completedByClose: scanner.close() };
  return { state: 'complete', consumed, status, keepAlive, keepAliveSeconds, text };
}

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map(each => Buffer.from(each.buffer, each.byteOffset, each.length));
const random = fc.oneof(
  bytes(80),
  fc
    .tuple(
      fc.constantFrom(
        'HTTP/1.1 200 OK\r\n',
        'HTTP/1.1 200 OK\r\ncontent-length: ',
        'HTTP/1.1 200 OK\r\nconnection:',
        'HTTP/1.1 200 OK\r\nkeep-alive:',
        'HTTP/1.1 200 OK\r\ntransfer-encoding:',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n',
        'HTTP/1.1 200 OK\r\ncontent-length:\r\n ',
        'HTTP/1.1 200 OK\r\nx: y\r\n\t',
        '\r\n\r\nHTTP/1.1 20',
        'HTTP/1.1 100 Continue\r\n\r\n',
      ),
      bytes(60),
    )
    .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest])),
);

/** Bytes that mean something to a parser come up more often than chance has them. */
const meaningful = fc.constantFrom(...[...'\r\n\0 \t:;,"0123456789aAfFxX\x7f\x80\xff'].map(Buffer.from));
const splice = fc.record({
  at: fc.nat(400),
  removed: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(200)),
  put: fc.oneof(
    fc.constant(Buffer.alloc(0)),
    meaningful,
    bytes(4),
    fc
      .constantFrom(
        '\r\n',
        '\r\n ',
        '\r\n\r\n',
        '0\r\n\r\n',
        'ffffffffffff',
        '99999999999',
        'HTTP/1.1 200 OK\r\n',
      )
      .map(text => Buffer.from(text)),
  ),
});
const mutated = fc
  .tuple(validAnswer.map(bytesOf), fc.array(splice, { minLength: 1, maxLength: 3 }))
  .map(([answer, splices]) =>
    splices.reduce((before, { at, removed, put }) => {
      const start = at % (before.length + 1);
      return Buffer.concat([before.subarray(0, start), put, before.subarray(start + removed)]);
    }, answer),
  );

const settings = fc.record({
  headRequest: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.constant(true)),
  keepBody: fc.boolean(),
  maxResponse: fc.oneof({ weight: 5, arbitrary: fc.constant(67_108_864) }, fc.nat(300)),
});
const cuts = fc.array(fc.nat(400), { maxLength: 8 });
/** What the test itself holds for a case, with the room that Node's pool of small buffers takes. */
const roomBytes = 262_144;
const heldBytes = () => getHeapStatistics().external_memory;

describe('an answer of any bytes', () => {
  it('is complete, malformed or waited for, the same however it is cut, and takes no memory it did not send', () => {
    const seen = { complete: 0, malformed: 0, waiting: 0 };
    const property = fc.property(
      fc.oneof({ weight: 1, arbitrary: random }, { weight: 3, arbitrary: mutated }),
      cuts,
      settings,
      (answer, at, how) => {
        const before = heldBytes();
        const whole = reads([answer], how);
        assert.deepEqual(reads(pieces(answer, at), how), whole);
        assert.ok(heldBytes() - before < roomBytes, 'memory for bytes that never came');
        seen[whole.state as keyof typeof seen] += 1;
      },
    );
    fc.assert(property, cases(25_000));
    assert.ok(Math.min(...Object.values(seen)) > 1_250, `too few of a kind: ${JSON.stringify(seen)}`);
  });
});

/** One byte of an answer put in place of another. */
const neighbour = (answer: Buffer, at: number, byte: number) => {
  const changed = Buffer.from(answer);
  if (changed.length > 0) changed[at % changed.length] = byte;
  return changed;
};

describe('an answer after others', () => {
  it('is read as if it came first, however alike they are', () => {
    const places = fc.array(
      fc.record({
        at: fc.nat(400),
        byte: fc.oneof(
          fc.nat(255),
          meaningful.map(each => each[0] ?? 0),
        ),
        // Most servers send the same head again and again, and then another.
        repeats: fc.integer({ min: 1, max: 4 }),
        changed: fc.boolean(),
        cuts: fc.oneof(fc.constant([]), cuts),
      }),
      { minLength: 2, maxLength: 6 },
    );
    const property = fc.property(validAnswer.map(bytesOf), places, settings, (first, changes, how) => {
      for (const { at, byte, repeats, changed, cuts: where } of changes) {
        const answer = changed ? neighbour(first, at, byte) : first;
        // A head that comes in two pieces is read byte by byte, whatever is remembered of earlier ones.
        const alone = reads([answer.subarray(0, 1), answer.subarray(1)], how);
        for (let time = 0; time < repeats; time += 1)
          assert.deepEqual(reads(pieces(answer, where), how), alone);
      }
    });
    fc.assert(property, cases(3_000));
  });
});

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}transfer-encoding: chunked\r\n\r\n`;
const readBytes = 65_536;

/** Lets an endless stream in, until the scanner has had enough of it or the given number of bytes have come. */
function floods(start: string, repeated: string, keepBody: boolean, maxResponse: number, limit: number) {
  const scanner = new ResponseScanner(maxResponse);
  scanner.begin(false, keepBody);
  const shared = Buffer.alloc(readBytes, repeated, 'latin1');
  const before = heldBytes();
  const opening = Buffer.from(start, 'latin1');
  scanner.scan(opening, 0, opening.length);
  // Every read begins amid a repetition, unless these are of one byte.
  let offset = 0;
  let taken = opening.length;
  let most = 0;
  while (!scanner.malformed && !scanner.complete && taken < limit) {
    const length = readBytes - repeated.length;
    taken += scanner.scan(shared, offset, offset + length) - offset;
    offset = (offset + length) % repeated.length;
    most = Math.max(most, heldBytes() - before);
  }
  return { malformed: scanner.malformed, fault: scanner.fault, taken, most };
}

describe('an answer without an end', () => {
  for (const [name, start, repeated] of [
    ['header block', ok, 'x-more: of the same\r\n'],
    ['header line', `${ok}x: `, 'a'],
    ['header name', ok, 'a'],
    ['folded field', `${ok}x: y`, '\r\n z'],
    ['row of empty lines', '', '\r\n'],
    ['reason', 'HTTP/1.1 200 ', 'a'],
    ['block of trailers', `${chunked}0\r\n`, 'x-more: of the same\r\n'],
    ['trailer line', `${chunked}0\r\nx: `, 'a'],
    ['chunk extension', `${chunked}1;`, 'a'],
    ['chunk size of zeros', chunked, '0'],
  ] as const) {
    it(`is malformed where its ${name} has none, within the longest header block`, () => {
      const { malformed, taken, most } = floods(start, repeated, false, Number.POSITIVE_INFINITY, 1e8);
      assert.equal(malformed, true);
      assert.ok(taken <= maxHeaderBytes + 2 * readBytes, `${taken} bytes`);
      assert.ok(most < 1_048_576, `${most} bytes held`);
    });
  }

  it('is looked at byte by byte without being gone over again', () => {
    // At the longest line of single bytes, a scanner that began anew with each would look at two thousand million.
    const scanner = new ResponseScanner();
    scanner.begin(false, false);
    const line = Buffer.from(`${ok}x: ${'a'.repeat(maxHeaderBytes)}`);
    let at = 0;
    while (!scanner.malformed && at < line.length) at = scanner.scan(line, at, at + 1);
    assert.equal(scanner.malformed, true);
    assert.ok(at <= maxHeaderBytes + 1, `${at} bytes`);
  });

  const mebibytes = 1_048_576;
  for (const [name, start, repeated] of [
    ['a length that is never reached', `${ok}content-length: 9000000000000000\r\n\r\n`, 'a'],
    ['the connection’s end', `${ok}\r\n`, 'a'],
    ['one chunk', `${chunked}fffffffffffff\r\n`, 'a'],
    ['chunks', chunked, '5\r\nhello\r\n'],
    ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
  ] as const) {
    it(`streams where its body is delimited by ${name}, and holds nothing of it`, () => {
      const { malformed, taken, most } = floods(start, repeated, false, 256 * mebibytes, 64 * mebibytes);
      assert.equal(malformed, false);
      assert.ok(taken >= 64 * mebibytes, `${taken} bytes`);
      assert.ok(most < mebibytes, `${most} bytes held`);
    });

    it(`ends at maxResponse where its body is delimited by ${name}, though it be kept`, () => {
      const { malformed, fault, taken, most } = floods(start, repeated, true, 4 * mebibytes, 64 * mebibytes);
      assert.equal(malformed, true);
      assert.match(fault, /maxResponse/);
      assert.ok(taken > 4 * mebibytes && taken <= 4 * mebibytes + readBytes, `${taken} bytes`);
      // A buffer that doubles is up to twice as large as what it holds, and is copied from one half that size.
      assert.ok(most <= 13 * mebibytes, `${most} bytes held`);
    });
  }
});
