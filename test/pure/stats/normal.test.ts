import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalQuantile, normalTail } from '../../../src/stats/intervals/normal.ts';
import { isClose } from './simulation.ts';

describe('the normal distribution', () => {
  it('has the tails that SciPy 1.17 gives (norm.sf)', () => {
    for (const [x, expected] of [
      [0, 0.5],
      [0.5, 0.3085375387259869],
      [1.96, 0.024997895148220435],
      [2.999, 0.0013543365337271057],
      [3.001, 0.0013454728250849653],
      [8, 6.22096057427174e-16],
      [-1.5, 0.9331927987311419],
    ] as const) {
      assert.ok(isClose(normalTail(x), expected, 1e-12), `${x}: ${normalTail(x)}`);
    }
  });

  it('has the quantiles that SciPy 1.17 gives (norm.ppf)', () => {
    for (const [p, expected] of [
      [0.975, 1.959963984540054],
      [0.3, -0.5244005127080409],
      [0.001, -3.090232306167813],
      [1e-12, -7.034483825301131],
    ] as const) {
      assert.ok(isClose(normalQuantile(p), expected, 1e-12), `${p}: ${normalQuantile(p)}`);
    }
    assert.ok(Math.abs(normalQuantile(0.5)) < 1e-12, `normalQuantile(0.5) ${normalQuantile(0.5)}`);
    assert.deepEqual([normalQuantile(0), normalQuantile(1)], [-Infinity, Infinity]);
  });
});
