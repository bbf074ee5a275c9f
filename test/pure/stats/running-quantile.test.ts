import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { runningQuantile } from '../../../src/stats/running-quantile.ts';

describe('a running quantile', () => {
  it('is the quantile of the latest values, sorted', () => {
    const streams = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        streams,
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0.1, 0.5, 0.9, 0.99),
        (stream, memory, q) => {
          const running = runningQuantile(q, { memory, fewest: 1 });
          stream.forEach((value, index) => {
            running.add(value);
            const latest = stream.slice(Math.max(0, index + 1 - memory), index + 1).sort((a, b) => a - b);
            const least = latest.find((_, place) => (place + 1) / latest.length >= q - 1e-12);
            assert.equal(running.value(), least);
          });
        },
      ),
    );
  });

  it('is unknown of fewer values than are asked for', () => {
    const running = runningQuantile(0.5, { memory: 10, fewest: 3 });
    for (const value of [5, 7]) running.add(value);
    assert.equal(running.value(), null);
    running.add(6);
    assert.equal(running.value(), 6);
  });
});
