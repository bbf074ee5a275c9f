import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Deadlines, type Expiring } from '../../../src/engine/request/deadlines.ts';
import { TimerQueue } from '../../../src/engine/schedule/timer-queue.ts';
import { type Micros, micros } from '../../../src/model/units.ts';

const entry = (deadline: number): Expiring => ({
  deadline: micros(deadline),
  wheelNext: null,
  wheelPrevious: null,
});

describe('the timerQueue', () => {
  it('gives back what was planned in the order of its moments', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 })), moments => {
        const timerQueue = new TimerQueue<number>();
        for (const moment of moments) timerQueue.add(micros(moment), moment);
        const taken: number[] = [];
        while (timerQueue.size > 0) {
          taken.push(timerQueue.take() as number);
        }
        assert.deepEqual(
          taken,
          [...moments].sort((one, other) => one - other),
        );
        assert.equal(timerQueue.take(), undefined);
      }),
    );
  });

  it('forgets what was planned for a moment or later, and nothing before it', () => {
    const moment = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(fc.array(moment), moment, (moments, from) => {
        const timerQueue = new TimerQueue<number>();
        for (const at of moments) timerQueue.add(micros(at), at);
        timerQueue.dropFrom(micros(from));
        const taken: number[] = [];
        while (timerQueue.size > 0) taken.push(timerQueue.take() as number);
        assert.deepEqual(
          taken,
          moments.filter(at => at < from).sort((one, other) => one - other),
        );
      }),
    );
  });
});

describe('the deadlines', () => {
  const slotUs = 8_192;

  it('expire each entry once, never early and at most one slot late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30_000_000 }), { maxLength: 60 }),
        fc.integer({ min: 500, max: 400_000 }),
        (moments, stepUs) => {
          const deadlines = new Deadlines<Expiring>();
          const entries = moments.map(entry);
          for (const one of entries) deadlines.add(one);
          const expired = new Map<Expiring, Micros>();
          for (let now = 0; now < 31_000_000; now += stepUs) {
            deadlines.expire(micros(now), one => {
              assert.ok(!expired.has(one), 'it expired twice');
              expired.set(one, micros(now));
            });
          }
          assert.equal(deadlines.size, 0);
          for (const one of entries) {
            const late = (expired.get(one) ?? 0) - one.deadline;
            assert.ok(late >= 0 && late <= slotUs + stepUs, `${late} µs late`);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('forget what is removed, also while others expire', () => {
    const deadlines = new Deadlines<Expiring>();
    const [first, second, third] = [entry(1_000), entry(1_000), entry(1_000)];
    for (const one of [first, second, third]) deadlines.add(one as Expiring);
    deadlines.remove(second as Expiring);
    deadlines.remove(second as Expiring);
    const expired: Expiring[] = [];
    deadlines.expire(micros(1e6), one => expired.push(one));
    assert.deepEqual(new Set(expired), new Set([first, third]));
  });

  it('take entries anew that were added after a long pause', () => {
    const deadlines = new Deadlines<Expiring>();
    deadlines.expire(micros(60e6), () => assert.fail('nothing was added'));
    deadlines.add(entry(61e6));
    let count = 0;
    deadlines.expire(micros(60.9e6), () => assert.fail('early'));
    deadlines.expire(micros(61.1e6), () => {
      count += 1;
    });
    assert.equal(count, 1);
  });
});
