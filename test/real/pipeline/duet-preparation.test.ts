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

  it('are not a host and a port: the scheme is what is missing', () => {
    for (const name of ['localhost:8080', '127.0.0.1:80/base', 'api.example.com:443', '[::1]:8080']) {
      assert.throws(
        () => sideNames(name, name),
        (error: unknown) => error instanceof PlimsollError && error.problems[0]?.instead === `http://${name}`,
      );
    }
  });
});
