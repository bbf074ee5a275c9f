import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { column, packCode, sampleWidth } from '../../../src/engine/loop/sample-log.ts';
import { outcomeCode } from '../../../src/engine/request/outcome.ts';
import { SlotLedger } from '../../../src/engine/slots/slot-ledger.ts';
import { micros } from '../../../src/model/units.ts';

const slotUs = 30_000;
const perSlot = 30;

/** Answers that are due evenly over the first slot of each of so many pairs, each after the time of its place in the slot. */
function batchOf(pairs: number, timeUs: (place: number) => number) {
  const rows = new Float64Array(pairs * perSlot * sampleWidth);
  for (let row = 0; row < pairs * perSlot; row += 1) {
    const [pair, place] = [Math.floor(row / perSlot), row % perSlot];
    const due = 2 * slotUs * pair + (slotUs * place) / perSlot;
    const at = row * sampleWidth;
    rows[at + column.due] = due;
    rows[at + column.firstByteAt] = due + 1;
    rows[at + column.endedAt] = due + timeUs(place);
    rows[at + column.code] = packCode(0, outcomeCode.ok, 200);
  }
  return { rows, length: pairs * perSlot };
}

const ledgerOf = (pairs: number, base: (place: number) => number, head: (place: number) => number) => {
  const endpoints = [{ name: 'GET /' }] as unknown as ConstructorParameters<
    typeof SlotLedger
  >[0]['endpoints'];
  const ledger = new SlotLedger({ endpoints, signals: [] }, micros(slotUs));
  ledger.add('base', batchOf(pairs, base) as never);
  ledger.add('head', batchOf(pairs, head) as never);
  return ledger;
};

describe('the times within turns', () => {
  it('are compared by their last third and their first, of which one slow request at the start says nothing', () => {
    const ledger = ledgerOf(
      10,
      place => (place === 0 ? 9_000 : 1_000),
      place => (place < 10 ? 1_000 : place < 20 ? 7_000 : 1_500),
    );
    assert.deepEqual(ledger.riseInTurns(0, 10), { base: 1, head: 1.5 });
  });

  it('tell nothing where there are too few of them', () => {
    const ledger = ledgerOf(
      4,
      () => 1_000,
      () => 1_000,
    );
    assert.deepEqual(ledger.riseInTurns(0, 4), { base: null, head: null });
    assert.deepEqual(ledger.riseInTurns(0, 0), { base: null, head: null });
  });
});
