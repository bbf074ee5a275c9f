import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { controlReadingsOf } from '../../../src/engine/slots/slots.ts';
import type { Plan } from '../../../src/model/run/plan.ts';

const plan = { endpoints: [{ name: 'GET /' }], signals: [] } as unknown as Plan;

/** Pairs of turns, of which base's own have so many requests each. */
const pairsOf = (requests: readonly number[]) =>
  requests.map(count => {
    const slot = {
      requests: count,
      errors: 0,
      timesUs: Array(count).fill(1_000),
      unanswered: 0,
      signals: [],
    };
    return { base: [slot], head: [{ ...slot, requests: 7_777 }] };
  });

describe("the halves of base's turns", () => {
  it('are one of each two in a row, by coin, and nothing of head', () => {
    const requests = [1, 2, 4, 8, 16, 32, 64, 128];
    const firsts = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const [reading] = controlReadingsOf({ pairs: pairsOf(requests) }, plan, seed);
      const [base = 0, head = 0] = [reading?.base.requests, reading?.head.requests];
      assert.equal(base + head, 255);
      for (const couple of [3, 12, 48, 192]) {
        const of = (half: number) => half & couple;
        assert.ok(of(base) !== 0 && of(base) !== couple, `one turn of each couple in ${base.toString(2)}`);
      }
      firsts.add(base.toString(2));
    }
    assert.ok(firsts.size > 8, `many ways, not ${[...firsts].join(' ')}`);
  });

  it('leave a last turn without a second out', () => {
    const [reading] = controlReadingsOf({ pairs: pairsOf([3, 3, 100]) }, plan, 1);
    assert.deepEqual([reading?.base.requests, reading?.head.requests], [3, 3]);
    assert.equal(controlReadingsOf({ pairs: pairsOf([3]) }, plan, 1)[0]?.base.p50Us, null);
  });
});
