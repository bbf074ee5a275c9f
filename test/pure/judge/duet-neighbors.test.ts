import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import type { DuetRecord } from '../../../src/model/duet/duet.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { budgets } from './budgets.ts';

/** A duet in which head is slower by so much in each of its restarts. */
function slowerBy(logs: readonly number[]): DuetRecord {
  const record = exampleDuet({ restarts: logs.length, spread: 0.001 });
  return {
    ...record,
    restarts: record.restarts.map((restart, index) => ({
      ...restart,
      endpoints: restart.endpoints.map(({ endpoint, base, head }) => {
        const of = (timeUs: number | null) => (timeUs === null ? null : timeUs * Math.exp(logs[index] ?? 0));
        return {
          endpoint,
          base,
          head: { ...head, p50Us: of(head.p50Us), p95Us: of(head.p95Us), p99Us: of(head.p99Us) },
        };
      }),
    })),
  };
}

/** The same ten values: slowly swinging, and in an order in which none tells of the next. */
const swinging = [0.01, 0.03, 0.09, 0.17, 0.25, 0.28, 0.22, 0.13, 0.05, 0.02];
const mixed = [0.25, 0.02, 0.13, 0.28, 0.01, 0.09, 0.22, 0.03, 0.17, 0.05];

const judged = (logs: readonly number[]) => judgeDuet(slowerBy(logs), budgets(), null);

describe('a duet whose restarts resemble the ones before', () => {
  it('does not fail of what independent restarts would establish, and says by how much they correlate', () => {
    const [alike, independent] = [judged(swinging), judged(mixed)];
    const p50 = (judgement: typeof alike) => judgement.findings.find(({ metric }) => metric.name === 'p50');
    assert.equal(p50(independent)?.status, 'fail');
    assert.equal(p50(alike)?.status, 'inconclusive');
    const reason = p50(alike)?.reason;
    assert.ok(reason?.kind === 'alike', JSON.stringify(reason));
    assert.ok(reason.correlation > 0.6, `${reason.correlation}`);
    assert.equal(reason.nextLook, 13, 'more restarts may tell');
    const note = alike.notes.find(({ kind }) => kind === 'neighbors');
    assert.ok(note?.kind === 'neighbors' && note.isClear, JSON.stringify(note));
    const other = independent.notes.find(({ kind }) => kind === 'neighbors');
    assert.ok(other?.kind === 'neighbors' && !other.isClear, JSON.stringify(other));
  });

  it('fails of a change that is clear of the wider error', () => {
    const far = judged(swinging.map(log => log / 5 + 0.3));
    assert.equal(far.verdict, 'fail');
    assert.ok(
      far.notes.some(note => note.kind === 'neighbors' && note.isClear),
      'a note says that they correlate',
    );
  });

  it('says what the promise rests on: how many builds ran, and in drawn folders', () => {
    const record = slowerBy(mixed);
    const looks = (of: DuetRecord) =>
      judgeDuet(of, budgets(), null).notes.find(({ kind }) => kind === 'looks');
    const rebuilt = record.restarts.map((restart, index) => ({
      ...restart,
      builds: { base: (index % 3) + 1, head: 1 },
    }));
    const { restarts } = record;
    const kept = restarts.map(({ firstFolder: _folder, builds: _builds, ...restart }) => restart);
    const builds = [restarts, rebuilt, kept].map(of => {
      const note = looks({ ...record, restarts: of });
      return note?.kind === 'looks' ? note.builds : 'none';
    });
    assert.deepEqual(builds, [1, 3, null]);
  });
});
