import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import type { DuetRecord } from '../../../src/model/duet/duet.ts';
import { duetNote } from '../../../src/report/words/duet-note.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { budgets } from './budgets.ts';

const startedAt = '2026-03-14T10:00:00.000Z';
const wide = { spread: 0.2, seed: 3, endpoints: [{ name: 'GET /api/bills', slower: 0.06 }] };

function continued(restarts: number): DuetRecord {
  const record = exampleDuet({ ...wide, restarts });
  return {
    ...record,
    layout: { ...record.layout, mostRestarts: 58 },
    continued: [{ after: 26, startedAt }],
  };
}

describe('a duet that is continued', () => {
  it('goes on after 26 restarts, and looks at 34, 44 and 58', () => {
    const ended = judgeDuet(exampleDuet(wide), budgets(), null);
    assert.deepEqual([ended.verdict, ended.progress.state], ['inconclusive', 'over']);
    for (const [restarts, nextLook] of [
      [26, 34],
      [33, 34],
      [34, 44],
      [44, 58],
    ] as const) {
      assert.deepEqual(judgeDuet(continued(restarts), budgets(), null).progress, {
        state: 'goesOn',
        nextLook,
      });
    }
    assert.equal(judgeDuet(continued(58), budgets(), null).progress.state, 'over');
  });

  it('finds at the looks before what it found there', () => {
    const [before, beside] = [exampleDuet({ ...wide, restarts: 26 }), continued(26)].map(record =>
      judgeDuet(record, budgets(), null).findings.map(({ change, evidence }) => ({ change, evidence })),
    );
    assert.deepEqual(beside, before);
  });

  it('says the confidence that its bounds have over all looks so far', () => {
    const confidenceAt = (restarts: number) =>
      judgeDuet(continued(restarts), budgets(), null).findings[0]?.change?.interval?.confidence?.toFixed(2);
    assert.deepEqual([26, 34, 44, 58].map(confidenceAt), ['0.90', '0.88', '0.86', '0.84']);
  });

  it('says where it was continued, and what that may spend', () => {
    const note = judgeDuet(continued(40), budgets(), null).notes.find(({ kind }) => kind === 'continued');
    assert.equal(
      note && duetNote(note),
      'It was continued after 26; this is all of its restarts. The looks after 34, 44 and 58 were planned for that, ' +
        'with 0.15% of false alarms of their own, which the promise includes.',
    );
  });
});
