import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseMetric } from '../../../src/analysis/metrics/table.ts';
import type { FindingReason } from '../../../src/model/judgement/finding-reason.ts';
import { findingReason, type ReasonedFinding } from '../../../src/report/words/reasons/finding-reason.ts';

const metric = (name: string) => {
  const found = parseMetric(name);
  if (!found) throw new Error(`no metric ${name}`);
  return found;
};
const evidence = { samples: 2_000, effectiveSamples: 2_000, designEffect: 1 };
const bursts = { samples: 600, effectiveSamples: 100, designEffect: 6 };
const few = { samples: 50, effectiveSamples: 50, designEffect: 1 };

const usual: Omit<ReasonedFinding, 'reason'> = {
  scope: { kind: 'total' },
  metric: metric('p95'),
  observed: { value: 83.2, atLeast: false },
  limit: 100,
  warn: null,
  interval: { low: 81.4, high: 85.9, confidence: 0.95 },
  firm: true,
  evidence,
};
const rps: typeof usual = {
  ...usual,
  metric: metric('rps'),
  observed: { value: 199.6, atLeast: false },
  limit: 150,
  interval: { low: 195, high: 204, confidence: 0.95 },
};
const hung: typeof usual = {
  ...usual,
  metric: metric('p99'),
  observed: { value: 10_000, atLeast: true },
  limit: 1_000,
  interval: { low: 9_600, high: null, confidence: 0.95 },
};
const unseen: typeof usual = {
  ...usual,
  metric: metric('p99'),
  observed: null,
  interval: null,
  evidence: few,
};
const rare: typeof usual = { ...unseen, scope: { kind: 'endpoint', endpoint: 'GET /rare' } };
const over: FindingReason = { kind: 'overLimit', ends: null };
const waiver = { until: '2026-11-21', reason: 'the index lands next week' };
const slow: typeof usual = { ...usual, limit: 70 };

const sentences: readonly (readonly [
  finding: Omit<ReasonedFinding, 'reason'>,
  FindingReason,
  sentence: string,
])[] = [
  [
    usual,
    { kind: 'withinLimit' },
    'p95 was 83.2 ms, within the limit of 100 ms (95% interval 81.4–85.9 ms, 2,000 samples)',
  ],
  [
    { ...usual, firm: false, evidence: bursts, interval: { low: 81.4, high: null, confidence: 0.95 } },
    { kind: 'withinLimit' },
    'p95 was 83.2 ms, within the limit of 100 ms (95% interval ≥ 81.4 ms, so not firm, 600 samples, worth 100 independent ones)',
  ],
  [
    { ...usual, interval: null },
    { kind: 'withinLimit' },
    'p95 was 83.2 ms, within the limit of 100 ms (2,000 samples)',
  ],
  [
    { ...usual, interval: { low: null, high: null, confidence: 0.95 } },
    { kind: 'withinLimit' },
    'p95 was 83.2 ms, within the limit of 100 ms (95% interval open on both sides, 2,000 samples)',
  ],
  [
    rps,
    { kind: 'withinLimit' },
    'rps was 200/s, above the floor of 150/s (95% interval 195–204/s, 2,000 samples)',
  ],
  [
    { ...usual, warn: 70 },
    { kind: 'pastWarning' },
    'p95 was 83.2 ms, within the limit of 100 ms but past the warning at 70 ms (95% interval 81.4–85.9 ms, 2,000 samples)',
  ],
  [slow, over, 'p95 was 83.2 ms, over the limit of 70 ms (95% interval 81.4–85.9 ms, 2,000 samples)'],
  [
    { ...usual, observed: { value: 100.02, atLeast: false } },
    over,
    'p95 was 100.02 ms, over the limit of 100 ms (95% interval 81.4–85.9 ms, 2,000 samples)',
  ],
  [
    { ...rps, limit: 250 },
    over,
    'rps was 200/s, under the floor of 250/s (95% interval 195–204/s, 2,000 samples)',
  ],
  [
    hung,
    { kind: 'overLimit', ends: { failed: { timeout: 40 }, unfinished: 3 } },
    'p99 was at least 10 s, over the limit of 1 s: 40 timed out, 3 unfinished (95% interval ≥ 9.6 s, 2,000 samples)',
  ],
  [
    { ...unseen, evidence: few },
    {
      kind: 'tooManyOver',
      over: 50,
      allowed: 1 - 0.99,
      share: { low: 0.929, high: 1, confidence: 0.95 },
    },
    '50 of 50 samples took longer than 100 ms, where p99 allows 1% (95% interval 92.9–100%)',
  ],
  [
    rare,
    { kind: 'noneMeasured', ends: { failed: { closed: 2, refused: 1_000, dns: 0 }, unfinished: 0 } },
    'no request could be measured for p99: 1,000 refused, 2 closed without a whole answer',
  ],
  [
    rare,
    { kind: 'journeysEndedEarly', journeys: 2_000 },
    'no request of GET /rare was due in the measured time: 2,000 journeys ended early for want of a captured value',
  ],
  [
    { ...rare, scope: { kind: 'stage', stage: 2 } },
    { kind: 'noneDue' },
    'no data: no request of stage 2 was due in the measured time',
  ],
  [
    unseen,
    { kind: 'unseen', needed: 367.8, seconds: 10 },
    'no p99 was seen, as 50 samples are too few: about 368 would settle it, so measure for about 1 min 14 s at this rate',
  ],
  [
    { ...usual, evidence: few },
    { kind: 'tooFewSamples', needed: 71.9, seconds: 10 },
    'p95 was 83.2 ms, within the limit of 100 ms, but 50 samples are too few: about 72 would settle it, so measure for about 15 s at this rate',
  ],
  [
    { ...usual, evidence: bursts },
    { kind: 'tooFewSamples', needed: 200, seconds: 3_600 },
    'p95 was 83.2 ms, within the limit of 100 ms, but 600 samples are too few: about 1,200, as they come in bursts, would settle it, so measure for about 2 h at this rate',
  ],
  [
    { ...usual, evidence: { samples: 1, effectiveSamples: 1, designEffect: 1 } },
    { kind: 'tooFewSamples', needed: 367.8, seconds: 2 },
    'p95 was 83.2 ms, within the limit of 100 ms, but 1 sample is too few: about 368 would settle it, so measure for longer',
  ],
  [
    { ...usual, interval: null },
    { kind: 'tooShort' },
    'p95 was 83.2 ms, within the limit of 100 ms, but the run is too short for an interval: measure for some seconds',
  ],
  [
    { ...usual, observed: { value: 4, atLeast: true } },
    { kind: 'mayBeMore', ends: { failed: {}, unfinished: 110 } },
    'p95 was at least 4 ms, within the limit of 100 ms, but it may be any more: 110 unfinished',
  ],
  [
    slow,
    { kind: 'waived', waiver, failed: { kind: 'overLimit', ends: null } },
    'p95 was 83.2 ms, over the limit of 70 ms (95% interval 81.4–85.9 ms, 2,000 samples); waived until 2026-11-21: the index lands next week',
  ],
  [
    slow,
    { kind: 'waiverExpired', waiver, failed: { kind: 'overLimit', ends: null } },
    'p95 was 83.2 ms, over the limit of 70 ms (95% interval 81.4–85.9 ms, 2,000 samples); its waiver expired on 2026-11-21 (the index lands next week)',
  ],
];

describe('the reason of a finding', () => {
  for (const [finding, reason, sentence] of sentences) {
    it(`reads: ${sentence}`, () => {
      assert.equal(findingReason({ ...finding, reason }), sentence);
    });
  }
});
