import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BodyRoom, sharedCounter } from '../../../src/engine/transport/http1/body-room.ts';
import { KeptBody } from '../../../src/engine/transport/http1/kept-body.ts';
import { ResponseScanner } from '../../../src/engine/transport/http1/scanner.ts';

const megabyte = 1_000_000;
const piece = Buffer.alloc(65_536, 'abc');
const answer = (length: number) => Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`);

/** Bytes that are taken of a room, to the block. */
function taken(counter: SharedArrayBuffer): number {
  return (new Int32Array(counter)[0] ?? 0) * 4_096;
}

describe('a body that is kept', () => {
  test('is what came, in whatever pieces', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 9_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, arrays => {
        const body = new KeptBody(new BodyRoom());
        for (const bytes of arrays.map(array => Buffer.from(array))) body.append(bytes, 0, bytes.length);
        assert.deepEqual(body.content, Buffer.concat(arrays));
      }),
    );
  });

  test('takes little more room than it has bytes, and gives all of it back once', () => {
    const counter = sharedCounter();
    const body = new KeptBody(new BodyRoom(100 * megabyte, counter));
    for (let length = 0; length < 20 * megabyte; length += piece.length) body.append(piece, 0, piece.length);
    const most = 20 * megabyte + 2 ** 21;
    assert.ok(taken(counter) >= 20 * megabyte && taken(counter) < most, `${taken(counter)} bytes`);
    body.release();
    body.release();
    assert.equal(taken(counter), 0);
  });
});

describe('the room of bodies', () => {
  test('is one for all that count in it', () => {
    const counter = sharedCounter();
    const rooms = [new BodyRoom(megabyte, counter), new BodyRoom(megabyte, counter)];
    const bodies = rooms.map(room => new KeptBody(room));
    let kept = 0;
    while (bodies.every(body => body.append(piece, 0, piece.length))) kept += 2 * piece.length;
    assert.ok(kept > megabyte / 2 && taken(counter) <= megabyte, `${kept} kept, ${taken(counter)} taken`);
    bodies[0]?.release();
    assert.ok(bodies[1]?.append(piece, 0, piece.length), 'what one gave back is there for the other');
  });

  test('fails an answer that finds none, and no other', () => {
    const room = new BodyRoom(100_000);
    const scanner = new ResponseScanner(undefined, 'none', room);
    const read = (length: number, keepBody: boolean) => {
      scanner.begin(false, keepBody);
      scanner.scan(answer(length), 0, answer(length).length);
      for (let left = length; left > 0 && !scanner.lacksRoom; left -= piece.length) {
        scanner.scan(piece, 0, Math.min(left, piece.length));
      }
      return [scanner.complete, scanner.lacksRoom, scanner.takeBody()?.length ?? null];
    };
    assert.deepEqual(read(200_000, true), [false, true, null]);
    assert.match(scanner.fault, /^no room for its body: .* 100000 bytes together \(maxBodies\)$/);
    assert.deepEqual(read(50_000, true), [true, false, 50_000]);
    assert.deepEqual(read(50_000, true), [true, false, 50_000], 'the room of the one before was given back');
    assert.deepEqual(read(5 * megabyte, false), [true, false, null], 'a body that is not kept needs none');
  });

  test('fails chunks as well as it fails a length', () => {
    const scanner = new ResponseScanner(undefined, 'none', new BodyRoom(100_000));
    const chunked = Buffer.from(
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(4)}0\r\n\r\n`,
    );
    scanner.begin(false, true);
    scanner.scan(chunked, 0, chunked.length);
    assert.deepEqual([scanner.complete, scanner.malformed, scanner.lacksRoom], [false, false, true]);
  });
});
