import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeRun } from '../../../src/judge/judge.ts';
import type { Finding } from '../../../src/model/judgement/verdict.ts';
import { normal } from '../stats/simulation.ts';
import { budget, budgets } from './budgets.ts';
import { constantRate, recordOf } from './record-builder.ts';

/** The median of the simulated times is 20 ms, and z 0.5 the spread of their logarithm. */
const quantile = (z: number) => 20 * Math.exp(0.5 * z);
const p95 = quantile(1.6448536);

/** The finding on p95 of a simulated run of independent times, 100 a second for 20 s. */
function simulated(seed: number, limitMs: number): Finding {
  const samples = constantRate(100, 20, index => quantile(normal(seed, 1, index)));
  const record = recordOf(samples, { stagesMs: [20_000], blocks: 20 });
  const { findings } = judgeRun(record, budgets(budget('p95', limitMs)), '2026-11-21');
  const finding = findings.find(({ metric }) => metric.name === 'p95');
  assert.ok(finding, 'there is no finding on errorRate');
  return finding;
}

describe('the error rates of the judge', () => {
  it('ten runs of the same target never fail a limit 15 % above its p95', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { status, reason } = simulated(seed, p95 * 1.15);
      assert.equal(status, 'pass', reason.kind);
    }
  });

  it('ten runs always fail a limit 15 % below it', () => {
    for (let seed = 11; seed <= 20; seed += 1) assert.equal(simulated(seed, p95 / 1.15).status, 'fail');
  });

  it('with the limit exactly at the truth, no more than 5 % of runs are firmly on either side', () => {
    const trials = 200;
    let firm = 0;
    let failed = 0;
    for (let seed = 1; seed <= trials; seed += 1) {
      const finding = simulated(1_000 + seed, p95);
      if (finding.firm) firm += 1;
      if (finding.status === 'fail') failed += 1;
    }
    // 5 % and three standard errors of 200 trials; the point estimate falls on either side about equally.
    assert.ok(firm / trials <= 0.05 + 0.046, `${firm} of ${trials} are firm`);
    assert.ok(failed / trials > 0.35 && failed / trials < 0.65, `${failed} of ${trials} fail`);
  });
});
