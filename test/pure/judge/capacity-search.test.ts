import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nextProbe } from '../../../src/judge/capacity/search.ts';
import { capacityStanding } from '../../../src/judge/capacity/standing.ts';
import type {
  CapacityEnd,
  CapacityTerms,
  Probe,
  ProbeOutcome,
} from '../../../src/model/capacity/capacity.ts';
import fc from '../../seeded.ts';

const terms: CapacityTerms = {
  unit: 'perSecond',
  from: 10,
  to: 5_000,
  precision: 0.05,
  stepMs: 1_000,
  warmupMs: 0,
};
const held: ProbeOutcome = { kind: 'held' };
const broke: ProbeOutcome = { kind: 'broke', by: [] };
const spoiled: ProbeOutcome = { kind: 'generator', reason: { kind: 'workerDied', reason: 'none' } };

/** Searches an API of which is known what it does under each load. */
function searched(
  of: (level: number, confirms: boolean, number: number) => ProbeOutcome,
  more: Partial<CapacityTerms> = {},
): { readonly end: CapacityEnd; readonly probes: readonly Probe[] } {
  const probes: Probe[] = [];
  for (;;) {
    const next = nextProbe(probes, { ...terms, ...more });
    if (next.kind === 'end') return { end: next.end, probes };
    const { level, confirms } = next;
    assert.ok(probes.length < 100, `no end after ${probes.map(probe => probe.level).join(', ')}`);
    probes.push({ level, confirms, outcome: of(level, confirms, probes.length) });
  }
}

const upTo = (capacity: number) => (level: number) => (level <= capacity ? held : broke);

describe('the search of a capacity', () => {
  test('comes within its precision of whatever an API holds, and confirms it for longer', () => {
    const property = fc.property(fc.double({ min: 1, max: 4_900, noNaN: true }), capacity => {
      const { end, probes } = searched(upTo(capacity));
      assert.equal(end.kind, 'found');
      if (end.kind !== 'found') return;
      assert.ok(end.capacity <= capacity && end.brokeAt > capacity, JSON.stringify(end));
      // Three digits and 5 % are the steps.
      assert.ok(end.brokeAt / end.capacity < 1.06, JSON.stringify(end));
      const last = probes.at(-1);
      assert.deepEqual([last?.level, last?.confirms], [end.capacity, true]);
      assert.ok(probes.length <= 20, `${probes.length} loads`);
    });
    fc.assert(property);
  });

  test('of users tries whole numbers, and is exact where they are few', () => {
    for (const users of [1, 2, 3, 7, 19]) {
      const { end, probes } = searched(upTo(users), { unit: 'users', from: 1, to: 500 });
      assert.deepEqual(end, { kind: 'found', capacity: users, brokeAt: users + 1 });
      assert.ok(
        probes.every(({ level }) => Number.isInteger(level)),
        'half a user',
      );
    }
  });

  test('never sends more than it may, and says where that held', () => {
    const { end, probes } = searched(upTo(100_000), { to: 700 });
    assert.deepEqual(end, { kind: 'most', capacity: 700 });
    assert.equal(Math.max(...probes.map(({ level }) => level)), 700);
  });

  test('goes down where its start is too much, to 1/s', () => {
    assert.deepEqual(searched(upTo(0)).end, { kind: 'none', brokeAt: 1 });
    const { end } = searched(upTo(30), { from: 1_000 });
    assert.ok(end.kind === 'found' && end.capacity > 28 && end.capacity <= 30, JSON.stringify(end));
  });

  test('takes back what did not hold for longer', () => {
    const { end } = searched((level, confirms) => (level <= (confirms ? 300 : 400) ? held : broke));
    assert.ok(end.kind === 'found' && end.capacity > 280 && end.capacity <= 300, JSON.stringify(end));
  });

  test('tries a load again that the generator spoiled, and stops where it does so twice', () => {
    const once = searched((level, _, number) => (number === 3 ? spoiled : upTo(500)(level)));
    assert.ok(once.end.kind === 'found' && once.end.capacity > 470, JSON.stringify(once.end));
    const always = searched(level => (level <= 200 ? held : spoiled));
    assert.equal(always.end.kind, 'generator');
    assert.ok('limitedAt' in always.end && always.end.limitedAt > 200, JSON.stringify(always.end));
    assert.deepEqual(searched(() => spoiled).end, { kind: 'generator', capacity: null, limitedAt: 1 });
  });

  test('ends with an interrupt, and tells the load that held', () => {
    const { end } = searched((_, __, number) => (number < 3 ? held : { kind: 'interrupted' }));
    assert.deepEqual(end, { kind: 'interrupted', heldAt: 40 });
  });
});

describe('the verdict on a capacity', () => {
  const verdict = (end: CapacityEnd, limit: number | null, outcomes: readonly ProbeOutcome[] = []) =>
    capacityStanding(
      end,
      outcomes.map(outcome => ({ level: 1, confirms: false, outcome })),
      limit,
    ).verdict;

  test('is a pass of what is at least the limit, and of what has none', () => {
    const found = { kind: 'found', capacity: 200, brokeAt: 210 } as const;
    assert.deepEqual(
      [null, 150, 200, 201].map(limit => verdict(found, limit)),
      ['pass', 'pass', 'pass', 'fail'],
    );
  });

  test('does not blame an API for the limits of the search or of the generator', () => {
    assert.equal(verdict({ kind: 'most', capacity: 100 }, 150), 'inconclusive');
    assert.equal(verdict({ kind: 'generator', capacity: 100, limitedAt: 200 }, 150), 'invalid');
    assert.equal(verdict({ kind: 'generator', capacity: 200, limitedAt: 400 }, 150), 'pass');
    assert.equal(verdict({ kind: 'generator', capacity: null, limitedAt: 10 }, null), 'invalid');
  });

  test('is a fail where not even the lowest load holds, and invalid where nothing answered', () => {
    const none = { kind: 'none', brokeAt: 1 } as const;
    assert.equal(verdict(none, null, [broke]), 'fail');
    const silent: ProbeOutcome = { kind: 'failed', reason: { kind: 'nothingDue' } };
    assert.equal(verdict(none, null, [silent]), 'invalid');
  });
});
