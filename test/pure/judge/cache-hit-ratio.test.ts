import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeDuet } from '../../../src/judge/duet/judge.ts';
import { judgeRun } from '../../../src/judge/judge.ts';
import { regressionsIn } from '../../../src/model/judgement/regression.ts';
import type { RunRecord } from '../../../src/model/run/record.ts';
import { duetSentence } from '../../../src/report/words/duet-sentence.ts';
import { spoken } from '../../../src/report/words/inline.ts';
import { duetReason } from '../../../src/report/words/reasons/duet-reason.ts';
import { findingReason } from '../../../src/report/words/reasons/finding-reason.ts';
import { regressionReason } from '../../../src/report/words/reasons/regression-reason.ts';
import { exampleDuet } from '../../fixtures/duet.ts';
import { budget, budgets } from './budgets.ts';
import { compared, runOf } from './earlier-runs.ts';
import { recordOf } from './record-builder.ts';

const today = '2026-11-21';
const run = (share: number, seed = 1) =>
  runOf({ medianMs: 20, seed, cached: index => (index * 7_919) % 100 < share * 100 });
const statuses = (comparison: ReturnType<typeof compared>) =>
  Object.fromEntries(regressionsIn(comparison).map(({ metric, status }) => [metric.name, status]));
const ofCache = (record: RunRecord, limit: number) =>
  judgeRun(record, budgets(budget('cacheHitRatio', limit)), today).findings.find(
    ({ metric }) => metric.name === 'cacheHitRatio',
  );

describe('a budget on the cache hit ratio', () => {
  it('is a floor that holds or breaks with a binomial interval', () => {
    const findings = [0.5, 0.65, 0.8].map(limit => ofCache(run(0.65), limit));
    assert.deepEqual(
      findings.map(finding => [finding?.status, finding?.firm]),
      [
        ['pass', true],
        ['pass', false],
        ['fail', true],
      ],
    );
    const [, , broken] = findings;
    const { low, high } = broken?.interval ?? { low: null, high: null };
    assert.ok(low !== null && low > 0.6 && low < 0.65, `from ${low}`);
    assert.ok(high !== null && high > 0.65 && high < 0.7, `to ${high}`);
    assert.match(
      broken ? findingReason(broken) : '',
      /^cacheHitRatio was 65%, under the floor of 80% \(95% interval 62–68%, 1,000 samples\)$/,
    );
  });

  it('rests on fewer independent samples where hits come together', () => {
    const clustered = runOf({ medianMs: 20, seed: 1, cached: index => Math.floor(index / 250) % 2 === 0 });
    const finding = ofCache(clustered, 0.4);
    assert.ok((finding?.evidence.designEffect ?? 1) > 10, `${finding?.evidence.designEffect}`);
    assert.equal(finding?.firm, false);
  });

  it('counts expected answers that say nothing as misses, and failures not at all', () => {
    const samples = Array.from({ length: 1_000 }, (_, index) => {
      const sample = { dueMs: index * 10, responseMs: 5 };
      if (index % 10 === 0) return { ...sample, outcome: 'status' as const };
      return index % 2 === 0 ? { ...sample, cached: true } : sample;
    });
    const finding = ofCache(recordOf(samples), 0.4);
    assert.equal(finding?.observed?.value, 400 / 900);
    assert.equal(finding?.evidence.samples, 900);
  });

  it('is no measurement where no answer says anything of a cache', () => {
    const silent = recordOf([
      { dueMs: 1, responseMs: 5 },
      { dueMs: 2, responseMs: 5, outcome: 'status', cached: true },
    ]);
    const finding = ofCache(silent, 0.4);
    assert.equal(finding?.status, 'invalid');
    assert.match(
      finding ? findingReason(finding) : '',
      /^no data: none of 1 expected answer tells its cache hit ratio; see `cache`/,
    );
  });
});

describe('the cache hit ratio of two runs', () => {
  it('is compared where both have it, and may accuse', () => {
    const comparison = compared(run(0.4, 2), [run(0.65)]);
    assert.deepEqual(statuses(comparison), {
      p50: 'pass',
      p95: 'pass',
      p99: 'pass',
      errorRate: 'pass',
      cacheHitRatio: 'fail',
    });
    const fall = regressionsIn(comparison).find(({ metric }) => metric.name === 'cacheHitRatio');
    assert.equal(fall?.required, false);
    assert.equal(fall?.confounded, false);
    assert.match(
      fall ? regressionReason(fall) : '',
      /^cache hit ratio fell from 65% to 40% \(−25 pp, 95% interval −29\.\d pp to −20\.\d pp\): 250 cache hits fewer than the baseline's rate gives$/,
    );
  });

  it('passes where it rose, warns of a fall within the tolerance, and does not disturb the times', () => {
    assert.equal(statuses(compared(run(0.9, 2), [run(0.65)])).cacheHitRatio, 'pass');
    const long = (share: number, seed: number) =>
      runOf({ medianMs: 20, seed, perSecond: 2_000, cached: index => (index * 7_919) % 100 < share * 100 });
    assert.equal(statuses(compared(long(0.97, 2), [long(1, 1)])).cacheHitRatio, 'warn');
  });

  it('is left out where one of them does not have it', () => {
    const without = runOf({ medianMs: 20, seed: 1 });
    assert.equal('cacheHitRatio' in statuses(compared(run(0.4, 2), [without])), false);
    assert.equal('cacheHitRatio' in statuses(compared(without, [run(0.4, 2)])), false);
  });
});

describe('the cache hit ratio of a duet', () => {
  const name = 'GET /api/bills';
  const hits = (of400: number) => (restart: number) => of400 + (restart % 3);
  const duet = (base: number, head: number) =>
    exampleDuet({
      restarts: 13,
      spread: 0.01,
      endpoints: [{ name, cacheHits: { base: hits(base), head: hits(head) } }],
    });
  const cell = (record: ReturnType<typeof duet>, policy = budgets()) => {
    const judgement = judgeDuet(record, policy, null);
    return { judgement, found: judgement.findings.find(({ metric }) => metric.name === 'cacheHitRatio') };
  };

  it('is a cell that fails where it fell', () => {
    const record = duet(260, 160);
    const { judgement, found } = cell(record);
    assert.equal(found?.status, 'fail');
    assert.ok(Math.abs((found?.change?.value ?? 0) + 0.25) < 0.01, `${found?.change?.value}`);
    const { low, high } = found?.change?.interval ?? {};
    assert.ok((low ?? 0) <= (high ?? -1) && (high ?? 0) < -0.2, `${low} to ${high}`);
    assert.match(
      found ? duetReason(found) : '',
      /^cache hit ratio fell from 65\.\d% to 40\.\d% .* established by 13 restarts/,
    );
    assert.equal(judgement.verdict, 'fail');
    assert.match(
      spoken(duetSentence({ record, judgement, exitCode: 1 })),
      /GET \/api\/bills has a 25 pp lower cache hit ratio \(65\.\d% → 40\.\d%\)/,
    );
  });

  it('passes where it stayed or rose, and is required where a budget asks', () => {
    assert.deepEqual(
      [cell(duet(260, 260)).found?.status, cell(duet(260, 260)).found?.required],
      ['pass', false],
    );
    assert.equal(cell(duet(160, 260)).found?.status, 'pass');
    const asked = cell(duet(260, 260), budgets(budget('cacheHitRatio', 0.5)));
    assert.equal(asked.found?.required, true);
  });

  it('is none where the scenario does not ask', () => {
    const { found } = cell(exampleDuet({ restarts: 13, endpoints: [{ name }] }));
    assert.equal(found, undefined);
  });
});
