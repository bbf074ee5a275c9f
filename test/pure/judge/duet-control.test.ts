import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import { duetSummaryOf } from '../../../src/report/summary/duet-summary.ts';
import { controlSentence } from '../../../src/report/words/duet-control.ts';
import { exampleDuet, judgedDuet } from '../../fixtures/duet.ts';
import { budgets } from './budgets.ts';

const name = 'GET /api/bills';
const even = [{ name }];
const uneven = [{ name, slower: 0.15 }];

const textOf = (example: Parameters<typeof exampleDuet>[0]) => {
  const { control } = judgeDuet(exampleDuet(example), budgets(), null);
  return control === null ? '' : controlSentence(control, 'restart');
};

describe('the control of a duet, base against itself', () => {
  it('finds nothing in even halves, also where head is twice as slow', () => {
    const judgement = judgeDuet(
      exampleDuet({ restarts: 13, endpoints: [{ name, slower: 1 }], control: even }),
      budgets(),
      null,
    );
    assert.equal(judgement.verdict, 'fail');
    const found = judgement.control?.findings.map(({ metric, evidence }) => [
      metric.name,
      evidence.established,
    ]);
    assert.deepEqual(found, [
      ['p50', false],
      ['p95', false],
      ['errorRate', false],
    ]);
    assert.match(
      textOf({ restarts: 13, control: even }) ?? '',
      /finds nothing; the greatest change is p\d\d of/,
    );
  });

  it('says so where halves differ, and decides nothing', () => {
    const alone = judgeDuet(exampleDuet({ restarts: 13 }), budgets(), null);
    const beside = judgeDuet(exampleDuet({ restarts: 13, control: uneven }), budgets(), null);
    assert.equal(beside.control?.findings.filter(({ evidence }) => evidence.established).length, 2);
    assert.deepEqual({ ...beside, control: null }, alone, 'the same judgement with and without it');
    assert.match(
      textOf({ restarts: 13, control: uneven }) ?? '',
      /a difference where there is none, in p50 of GET/,
    );
  });

  it('looks at as many restarts as the duet does', () => {
    const { control } = judgeDuet(exampleDuet({ restarts: 16, control: even }), budgets(), null);
    assert.equal(control?.restarts, 13);
  });

  it('is not known before the first look, nor where a restart does not hold it', () => {
    assert.equal(judgeDuet(exampleDuet({ restarts: 9, control: even }), budgets(), null).control, null);
    const record = exampleDuet({ restarts: 13, control: even });
    const older = {
      ...record,
      restarts: record.restarts.map((restart, index) =>
        index === 4 ? { ...restart, control: undefined } : restart,
      ),
    };
    assert.equal(judgeDuet(older, budgets(), null).control, null);
    assert.equal(duetSummaryOf(judgedDuet(older)).control, null);
  });

  it('stands in the summary with its changes', () => {
    const { control } = duetSummaryOf(judgedDuet(exampleDuet({ restarts: 13, control: even })));
    assert.deepEqual(
      control?.findings.map(({ metric, established }) => [metric, established]),
      [
        ['p50', false],
        ['p95', false],
        ['errorRate', false],
      ],
    );
    assert.ok((control?.findings[0]?.changeInterval?.high ?? 0) > 0, 'an upper end of the interval');
  });
});
