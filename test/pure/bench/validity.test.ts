import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latenessTable, type SpoiltRun, verdictTable } from '../../../bench/sections/validity-tables.ts';

const run = (more: Partial<SpoiltRun>): SpoiltRun => ({
  ...{ machine: 'quiet', server: '5 ms', exitCode: 0, requests: 200 },
  ...{ late: { 50: 0, 100: 0 }, othersShare: 0.5 },
  ...{ without: { verdict: 'pass', holds: true }, with: { verdict: 'pass', holds: true } },
  ...more,
});
const method = { count: 2, seconds: 2, rate: 100, limitMs: 100 };

describe('the table of verdicts on busy machines', () => {
  it('counts the verdicts of a machine and a server, with and without budgets', () => {
    const { rows } = verdictTable(
      [
        run({}),
        run({ exitCode: 3, without: { verdict: 'invalid', holds: true } }),
        run({ server: '150 ms', with: { verdict: 'fail', holds: false } }),
      ],
      method,
    );
    assert.deepEqual(rows, [
      ['quiet', '5 ms', 'without', 'holds', '1', '–', '–', '–', '1', '–', '0: 1, 3: 1'],
      ['quiet', '5 ms', 'with', 'holds', '2', '–', '–', '–', '–', '–', ''],
      ['quiet', '150 ms', 'without', 'holds', '1', '–', '–', '–', '–', '–', '0: 1'],
      ['quiet', '150 ms', 'with', 'breaks', '–', '–', '–', '1', '–', '–', ''],
    ]);
  });

  it('calls wrong what fails without a cause, and what passes in spite of one', () => {
    const { rows } = verdictTable(
      [
        run({ with: { verdict: 'fail', holds: true } }),
        run({ with: { verdict: 'pass', holds: false } }),
        run({ with: { verdict: 'invalid', holds: false } }),
      ],
      method,
    );
    assert.deepEqual(rows[1], ['quiet', '5 ms', 'with', 'breaks in 2', '1', '–', '–', '1', '1', '2', '']);
  });
});

describe('the table of lateness on busy machines', () => {
  it('adds up what was late, and counts the runs that a bound makes invalid', () => {
    const { rows } = latenessTable(
      [run({ late: { 50: 30, 100: 15 } }), run({ late: { 50: 2, 100: 0 }, othersShare: 0.9 })],
      method,
    );
    assert.deepEqual(rows, [['quiet', '70%', '400', '8%', '15%', '3.8%', '7.5%', '1', '1', '1', '–']]);
  });
});
