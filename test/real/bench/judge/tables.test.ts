import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { DuetLine } from '../../../../bench/judge/duet-line.ts';
import { unmeasuredDuet } from '../../../../bench/judge/duet-line.ts';
import { powerGoal } from '../../../../bench/judge/goals.ts';
import { givenTo } from '../../../../bench/judge/injected.ts';
import { spreadWithin } from '../../../../bench/judge/interleaving.ts';
import { appendLine } from '../../../../bench/judge/json-lines.ts';
import { judgeDigest } from '../../../../bench/judge/judge-digest.ts';

import { realTable } from '../../../../bench/judge/real-table.ts';
import { simulatedTables } from '../../../../bench/judge/simulated-tables.ts';
import {
  countOf,
  emptyTally,
  minutesAt,
  type Played,
  tallyOf,
  together,
} from '../../../../bench/judge/tally.ts';
import { changedEndpoint, workloads } from '../../../../bench/judge/workloads.ts';
import { terminalTable } from '../../../../bench/table.ts';
import { machine, madeRecording } from './made-recording.ts';

const unitLoadMs = 9_000;
const unchanged = emptyTally('one', { spread: 0.03, rule: { kind: 'none' } }, unitLoadMs);
const played = (outcome: Played['outcome'], restarts: number, more: Partial<Played> = {}): Played => ({
  ...{ outcome, restarts, isWrong: false, told: null, rules: [] },
  ...more,
});

describe('a tally', () => {
  const tally = tallyOf(unchanged, [
    played('passed', 10),
    played('passed', 13),
    played('inconclusive', 26),
    played('accused', 13, { isWrong: true, rules: ['Welch'] }),
  ]);

  it('counts outcomes within minutes of load', () => {
    assert.deepEqual([tally.duets, tally.wrong, tally.rules], [4, 1, { Welch: 1 }]);
    assert.deepEqual(
      [countOf(tally, ['passed']), countOf(tally, ['passed'], 1.5), countOf(tally, ['passed', 'accused'], 2)],
      [2, 1, 3],
    );
  });
  it('tells how long a share of the duets took', () => {
    assert.deepEqual(
      [0.25, 0.5, 0.75, 0.9].map(share => minutesAt(tally, share)),
      [1.5, 1.95, 1.95, 3.9],
    );
  });
  it('is the same whoever counts which part', () => {
    const parts = [played('passed', 10), played('passed', 13), played('accused', 13, { rules: ['Welch'] })];
    const [first, ...others] = parts.map(part => tallyOf(unchanged, [part]));
    assert.deepEqual(first && others.reduce(together, first), tallyOf(unchanged, parts));
  });
});

describe('the tables of a simulation', () => {
  const many = (count: number, one: Played) => Array.from({ length: count }, () => one);

  it('say whether the bound of false alarms is met', () => {
    const text = (accused: number) => {
      const all = [...many(accused, played('accused', 26)), ...many(3_000 - accused, played('passed', 13))];
      const [table] = simulatedTables([tallyOf(unchanged, all)], [])['false-alarms']?.tables ?? [];
      return table ? terminalTable(table) : '';
    };
    assert.match(text(0), /3,000 +0 +≤ 0\.0998% ✓/);
    assert.match(text(20), /≤ 0\.967% ✓/);
    assert.match(text(22), /≤ 1\.05% ✗/);
  });
  it('hold what was caught in time against the goal', () => {
    const slower = emptyTally('one', { spread: 0, rule: { kind: 'scale', factor: 0.25 } }, unitLoadMs);
    const all = [...many(98, played('caught', 13)), ...many(2, played('caught', 20))];
    const [table] = simulatedTables([tallyOf(slower, all)], []).power?.tables ?? [];
    assert.match(table ? terminalTable(table) : '', /≥ 99% in 2 min: 98% ✗/);
  });
  it('say where the first look comes after the minutes of the goal', () => {
    const slower = emptyTally('four', { spread: 0, rule: { kind: 'scale', factor: 0.25 } }, 18_000);
    const [table] = simulatedTables([tallyOf(slower, [played('caught', 10)])], []).power?.tables ?? [];
    const text = table ? terminalTable(table) : '';
    assert.match(text, /100% .*≥ 99% in 2 min: 0%, first look after 3 min ✗/);
  });
  it('say what the drawn restarts and the intervals rest on', () => {
    const { header, starts } = madeRecording();
    const scatter = { measured: { spread: 0.0412, error: 0.0065 }, drawn: 0.0433 };
    const recorded = [{ ...header, starts: starts.length, sessions: [144], scatter }];
    const [table] =
      simulatedTables([tallyOf(unchanged, [played('passed', 13)])], recorded)['false-alarms']?.tables ?? [];
    const text = table ? terminalTable(table) : '';
    assert.match(
      text,
      /4 starts\) has a standard deviation of 0\.0412 ± 0\.0065 .* drawn restarts, before any spread, 0\.0433/,
    );
    assert.match(text, /cover the drawing only.*4 starts in one session/);
  });
  it('promise nothing of 5%', () => {
    assert.equal(powerGoal('one', { kind: 'scale', factor: 0.05 }), null);
    assert.deepEqual(powerGoal('four', { kind: 'tail', factor: 0.1 }), { share: 0.7, minutes: 8 });
  });
});

describe('the table of real duets', async () => {
  const judge = await judgeDigest(workloads.one);
  const line = (more: Partial<DuetLine>): DuetLine => ({
    ...{ startedAt: '2026-11-21T12:00:00.000Z', machine, commit: 'f60a678524', judge },
    ...{ workload: 'one', rule: { kind: 'none' }, changed: changedEndpoint },
    given: givenTo(more.rule ?? { kind: 'none' }),
    ...{ end: 'decided', reason: null, verdict: 'pass', accused: [], moved: { p50: 0.001, p95: 0.002 } },
    ...{ restarts: 13, loadMinutes: 1.95, wallMinutes: 4 },
    ...more,
  });
  const tableOf = async (lines: readonly DuetLine[], said: string[] = []) => {
    const results = mkdtempSync(join(tmpdir(), 'plimsoll-duets-'));
    try {
      for (const each of lines) appendLine(join(results, 'duets.jsonl'), each);
      const [table] = (await realTable({ results, machine, say: text => said.push(text) }))?.tables ?? [];
      return table ? terminalTable(table) : null;
    } finally {
      rmSync(results, { recursive: true });
    }
  };
  const rule = { kind: 'tail', factor: 0.1 } as const;
  const failed = (endpoint: string, metric: string, p95 = 0.1) =>
    line({ rule, verdict: 'fail', accused: [{ endpoint, metric }], moved: { p50: -0.01, p95 } });

  it('is none where no duet was played', async () => {
    assert.equal(await tableOf([]), null);
  });
  it('counts all duets of this judge on like machines, and says what they show', async () => {
    const innocent = Array.from({ length: 12 }, () => line({}));
    const elsewhere = line({ machine: { ...machine, cpu: 'Another' }, verdict: 'fail' });
    const smaller = line({ machine: { ...machine, memoryMb: machine.memoryMb / 2 }, verdict: 'fail' });
    const byAnother = line({ judge: 'another', verdict: 'fail' });
    const asTheProxySees = line({ rule, given: rule, verdict: 'fail' });
    const said: string[] = [];
    const text = (await tableOf([...innocent, elsewhere, smaller, byAnother, asTheProxySees], said)) ?? '';
    assert.match(text, /one endpoint at 150\/s +none +\+0\.1%, \+0\.2% +12 +12 +– +0 +0 +12 /);
    assert.match(
      text,
      /0 of 12 duets accused, so ≤ 22\.1% at 95%, and 0 of the \d+ duets? that ran beside no other; 12 without an accusation alone show ≤ 22\.1%/,
    );
    assert.deepEqual(said, ['4 real duets of another judge, injection or machine not counted']);
  });
  it('says how many ran while another one did', async () => {
    const at = (time: string) => line({ startedAt: `2026-11-21T${time}:00.000Z` });
    assert.match((await tableOf([at('12:00'), at('12:04'), at('12:08')])) ?? '', /none .* 3 +0 +–/);
    assert.match((await tableOf([at('12:00'), at('12:03'), at('12:08')])) ?? '', /none .* 3 +2 +–/);
  });
  it('tells accusations of what did not change apart from what was caught', async () => {
    const text =
      (await tableOf([
        failed(changedEndpoint, 'p95', 0.08),
        failed(changedEndpoint, 'p50', 0.09),
        failed('GET /api/bills', 'p95'),
      ])) ?? '';
    assert.match(text, /\+10% on p95 alone +-1%, \+9% +3 +3 +1 +33\.3% \([\d.–]+\) +2 +0 +0 +0 +0 /);
  });
  it('counts duets that came to no end', async () => {
    const broken = line({ rule, end: 'broken', verdict: 'invalid', reason: 'head could not be measured' });
    const unmeasured = line({ rule, ...unmeasuredDuet('the command said nothing') });
    const text = (await tableOf([failed(changedEndpoint, 'p95'), broken, unmeasured])) ?? '';
    assert.match(text, /\+10% on p95 alone +-1%, \+10% +3 +2 +1 +33\.3% \([\d.–]+\) +0 +0 +0 +0 +2 +13 /);
  });
});

describe('the spread of rounds', () => {
  it('is about the mean of each session, with its standard error', () => {
    const found = spreadWithin([[1, 3], [11, 13], [7]]);
    assert.equal(found?.rounds, 5);
    assert.ok(Math.abs((found?.spread ?? 0) - Math.sqrt(2)) < 1e-12, String(found?.spread));
    assert.ok(Math.abs((found?.error ?? 0) - Math.sqrt(2) / 2) < 1e-12, String(found?.error));
  });
  it('is none of single rounds', () => {
    assert.equal(spreadWithin([[1], [2]]), null);
  });
});
