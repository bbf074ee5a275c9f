import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlimsollError } from '../../../src/model/error.ts';
import { sideNames } from '../../../src/pipeline/duet/duet-preparation.ts';

describe('the sides of a duet', () => {
  it('are refs, or URLs with their scheme', () => {
    for (const [base, head] of [
      ['main', 'HEAD'],
      ['v1.2', 'feature/a:b'],
      ['main~2', 'origin/main'],
    ] as const) {
      assert.equal(sideNames(base, head).kind, 'refs');
    }
    assert.equal(sideNames('http://127.0.0.1:1', 'unix:/tmp/api').kind, 'urls');
  });

  it('are not one of each', () => {
    assert.throws(() => sideNames('main', 'http://127.0.0.1:1'), PlimsollError);
  });

  it('are several URLs each, as many of head as of base', () => {
    const urls = [1, 2, 3, 4].map(port => `http://127.0.0.1:${port}`);
    assert.deepEqual(sideNames(urls.slice(0, 2), urls.slice(2)), {
      kind: 'urls',
      base: urls.slice(0, 2),
      head: urls.slice(2),
    });
    const many = Array.from({ length: 11 }, (_, port) => `http://127.0.0.1:${port + 1}`);
    for (const [base, head, code] of [
      [urls.slice(0, 1), urls.slice(1), 'duet.uneven-instances'],
      [urls, urls.slice(1), 'duet.uneven-instances'],
      [many, many, 'command.invalid-value'],
      [['main', ...urls], urls, 'duet.mixed-sides'],
      [['main', 'other'], ['HEAD'], 'command.invalid-value'],
    ] as const) {
      assert.throws(
        () => sideNames(base, head),
        (error: unknown) => error instanceof PlimsollError && error.problems[0]?.code === code,
      );
    }
  });

  it('are not a host and a port: the scheme is what is missing', () => {
    for (const name of ['localhost:8080', '127.0.0.1:80/base', 'api.example.com:443', '[::1]:8080']) {
      assert.throws(
        () => sideNames(name, name),
        (error: unknown) => error instanceof PlimsollError && error.problems[0]?.instead === `http://${name}`,
      );
    }
  });
});
