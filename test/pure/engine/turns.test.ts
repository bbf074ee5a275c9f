import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ClosedArrivals, OpenArrivals } from '../../../src/engine/schedule/arrivals.ts';
import { arrivals } from '../../../src/engine/schedule/pacer.ts';
import { orderOfTurns, type TurnOrder, turnsOf } from '../../../src/engine/schedule/turns.ts';
import { sides } from '../../../src/model/duet/duet.ts';
import type { ClosedLoad, OpenLoad } from '../../../src/model/run/scenario.ts';
import { type Micros, micros, millis } from '../../../src/model/units.ts';
import { closedLoad, openLoad } from '../plan-builder.ts';

const several = ['base 1', 'base 2', 'base 3', 'head 1', 'head 2', 'head 3'];
const orders: fc.Arbitrary<Required<TurnOrder>> = fc
  .constantFrom<readonly string[]>(sides, several)
  .chain(among =>
    fc.record({
      slotUs: fc.integer({ min: 1_000, max: 3_000_000 }).map(micros),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      side: fc.constantFrom(...among),
      among: fc.constant(among),
    }),
  );
const moments = fc.double({ min: 0, max: 1e9, noNaN: true }).map(micros);
/** What rounding may cost, in µs. */
const tiny = 2e-3;

/** Whose turn it is by the plain definition, and how far into it. */
function slotAt({ slotUs, seed, among }: Required<TurnOrder>, moment: number) {
  const slot = Math.floor(moment / slotUs);
  const row = Math.floor(slot / among.length);
  const side = orderOfTurns(seed, row, among)[slot % among.length];
  return { row, side, into: moment - slot * slotUs };
}

const runs = { numRuns: 2_000 };

describe('the turns of a side', () => {
  it('lie within its own slots, whatever its own time', () => {
    fc.assert(
      fc.property(orders, moments, (order, own) => {
        const real = turnsOf(order).real(own);
        assert.equal(slotAt(order, real).side, order.side, `${own} own is ${real}`);
      }),
      runs,
    );
  });

  it('give its own time back', () => {
    fc.assert(
      fc.property(orders, moments, (order, own) => {
        const turns = turnsOf(order);
        const back = turns.own(turns.real(own));
        assert.ok(Math.abs(back - own) <= tiny, `${own} came back as ${back}`);
      }),
      runs,
    );
  });

  it('give a moment of its own slots back, and the start of its next slot for any other', () => {
    fc.assert(
      fc.property(orders, moments, (order, moment) => {
        const turns = turnsOf(order);
        const back = turns.real(turns.own(moment));
        const inTurn = turns.inTurn(moment);
        assert.ok(Math.abs(back - inTurn) <= tiny, `${moment} came back as ${back}, not ${inTurn}`);
        if (slotAt(order, moment).side === order.side) assert.equal(inTurn, moment);
        else {
          const { side, into } = slotAt(order, inTurn);
          assert.deepEqual([side, into], [order.side, 0]);
          assert.ok(
            inTurn - moment <= 2 * (order.among.length - 1) * order.slotUs,
            `${inTurn} is not the next after ${moment}`,
          );
        }
      }),
      runs,
    );
  });

  it('never let time run backwards', () => {
    fc.assert(
      fc.property(orders, moments, moments, (order, one, other) => {
        const turns = turnsOf(order);
        const [earlier, later] = one < other ? [one, other] : [other, one];
        assert.ok(turns.real(earlier) <= turns.real(later), `real of ${earlier} and ${later}`);
        assert.ok(turns.own(earlier) <= turns.own(later), `own of ${earlier} and ${later}`);
      }),
      runs,
    );
  });

  it('pass a gap in its own time alone', () => {
    fc.assert(
      fc.property(orders, moments, moments, (order, moment, gap) => {
        const turns = turnsOf(order);
        const later = turns.later(moment, gap);
        assert.ok(Math.abs(turns.own(later) - turns.own(moment) - gap) <= tiny, `${gap} after ${moment}`);
        assert.equal(slotAt(order, later).side, order.side);
      }),
      runs,
    );
  });

  it('are one slot in each row, the other sides’ turns the others', () => {
    fc.assert(
      fc.property(orders, fc.nat(10_000), (order, row) => {
        const { slotUs, among } = order;
        const inOrder = orderOfTurns(order.seed, row, among);
        const starts = inOrder.map(side => turnsOf({ ...order, side }).real(micros(row * slotUs)));
        assert.deepEqual(
          starts,
          among.map((_, place) => (among.length * row + place) * slotUs),
        );
        assert.equal(turnsOf(order).endOf(micros((row + 1) * slotUs)), among.length * (row + 1) * slotUs);
      }),
      runs,
    );
  });

  it('are as likely in any order of several sides as in any other', () => {
    const three = ['base', 'head 1', 'head 2'];
    const counts = new Map<string, number>();
    for (let row = 0; row < 12_000; row += 1) {
      const order = orderOfTurns(7, row, three).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    assert.equal(counts.size, 6);
    // 2,000 of each are expected, with a standard deviation of 41.
    for (const [order, count] of counts) assert.ok(Math.abs(count - 2_000) < 205, `${order}: ${count}`);
  });

  it('come first in half of the pairs, by coins that have nothing to do with one another', () => {
    const coins = Array.from({ length: 20 }, (_, seed) =>
      Array.from({ length: 2_000 }, (_, pair) => orderOfTurns(seed, pair, sides)[0] === 'base'),
    );
    const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length;
    // 40,000 coins have a standard error of 0.25 %.
    const first = share(coins.flat());
    const alike = share(coins.flatMap(row => row.slice(1).map((coin, pair) => coin === row[pair])));
    assert.ok(Math.abs(first - 0.5) < 0.0125, `first in ${first}`);
    assert.ok(Math.abs(alike - 0.5) < 0.0125, `as before in ${alike}`);
  });
});

describe('a feed in turns', () => {
  const turns = turnsOf({ slotUs: micros(50_000), seed: 3, side: 'head' });
  const share = { worker: 0, workers: 1 };

  it('starts the arrivals of the plan, at the moments when its side’s own time has come to them', () => {
    const load = openLoad(130, 4) as OpenLoad;
    let now = micros(0);
    const started: Micros[] = [];
    const start = (_user: unknown, _index: number, due: Micros) => void started.push(due);
    const due = new OpenArrivals(load, 1, share, () => now, start, turns);
    while (!due.finished) {
      now = due.next as Micros;
      due.start(now);
    }
    assert.deepEqual(
      started,
      [...arrivals(load, 1)].map(own => turns.real(own)),
    );
  });

  it('starts nothing that is due from its end on, and all that is due before it', () => {
    const load = openLoad(100, 4) as OpenLoad;
    const started: Micros[] = [];
    const start = (_user: unknown, _index: number, due: Micros) => void started.push(due);
    const due = new OpenArrivals(load, 1, share, () => micros(4e6), start, turns);
    due.endAt(micros(1e6));
    due.start(micros(4e6));
    // Ten pairs of slots of 50 ms, of which half a second is its own.
    assert.equal(started.length, 50);
    assert.ok(due.finished, 'nothing is left');
  });

  it('lets users pause between their turns, and keeps their pace in their own time', () => {
    const load: ClosedLoad = { ...(closedLoad(2, 1) as ClosedLoad), pacing: millis(30), stagger: 'none' };
    const started: Micros[] = [];
    let clock = micros(0);
    const arrivals: ClosedArrivals = new ClosedArrivals(
      load,
      share,
      () => clock,
      { measuredFrom: micros(0), endsAt: micros(Number.POSITIVE_INFINITY) },
      (user, _index, due, now) => {
        started.push(due);
        arrivals.returned(user, due, now);
      },
      turns,
    );
    while (arrivals.next !== null) {
      clock = arrivals.next;
      arrivals.start(clock);
    }
    // Two users, every 30 ms of a second.
    assert.equal(started.length, 2 * 34);
    for (const [index, due] of started.entries()) {
      const own = turns.own(due);
      assert.ok(Math.abs(own - 30_000 * Math.floor(index / 2)) < 0.1, `journey ${index} at ${own}`);
      assert.equal(turns.inTurn(due), due);
    }
  });

  it('starts no user from its end on', () => {
    const started: Micros[] = [];
    let clock = micros(0);
    const arrivals: ClosedArrivals = new ClosedArrivals(
      { ...(closedLoad(3, 1) as ClosedLoad), stagger: 'none' },
      share,
      () => clock,
      { measuredFrom: micros(0), endsAt: micros(Number.POSITIVE_INFINITY) },
      (user, _index, due, now) => {
        started.push(due);
        arrivals.returned(user, turns.later(due, micros(10_000)), now);
      },
      turns,
    );
    arrivals.endAt(micros(400_000));
    while (arrivals.next !== null) {
      clock = arrivals.next;
      arrivals.start(clock);
    }
    // Four pairs of slots: 200 ms of its own.
    assert.equal(started.length, 3 * 20);
  });
});
