import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { populationOf, staggerOf } from '../../../src/engine/schedule/population.ts';
import type { ClosedLoad } from '../../../src/model/run/scenario.ts';
import { micros, millis } from '../../../src/model/units.ts';

const load = (
  stages: readonly [seconds: number, from: number, to: number][],
  warmupSeconds = 0,
): ClosedLoad => ({
  model: 'closed',
  warmup: millis(warmupSeconds * 1_000),
  pacing: millis(0),
  iterations: null,
  stages: stages.map(([seconds, from, to]) => ({ duration: millis(seconds * 1_000), from, to })),
});

const at = (seconds: number) => micros(seconds * 1e6);
const wanted = (population: ReturnType<typeof populationOf>, seconds: number) =>
  Array.from({ length: 200 }, (_, user) => population.wants(user, at(seconds))).filter(Boolean).length;

describe('the population of a closed load', () => {
  it('is the number of users of the stage, and nobody after the last', () => {
    const population = populationOf(load([[10, 50, 50]]));
    assert.equal(population.peak, 50);
    assert.equal(wanted(population, 0), 50);
    assert.equal(wanted(population, 9.99), 50);
    assert.equal(wanted(population, 10), 0);
  });

  it('ramps evenly', () => {
    const population = populationOf(load([[10, 0, 100]]));
    for (const seconds of [1, 5, 9]) assert.equal(wanted(population, seconds), 10 * seconds);
  });

  it('warms up with the users of the first stage’s start', () => {
    const population = populationOf(load([[10, 20, 40]], 5));
    assert.equal(wanted(population, 4), 20);
    assert.equal(wanted(population, 10), 30);
  });

  it('says when a user is wanted first, again, and never more', () => {
    const population = populationOf(
      load([
        [10, 0, 10],
        [10, 10, 0],
        [10, 0, 10],
      ]),
    );
    const first = population.nextWanted(4, at(0));
    assert.ok(
      first !== null && population.wants(4, first) && !population.wants(4, micros(first - 2)),
      `first wanted at ${first}`,
    );
    const again = population.nextWanted(4, at(16));
    assert.ok(again !== null && again > at(20) && population.wants(4, again), `wanted again at ${again}`);
    assert.equal(population.nextWanted(10, at(0)), null);
    assert.equal(population.nextWanted(4, at(30)), null);
  });
});

describe('the start of users', () => {
  const offsets = (changes: Partial<ClosedLoad>, users = 20) =>
    Array.from({ length: users }, (_, user) =>
      staggerOf({ ...load([[10, users, users]]), ...changes }, users)(user),
    );

  it('is spread evenly over a moment, and at once for the first', () => {
    const starts = offsets({});
    assert.equal(starts[0], 0);
    assert.equal(new Set(starts).size, 20);
    assert.ok(Math.max(...starts) < 190_000, `${Math.max(...starts)} µs`);
    const sorted = starts.toSorted((one, other) => one - other);
    const gaps = sorted.slice(1).map((start, index) => start - (sorted[index] ?? 0));
    assert.ok(Math.max(...gaps) < 20_000, `a gap of ${Math.max(...gaps)} µs`);
  });
  it('is spread over the pacing where there is one', () => {
    const starts = offsets({ pacing: millis(1_000) });
    assert.ok(Math.max(...starts) > 900_000 && Math.max(...starts) < 1_000_000, `${Math.max(...starts)} µs`);
  });
  it('is the same instant where that is asked for, and where users share a number of journeys', () => {
    assert.deepEqual(new Set(offsets({ stagger: 'none' })), new Set([0]));
    assert.deepEqual(new Set(offsets({ iterations: 100 })), new Set([0]));
  });
});
