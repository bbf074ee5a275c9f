import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeRun } from '../../../src/judge/judge.ts';
import { exitCodeOf, worstExitCode } from '../../../src/model/judgement/exit-code.ts';
import { exitCodeOfRuns, type JudgedRun } from '../../../src/model/judgement/judged-run.ts';
import { type FirmVerdict, worstOf } from '../../../src/model/judgement/verdict.ts';
import type { Completion } from '../../../src/model/run/record.ts';
import { budget, budgets } from './budgets.ts';
import { constantRate, recordOf, type Sample } from './record-builder.ts';

const today = '2026-11-21';
const quick = constantRate(100, 10, () => 5);
const some = (outcome: Sample['outcome'], every: number) =>
  quick.map((sample, index) =>
    index % every === 0 ? { ...sample, ...(outcome ? { outcome } : {}) } : sample,
  );
const late = quick.map((sample, index) =>
  index % 3 === 0 ? { ...sample, lateMs: 60, responseMs: 65 } : sample,
);

describe('the verdict that stands of several', () => {
  const [firm, fail] = [true, false].map((firm): FirmVerdict => ({ verdict: 'fail', firm }));
  const [invalid, inconclusive, warn, pass] = (['invalid', 'inconclusive', 'warn', 'pass'] as const).map(
    (verdict): FirmVerdict => ({ verdict, firm: false }),
  );
  it('is the first of a firm fail, invalid, fail, inconclusive, warn, pass', () => {
    const order = [firm, invalid, fail, inconclusive, warn, pass].filter(one => one !== undefined);
    for (const [index, worst] of order.entries()) {
      assert.deepEqual(worstOf(order.slice(index).reverse()), worst);
    }
    assert.deepEqual(worstOf([]), pass);
  });
  it('is that of the findings of a run, firm or not', () => {
    const broken = judgeRun(recordOf(late), budgets(budget('p95', 1), budget('p75', 50)), today);
    assert.deepEqual(
      broken.findings.map(({ metric, status }) => [metric.name, status]),
      [
        ['p95', 'fail'],
        ['p75', 'invalid'],
        ['errorRate', 'pass'],
      ],
    );
    assert.deepEqual([broken.verdict, broken.firm], ['fail', true]);
    const doubtful = judgeRun(recordOf(some('status', 91)), budgets(budget('p95', 50)), today);
    assert.deepEqual([doubtful.verdict, doubtful.firm], ['fail', false]);
  });
});

describe('the findings of a run', () => {
  it('stand with the one first that is farthest over its limit, and passes last in their order', () => {
    const limits = [
      budget('p50', 100),
      budget('p95', 4),
      budget('p99', 1),
      budget('rps', 99_000),
      budget('max', 100),
      budget('errorRate', 0),
    ];
    const { findings } = judgeRun(recordOf(some('status', 50)), budgets(...limits), today);
    assert.deepEqual(
      findings.map(({ metric, status }) => [metric.name, status]),
      [
        ['errorRate', 'fail'],
        ['rps', 'fail'],
        ['p99', 'fail'],
        ['p95', 'fail'],
        ['p50', 'pass'],
        ['max', 'pass'],
      ],
    );
  });
  it('begin with what could be measured of what fails', () => {
    const silent = quick.map(sample => ({ ...sample, outcome: 'status' }) as const);
    const { findings } = judgeRun(recordOf(silent), budgets(budget('p95', 100)), today);
    assert.deepEqual(
      findings.map(({ metric, status, reason }) => [metric.name, status, reason.kind]),
      [
        ['errorRate', 'fail', 'overLimit'],
        ['p95', 'fail', 'noneMeasured'],
      ],
    );
  });
});

describe('the exit code of several runs', () => {
  const run = (samples: readonly Sample[], completion?: Completion): JudgedRun => {
    const record = recordOf(samples, completion ? { completion } : {});
    const judgement = judgeRun(record, budgets(budget('p75', 50)), today);
    return {
      record,
      judgement,
      exitCode: exitCodeOf(judgement.verdict, record.measurement.completion, 'warn'),
    };
  };
  const [firm, doubtful, invalid, pass] = [some('status', 2), some('status', 91), late, quick].map(one =>
    run(one),
  );
  const runs = (...all: readonly (JudgedRun | undefined)[]) => all.filter(one => one !== undefined);
  it('is that of a firm fail before what is no measurement, and of that before another fail', () => {
    assert.deepEqual(
      runs(firm, doubtful, invalid, pass).map(({ exitCode }) => exitCode),
      [1, 1, 3, 0],
    );
    assert.equal(exitCodeOfRuns(runs(pass, invalid, firm)), 1);
    assert.equal(exitCodeOfRuns(runs(pass, invalid, doubtful)), 3);
    assert.equal(exitCodeOfRuns(runs(pass, doubtful)), 1);
    assert.equal(exitCodeOfRuns(runs(pass, pass)), 0);
  });
  it('is that of an interrupt before all', () => {
    const interrupted = run(quick, { state: 'interrupted', signal: 'SIGTERM' });
    assert.equal(exitCodeOfRuns(runs(firm, interrupted, invalid)), 143);
  });
  it('is, of the codes alone, a fail before what is no measurement', () => {
    assert.equal(worstExitCode([0, 3, 1, 4]), 1);
    assert.equal(worstExitCode([1, 2]), 2);
    assert.equal(worstExitCode([0, 4, 3]), 3);
  });
});
