import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signalReader } from '../../../src/engine/request/signals.ts';
import { ResponseScanner } from '../../../src/engine/transport/http1/scanner.ts';
import type { CacheRule } from '../../../src/model/run/signal.ts';

const headOf = (...fields: readonly string[]) =>
  `HTTP/1.1 200 OK\r\n${fields.map(field => `${field}\r\n`).join('')}\r\n`;

/** What an answer with these fields says: true for a hit, false for none, null for nothing. */
function cached(rule: CacheRule, ...fields: readonly string[]): boolean | null {
  const into = new Float64Array(1);
  signalReader([{ name: 'cache', rule }])?.read(headOf(...fields), into);
  const [value = Number.NaN] = into;
  return Number.isNaN(value) ? null : value === 1;
}

const usual: CacheRule = { by: 'usualHeaders' };

describe('the usual headers of caches', () => {
  for (const [field, expected] of [
    ['Cache-Status: ExampleCache; hit', true],
    ['Cache-Status: "A; hit, really"; fwd=miss', false],
    ['Cache-Status: "say \\"hit"; fwd=uri-miss; stored', false],
    ['Cache-Status: Origin; hit; ttl=1100, "CDN Company"; fwd=uri-miss', true],
    ['cache-status: a;fwd=stale;fwd-status=304,b;HIT=?1', true],
    ['Cache-Status: a; hit=?0', false],
    ['Cache-Status: hit', false],
    ['Cache-Status: "never closed; hit', false],
    ['X-Cache: Hit from cloudfront', true],
    ['X-Cache: MISS, HIT', true],
    ['x-cache: TCP_MISS', false],
    ['CF-Cache-Status: HIT', true],
    ['CF-Cache-Status: STALE', true],
    ['CF-Cache-Status: DYNAMIC', false],
    ['Age: 12', true],
    ['Age: 0', false],
    ['Age: twelve', false],
    ['Cache-Control: max-age=60', null],
    ['X-Cache-Hits: 3', null],
  ] as const) {
    it(`read ${field} as ${expected === null ? 'nothing' : expected ? 'a hit' : 'no hit'}`, () => {
      assert.equal(cached(usual, 'content-length: 0', field, 'server: a'), expected);
    });
  }

  it('take a field that comes twice as one list, and Cache-Status before the others', () => {
    assert.equal(cached(usual, 'Cache-Status: a; fwd=miss', 'Cache-Status: b; hit'), true);
    assert.equal(cached(usual, 'Age: 7', 'X-Cache: HIT', 'Cache-Status: a; fwd=miss'), false);
    assert.equal(cached(usual, 'Age: 7', 'X-Cache: MISS'), false);
  });

  it('are read in one go, however long and strange the value', () => {
    assert.equal(cached(usual, `Cache-Status: ${';"'.repeat(30_000)}`), false);
    assert.equal(cached(usual, `Cache-Status: ${'a;'.repeat(30_000)}hit`), true);
  });
});

describe('a header that the scenario names', () => {
  const rule = (hit: string): CacheRule => ({ by: 'header', header: 'x-served-by', hit });

  it('is a hit where it holds the text, in any case', () => {
    assert.equal(cached(rule('HIT'), 'X-Served-By: edge (hit)'), true);
    assert.equal(cached(rule('HIT'), 'X-Served-By: origin'), false);
    assert.equal(cached(rule('HIT'), 'Age: 3'), null);
  });

  it('is bound to the ends by ^ and $, and every other character stands for itself', () => {
    assert.equal(cached(rule('^cache'), 'X-Served-By: cache-7'), true);
    assert.equal(cached(rule('^cache'), 'X-Served-By: no cache'), false);
    assert.equal(cached(rule('cache$'), 'X-Served-By: no cache'), true);
    assert.equal(cached(rule('^cache$'), 'X-Served-By: cache-7'), false);
    assert.equal(cached(rule('(a+)+$'), 'X-Served-By: aaaaaaaa'), false);
  });
});

describe('a scanner that keeps heads', () => {
  const chunked = `${headOf('Transfer-Encoding: chunked', 'X-Cache: HIT')}2\r\nok\r\n0\r\nX-Cache: MISS\r\n\r\n`;

  it('keeps the head of an answer in whatever pieces it comes, and neither body nor trailers', () => {
    for (const size of [1, 7, 64, chunked.length]) {
      const scanner = new ResponseScanner(undefined, 'all');
      for (let round = 0; round < 3; round += 1) {
        scanner.begin(false, false);
        for (let at = 0; at < chunked.length; at += size) {
          const piece = Buffer.from(chunked.slice(at, at + size));
          scanner.scan(piece, 0, piece.length);
          piece.fill('X');
        }
        assert.ok(scanner.complete, `complete in pieces of ${size}`);
        assert.equal(scanner.headText, headOf('Transfer-Encoding: chunked', 'X-Cache: HIT'));
      }
    }
  });

  it('forgets interim answers', () => {
    const scanner = new ResponseScanner(undefined, 'all');
    scanner.begin(false, false);
    const answer = `HTTP/1.1 103 Early Hints\r\nX-Cache: HIT\r\n\r\n${headOf('Content-Length: 0', 'X-Cache: MISS')}`;
    scanner.scan(Buffer.from(answer), 0, answer.length);
    assert.ok(scanner.complete, 'complete');
    assert.equal(scanner.headText, headOf('Content-Length: 0', 'X-Cache: MISS'));
  });

  it('is none where no signal is asked for', () => {
    const scanner = new ResponseScanner();
    scanner.begin(false, false);
    const answer = headOf('Content-Length: 0', 'X-Cache: HIT');
    scanner.scan(Buffer.from(answer), 0, answer.length);
    assert.equal(scanner.headText, '');
    assert.equal(signalReader([]), null);
  });
});
