import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import { isStrained } from '../../../src/judge/duet/strain.ts';
import type { DuetRecord, MachineStrain } from '../../../src/model/duet/duet.ts';
import { duetNote } from '../../../src/report/words/duet-note.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { budgets } from './budgets.ts';

const of = (more: Partial<MachineStrain>): MachineStrain => ({
  ...{ stolen: 0, throttled: 0, waited: 0.3 },
  ...more,
});
const both = (base: Partial<MachineStrain>, head: Partial<MachineStrain>) => ({
  base: of(base),
  head: of(head),
});

describe('a restart that the machine kept from running', () => {
  it('is one of which more than 5% was stolen or throttled on both sides', () => {
    assert.ok(isStrained(both({ stolen: 0.06 }, { stolen: 0.2 })), 'stolen');
    assert.ok(isStrained(both({ throttled: 0.2 }, { throttled: 0.051 })), 'throttled');
    assert.ok(!isStrained(both({ stolen: 0.05 }, { stolen: 0.05 })), 'not more than 5%');
    assert.ok(!isStrained(both({ stolen: 0.06 }, { throttled: 0.06 })), 'one kind on each side');
  });

  it('is none where one side alone is short of time, which may be its own doing', () => {
    for (const kind of ['stolen', 'throttled'] as const) {
      assert.ok(!isStrained(both({ [kind]: 0.04 }, { [kind]: 0.9 })), kind);
      assert.ok(!isStrained(both({ [kind]: 0.9 }, { [kind]: 0.04 })), kind);
    }
  });

  it('is none where tasks waited, or where nothing is known', () => {
    assert.ok(!isStrained(both({ waited: 1 }, { waited: 1 })), 'a generator beside servers waits');
    assert.ok(!isStrained(both({ stolen: null }, { stolen: 0.5 })), 'known of one side');
    assert.ok(!isStrained(undefined), 'an older record');
  });
});

describe('the note on the machine', () => {
  const noteOf = (record: DuetRecord) => {
    const note = judgeDuet(record, budgets(), null).notes.find(({ kind }) => kind === 'strain');
    return note === undefined ? null : duetNote(note);
  };
  const record = exampleDuet({ restarts: 13 });
  const known = {
    ...record,
    restarts: record.restarts.map(restart => ({ ...restart, machine: both({ stolen: 0.01 }, {}) })),
  };

  it('says how it fared, and that no restart was dropped', () => {
    assert.equal(
      noteOf(known),
      'The machine in the turns, of the time in a median restart: stolen by the host 1% (base) and 0% (head), throttled as a container 0% (base) ' +
        'and 0% (head), some task waiting for a core 30% (base) and 30% (head). No restart was dropped: in none, more than 5% was stolen or ' +
        'throttled in the turns of both sides.',
    );
  });

  it('says how many restarts do not count, and changes nothing else', () => {
    const machine = both({ stolen: 0.2 }, { stolen: 0.3 });
    const dropped = [4, 4].map(number => ({
      number,
      startedAt: record.restarts[0]?.startedAt ?? '',
      machine,
    }));
    assert.match(
      noteOf({ ...known, dropped }) ?? '',
      /2 restarts do not count, whatever they showed: more than 5%/,
    );
    const [with_, without] = [{ ...known, dropped }, known].map(one => judgeDuet(one, budgets(), null));
    assert.deepEqual(with_?.findings, without?.findings);
  });

  it('is left out where nothing is known', () => {
    assert.equal(noteOf(record), null);
  });
});
