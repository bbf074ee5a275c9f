import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeRun } from '../../../src/judge/judge.ts';
import { isRepeatable } from '../../../src/judge/validity/repeatable.ts';
import { budget, budgets } from './budgets.ts';
import { constantRate, type RunShape, recordOf, type Sample } from './record-builder.ts';

const plain = constantRate(200, 10, () => 5);
const late = plain.map((_, index) => (index % 2 === 0 ? 400 : 0.1));

function repeatable(samples: readonly Sample[], shape: RunShape = {}, limitMs = 100): boolean {
  const record = recordOf(samples, shape);
  const judgement = judgeRun(
    record,
    budgets(budget('p95', limitMs), budget('errorRate', 0.01)),
    '2026-11-21',
  );
  return isRepeatable({ record, judgement });
}

describe('a run is worth another attempt', () => {
  it('where the generator was late, lacked something, or lost a worker', () => {
    assert.equal(repeatable(plain, { lagMs: late }), true);
    assert.equal(repeatable(plain, { generator: { exhausted: { EMFILE: 3 } } }), true);
    assert.equal(repeatable(plain, { completion: { state: 'workerDied', reason: 'gone' } }), true);
  });

  it('where nothing but its lateness broke a limit', () => {
    const some = plain.map((sample, index) =>
      index % 12 === 0 ? { ...sample, lateMs: 60, responseMs: 65 } : sample,
    );
    assert.equal(repeatable(some, {}, 50), true);
  });

  it('not where it is a measurement, whatever that says', () => {
    assert.equal(repeatable(plain), false);
    assert.equal(repeatable(plain, {}, 1), false);
  });

  it('not where anything failed, so that no failure is measured away', () => {
    const failing = plain.map((sample, index) =>
      index % 5 === 0 ? ({ ...sample, outcome: 'status' } as Sample) : sample,
    );
    assert.equal(repeatable(failing, { lagMs: late }), false);
  });

  it('not where the target never answered, nothing was due, or somebody interrupted it', () => {
    const silent = plain.map(sample => ({ ...sample, outcome: 'refused' }) as Sample);
    assert.equal(repeatable(silent), false);
    assert.equal(repeatable(silent, { completion: { state: 'neverAnswered', afterMs: 12_000 } }), false);
    assert.equal(repeatable([]), false);
    const interrupted = { completion: { state: 'interrupted', signal: 'SIGINT' }, lagMs: late } as const;
    assert.equal(repeatable(plain, interrupted), false);
  });

  it('not where its pool is too small, which it will be again', () => {
    const slow = constantRate(200, 10, () => 45);
    assert.equal(repeatable(slow, { connections: { max: 10, queued: 900 } }), false);
  });
});
