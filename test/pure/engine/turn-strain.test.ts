import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orderOfTurns } from '../../../src/engine/schedule/turns.ts';
import { TurnStrain } from '../../../src/engine/slots/turn-strain.ts';
import type { StrainCounters } from '../../../src/engine/workers/strain-counters.ts';
import { micros } from '../../../src/model/units.ts';

const turns = { slotUs: micros(250_000), seed: 3, among: ['base', 'head'] } as const;

/** Takes a reading at the end of each of so many rows' turns, of counters that grow by what `during` says in each turn. */
function metered(
  rows: number,
  during: (side: string, turn: number) => Partial<{ [counter in keyof StrainCounters]: number }>,
) {
  const total = { wantedMs: 0, stolenMs: 0, throttledMs: 0, waitedMs: 0 };
  const strain = new TurnStrain(turns, () => ({ ...total }));
  strain.take(micros(0));
  for (let turn = 0; turn < 2 * rows; turn += 1) {
    const side = orderOfTurns(turns.seed, Math.floor(turn / 2), turns.among)[turn % 2] ?? 'base';
    const grown = during(side, turn);
    for (const counter of ['wantedMs', 'stolenMs', 'throttledMs', 'waitedMs'] as const) {
      total[counter] += grown[counter] ?? 0;
    }
    strain.take(micros((turn + 1) * 250_000));
  }
  return strain;
}

describe('how a machine fares in turns', () => {
  it('is told of each side by its own turns', () => {
    const strain = metered(10, side => ({
      wantedMs: 400,
      stolenMs: side === 'head' ? 40 : 0,
      throttledMs: side === 'base' ? 25 : 0,
      waitedMs: 100,
    }));
    const shares = Object.fromEntries(
      Object.entries(strain.between(2, 10)).map(([side, of]) => [
        side,
        [of.stolen, of.throttled, of.waited].map(share => share?.toFixed(2)),
      ]),
    );
    assert.deepEqual(shares, { base: ['0.00', '0.10', '0.40'], head: ['0.10', '0.00', '0.40'] });
  });

  it('is shared out by time where the machine was read late', () => {
    const strain = new TurnStrain(
      turns,
      (() => {
        let [wantedMs, stolenMs] = [-400, -40];
        return () => {
          wantedMs += 400;
          stolenMs += 40;
          return { wantedMs, stolenMs, throttledMs: null, waitedMs: null };
        };
      })(),
    );
    for (const atMs of [0, 900, 2_000]) strain.take(micros(atMs * 1_000));
    const { base, head } = strain.between(0, 4);
    assert.deepEqual([base.stolen?.toFixed(9), head.stolen?.toFixed(9)], ['0.100000000', '0.100000000']);
    assert.equal(base.throttled, null);
  });

  it('is not known where the system does not tell, its times stand still, or it was not read for half of the turns', () => {
    const nothing = { stolen: null, throttled: null, waited: null };
    const counters = { wantedMs: null, stolenMs: null, throttledMs: null, waitedMs: null };
    const none = new TurnStrain(turns, () => counters);
    for (const atMs of [0, 1_000, 2_000]) none.take(micros(atMs * 1_000));
    assert.deepEqual(none.between(0, 4).base, nothing);
    const still = metered(4, () => ({}));
    assert.deepEqual(still.between(0, 4).base, { stolen: null, throttled: 0, waited: 0 });
    assert.deepEqual(still.between(0, 0).base, nothing);
    assert.deepEqual(still.between(2, 10).head, nothing);
  });

  it('is a share, whatever several cores add up to', () => {
    const strain = metered(4, () => ({ wantedMs: 400, stolenMs: 900, throttledMs: 800, waitedMs: -5 }));
    assert.deepEqual(strain.between(0, 4).base, { stolen: 1, throttled: 1, waited: 0 });
  });
});
