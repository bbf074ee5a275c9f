import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { arrivals } from '../../../src/engine/schedule/pacer.ts';
import type { OpenLoad, OpenSides } from '../../../src/model/run/scenario.ts';
import { millis, perSecond } from '../../../src/model/units.ts';

const stage = (seconds: number, from: number, to = from): OpenSides => ({
  duration: millis(seconds * 1_000),
  from: perSecond(from),
  to: perSecond(to),
});

const load = (stages: OpenSides[], overrides: Partial<OpenLoad> = {}): OpenLoad => ({
  model: 'open',
  warmup: millis(0),
  arrivals: 'constant',
  stages,
  ...overrides,
});

const within = (moments: readonly number[], from: number, to: number) =>
  moments.filter(moment => moment >= from && moment < to).length;

describe('arrivals', () => {
  it('come evenly at a constant rate, the first at once and none at the end', () => {
    const moments = [...arrivals(load([stage(10, 200)]), 1)];
    assert.equal(moments.length, 2_000);
    moments.forEach((moment, index) => {
      assert.ok(Math.abs(moment - index * 5_000) < 1e-3, `moment ${moment}, index ${index}`);
    });
  });

  it('hold the integral of a ramp at every moment', () => {
    const moments = [...arrivals(load([stage(10, 100, 300)]), 1)];
    assert.equal(moments.length, 2_000);
    for (const seconds of [1, 2.5, 5, 9]) {
      const due = 100 * seconds + (20 * seconds * seconds) / 2;
      assert.ok(Math.abs(within(moments, 0, seconds * 1e6) - due) <= 1, `after ${seconds} s`);
    }
  });

  it('can rise from nothing and fall to nothing', () => {
    const moments = [...arrivals(load([stage(4, 0, 100), stage(4, 100, 0)]), 1)];
    assert.equal(moments.length, 400);
    assert.equal(within(moments, 0, 4e6), 200);
    assert.ok(moments.every(Number.isFinite), `${moments.filter(moment => !Number.isFinite(moment))}`);
  });

  it('warm up at the first stage’s starting rate', () => {
    const moments = [...arrivals(load([stage(2, 50, 150)], { warmup: millis(3_000) }), 1)];
    assert.equal(within(moments, 0, 3e6), 150);
    assert.equal(within(moments, 3e6, 5e6), 200);
  });

  it('carry fractions of a journey over from stage to stage', () => {
    const moments = [...arrivals(load([stage(0.5, 3), stage(0.5, 3), stage(1, 3)]), 1)];
    assert.equal(moments.length, 6);
  });

  it('are the same again for the same seed and others for another, when they are random', () => {
    const random = load([stage(5, 100)], { arrivals: 'poisson' });
    assert.deepEqual([...arrivals(random, 7)], [...arrivals(random, 7)]);
    assert.notDeepEqual([...arrivals(random, 7)], [...arrivals(random, 8)]);
  });

  it('have exponential gaps when they are random', () => {
    const moments = [...arrivals(load([stage(500, 100)], { arrivals: 'poisson' }), 3)];
    const gaps = moments.slice(1).map((moment, index) => (moment - (moments[index] ?? 0)) / 1e6);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // Mean and standard deviation of an exponential distribution are equal; 50,000 gaps put both within 2 %.
    assert.ok(Math.abs(mean * 100 - 1) < 0.02, `mean ${mean}`);
    assert.ok(
      Math.abs(Math.sqrt(variance) / mean - 1) < 0.02,
      `sqrt(variance) ${Math.sqrt(variance)}, mean ${mean}`,
    );
  });

  it('never go back in time and never leave the plan', () => {
    const anyStage = fc
      .record({
        seconds: fc.integer({ min: 1, max: 5 }),
        from: fc.integer({ min: 0, max: 80 }),
        to: fc.integer({ min: 0, max: 80 }),
      })
      .map(({ seconds, from, to }) => stage(seconds, from, to));
    fc.assert(
      fc.property(
        fc.array(anyStage, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('constant' as const, 'poisson' as const),
        (stages, kind) => {
          const moments = [...arrivals(load(stages, { arrivals: kind }), 1)];
          const end = stages.reduce((sum, { duration }) => sum + duration * 1_000, 0);
          assert.ok(
            moments.every((moment, index) => moment >= (moments[index - 1] ?? 0) && moment <= end),
            `out of order, or past ${end}`,
          );
          const due = stages.reduce(
            (sum, { duration, from, to }) => sum + ((from + to) / 2) * (duration / 1_000),
            0,
          );
          if (kind === 'constant')
            assert.ok(Math.abs(moments.length - due) <= 1, `moments.length ${moments.length}, due ${due}`);
        },
      ),
    );
  });
});
