import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CallWatch } from '../../../src/code/call-watch.ts';
import type { Plan } from '../../../src/model/run/plan.ts';

/** What of a plan its functions need. */
const plan = {
  endpoints: [
    { name: 'GET /a', method: 'GET' },
    { name: 'GET /b', method: 'GET' },
  ],
  journeys: [
    {
      steps: [
        { kind: 'request', endpoint: 0, prepare: ['steps', 0, 'prepare'] },
        { kind: 'request', endpoint: 1, check: ['steps', 1, 'check'] },
      ],
    },
  ],
} as unknown as Plan;

describe('the watch over functions of a scenario', () => {
  test('names the one that does not come to its end, and none that is called again and again', () => {
    const watch = new CallWatch(plan);
    const memory = new Int32Array(watch.memory);
    assert.equal(watch.hung(0), null, 'nothing was called');
    memory.set([2, 1]);
    assert.equal(watch.hung(1_000), null, 'it began');
    assert.equal(watch.hung(10_999), null, 'it takes long');
    memory.set([2, 2]);
    assert.equal(watch.hung(11_001), null, 'it was called again');
    memory.set([0, 2]);
    assert.equal(watch.hung(30_000), null, 'it came to its end');
    memory.set([1, 3]);
    assert.equal(watch.hung(40_000), null, 'another one began');
    assert.equal(watch.hung(50_000), 'prepare of GET /a has not come to its end for 10 s');
  });
});
