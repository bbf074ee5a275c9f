import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ComparisonNote } from '../../../src/model/judgement/comparison-note.ts';
import type { Refusal, RegressionReason } from '../../../src/model/judgement/regression-reason.ts';
import { comparisonNote } from '../../../src/report/words/reasons/comparison-note.ts';
import { refusalText } from '../../../src/report/words/reasons/refusal.ts';
import {
  type ReasonedRegression,
  regressionReason,
} from '../../../src/report/words/reasons/regression-reason.ts';
import { metricNamed } from '../../fixtures/metric.ts';

type Subject = Omit<ReasonedRegression, 'reason'>;

const slower: Subject = {
  metric: metricNamed('p95'),
  baseline: { value: 12, atLeast: false },
  observed: { value: 16, atLeast: false },
  change: { kind: 'relative', value: 1 / 3, interval: { low: 0.25, high: 0.41, confidence: 0.95 } },
  firm: true,
  confounded: false,
};
const rose = 'p95 rose from 12 ms to 16 ms (+33.3%, 95% interval +25% to +41%)';
const hung: Subject = {
  ...slower,
  observed: { value: 10_000, atLeast: true },
  change: { kind: 'relative', value: 832, interval: { low: 800, high: null, confidence: 0.95 } },
};
const moreErrors: Subject = {
  ...slower,
  metric: metricNamed('errorRate'),
  baseline: { value: 0, atLeast: false },
  observed: { value: 0.04, atLeast: false },
  change: {
    kind: 'difference',
    value: 0.04,
    interval: { low: 0.028, high: 0.054, confidence: 0.95 },
  },
};
const fails = 'error rate rose from 0% to 4% (+4 pp, 95% interval +2.8 pp to +5.4 pp)';
const thin: Subject = { ...slower, change: null, firm: false };
const bar = { tolerance: 0.25, floorMs: 2 };
const prediction = {
  runs: 10,
  bound: 14.2,
  chance: 0.0025,
  spread: 0.02,
  detectable: 0.08,
  power: 0.8,
};
const predicted = '10 earlier runs predict at most 14.2 ms, which one of 400 unchanged runs exceeds';
const tolerance = 0.1;

const reasons: readonly (readonly [Subject, RegressionReason, sentence: string])[] = [
  [
    { ...slower, firm: false },
    {
      kind: 'brokenByLateness',
      late: 120,
      onTime: { value: 12.4, atLeast: false },
      cause: { kind: 'others', share: 0.93, withTarget: false },
      broken: { kind: 'pastBar', bar, doubts: [] },
    },
    `${rose}, past the bar of +25% and 2 ms, but it is 12.4 ms without the delay of the generator itself, which sent 120 requests more than 1 ms late, since other processes used 93% of the machine: stop them, or send the load from another machine`,
  ],
  [slower, { kind: 'withinBar', bar }, `${rose}, within the bar of +25% and 2 ms`],
  [
    { ...slower, firm: false, confounded: true },
    { kind: 'withinBar', bar },
    `${rose}, within the bar of +25% and 2 ms, not firmly; the error rates differ too, so these are the times of other requests`,
  ],
  [slower, { kind: 'pastBar', bar, doubts: [] }, `${rose}, past the bar of +25% and 2 ms`],
  [
    slower,
    {
      kind: 'pastBar',
      bar,
      doubts: [{ kind: 'notClear' }, { kind: 'unlike' }, { kind: 'othersAlike', count: 2, of: 5 }],
    },
    `${rose}, past the bar of +25% and 2 ms, but the interval reaches within it, and another machine or workload alone can do that, and 2 of the 5 other stored runs came near`,
  ],
  [
    slower,
    { kind: 'pastBar', bar, doubts: [{ kind: 'othersAlike', count: 1, of: 1 }] },
    `${rose}, past the bar of +25% and 2 ms, but the other stored run came near`,
  ],
  [slower, { kind: 'pastPrediction', prediction }, `${rose}; ${predicted}`],
  [
    slower,
    { kind: 'tolerated', prediction, tolerance: 0.5 },
    `${rose}, surely less than the tolerance of +50%; ${predicted}`,
  ],
  [
    { ...slower, observed: { value: 9, atLeast: false }, change: null },
    { kind: 'improved', prediction },
    `p95 fell from 12 ms to 9 ms; ${predicted}`,
  ],
  [
    { ...slower, observed: { value: 12, atLeast: false }, change: null },
    { kind: 'withinPrediction', prediction },
    `p95 stayed at 12 ms; ${predicted}; a change of +8% would be seen`,
  ],
  [
    { ...slower, firm: false },
    { kind: 'byFewerRuns', prediction, tolerance, bar },
    `${rose}, within the bar of +25% and 2 ms, not firmly: it may be more than the tolerance of +10%; ${predicted}`,
  ],
  [
    { ...slower, firm: false },
    {
      kind: 'pastBar',
      bar,
      doubts: [
        { kind: 'differ', of: 'runs', count: 10, bound: 18 },
        { kind: 'differ', of: 'starts', count: 20, bound: 17.5 },
      ],
    },
    `${rose}, past the bar of +25% and 2 ms, but 10 stored runs differ so much that unchanged code may take up to 18 ms, and 20 calibrated starts of one build differ so much that unchanged code may take up to 17.5 ms`,
  ],
  [
    hung,
    { kind: 'mayBeMore' },
    'p95 rose from 12 ms to at least 10 s (+83,200%, 95% interval ≥ +80,000%), but it may be any more: requests timed out',
  ],
  [
    moreErrors,
    { kind: 'worseShare', more: 40, doubts: [] },
    `${fails}: 40 errors more than the baseline's rate gives`,
  ],
  [
    moreErrors,
    {
      kind: 'worseShare',
      more: 40,
      doubts: [{ kind: 'unlike' }, { kind: 'othersAlike', count: 1, of: 1 }],
    },
    `${fails}: 40 errors more than the baseline's rate gives, but the baseline comes from another machine or workload, and the other stored run had as many`,
  ],
  [moreErrors, { kind: 'shareHeld' }, fails],
  [
    moreErrors,
    { kind: 'mayBeChance', why: 'together' },
    `${fails}, which may be chance, as the errors came together: measure for longer`,
  ],
  [
    moreErrors,
    { kind: 'mayBeChance', why: 'runsDiffer' },
    `${fails}, which may be chance, as far as the stored runs differ among themselves: a duet tells more`,
  ],
  [
    moreErrors,
    { kind: 'mayBeChance', why: 'few' },
    `${fails}, which may be chance with so few errors: measure for longer`,
  ],
  [
    moreErrors,
    {
      kind: 'tooFewRequests',
      which: 'run',
      requests: 200,
      needed: 381,
      change: 0.01,
      seconds: 20,
    },
    `${fails}; this run has only 200 requests, and an increase of +1 pp is told from 381 on: measure for about 39 s at this rate`,
  ],
  [
    thin,
    { kind: 'tooFewSamples', which: 'baseline', samples: 80, needed: 100, seconds: 20 },
    'the baseline has only 80 samples, and p95 is compared from 100 on: measure for about 25 s at this rate',
  ],
  [thin, { kind: 'noneDue', which: 'run' }, 'no request was due in this run'],
  [thin, { kind: 'noneAnswered', which: 'baseline' }, 'the baseline has no expected answer'],
  [thin, { kind: 'notMeasured' }, 'nothing was measured'],
  [
    thin,
    { kind: 'baselineUnknown' },
    "the baseline's own p95 falls among requests that never ended, so it is not known",
  ],
  [
    thin,
    { kind: 'tooShort' },
    'one of the runs is too short for an interval: measure for ten seconds or more',
  ],
];

const exhausted = { kind: 'exhausted', code: 'EMFILE', attempts: 3, notSent: 0 } as const;

const refusals: readonly (readonly [Refusal, sentence: string | RegExp])[] = [
  [
    { kind: 'otherWorkload', baseline: 'e'.repeat(64), run: 'd'.repeat(64) },
    'the scenario has changed since (workload eeeeeeeeeeee, now dddddddddddd), so the two runs did not do the same',
  ],
  [{ kind: 'incomplete', which: 'run' }, 'this run did not complete'],
  [{ kind: 'incomplete', which: 'baseline' }, 'the baseline did not complete'],
  [{ kind: 'noMeasurement', of: 'run' }, 'this run is no measurement'],
  [
    { kind: 'noMeasurement', of: 'baseline', reasons: [exhausted] },
    /^the baseline is no measurement: the generator was the bottleneck: 3 attempts/,
  ],
  [
    { kind: 'noMeasurement', of: 'stored', where: 'run-1.json', reasons: [exhausted] },
    /^run-1\.json is no measurement: the generator was the bottleneck: 3 attempts/,
  ],
  [{ kind: 'unreadable', what: 'run-1.json: it is damaged' }, 'run-1.json: it is damaged'],
  [{ kind: 'nothingInCommon' }, 'the two runs have no endpoint in common to which a request was due'],
  [{ kind: 'interrupted', by: 'SIGINT' }, 'the comparison was interrupted (SIGINT)'],
];

const machine = [
  { part: 'cpu', baseline: 'other', run: 'test' },
  { part: 'cores', baseline: '8', run: '2' },
] as const;

const notes: readonly (readonly [ComparisonNote, sentence: string])[] = [
  [
    { kind: 'passedOver', why: { kind: 'unreadable', what: 'run-1.json: it is damaged' } },
    'A stored run was passed over: run-1.json: it is damaged.',
  ],
  [
    { kind: 'sentLate', which: 'baseline', late: 120, requests: 400, effect: 'takenOff' },
    'The baseline sent 120 of 400 requests more than 1 ms late; what that added to its times is taken off.',
  ],
  [
    { kind: 'sentLate', which: 'baseline', late: 120, requests: 400, effect: 'unknown' },
    'The baseline sent 120 of 400 requests more than 1 ms late. Its record is of an older version and does not say what that added to its times, which may hide a regression.',
  ],
  [
    { kind: 'sentLate', which: 'run', late: 120, requests: 400, effect: 'unknown' },
    'This run sent 120 of 400 requests more than 1 ms late. Its record is of an older version and does not say what that added to its times, which may be the only reason for a regression.',
  ],
  [
    { kind: 'onlyIn', which: 'run', endpoints: ['GET /new', 'PUT /new'] },
    'Not compared, since this run alone has it: GET /new, PUT /new.',
  ],
  [
    { kind: 'onlyIn', which: 'baseline', endpoints: ['GET /old'] },
    'Not compared, since the baseline alone has it: GET /old.',
  ],
  [
    { kind: 'unlike', mismatch: { workload: true, machine }, bar },
    'Weak evidence: the baseline is of another version of the scenario and another machine (processor other, now test; cores 8, now 2), and the same code differs by up to 26% between machines, so a change past +25% and 2 ms warns and nothing fails but the budgets.',
  ],
  [
    { kind: 'fewRuns', runs: 1, bar, fewest: 8 },
    'Weak evidence: 1 stored run cannot tell how far runs of the same code differ, so only a change past +25% and 2 ms fails; 8 or more of this machine would tell smaller ones.',
  ],
  [
    { kind: 'rateUnknown', runs: 1, spread: 'unknown', fewest: { ofTimes: 4, ofShares: 8 } },
    'How often unchanged code fails here is not known with 1 stored run: where runs of one build differ by 10%, it is one in 18, and by 26%, one in 5. A calibration (plimsoll calibrate) or 4 stored runs tell it for times, 8 for error rates.',
  ],
  [
    { kind: 'rateUnknown', runs: 2, spread: 'unknown', fewest: { ofTimes: 4, ofShares: 8 } },
    'How often unchanged code fails here is not known with 2 stored runs. A calibration (plimsoll calibrate) or 4 stored runs tell it for times, 8 for error rates.',
  ],
  [
    { kind: 'rateUnknown', runs: 5, spread: 'runs', fewest: { ofTimes: 4, ofShares: 8 } },
    'How often unchanged code fails by its error rate is not known with fewer than 8 stored runs.',
  ],
  [
    { kind: 'manyRuns', runs: 10, detectable: { least: 0.04, most: 0.12 }, power: 0.8 },
    '10 stored runs of this machine tell how far runs of the same code differ: a change of +4% to +12%, by endpoint and metric, would be seen with a probability of 80%.',
  ],
  [
    { kind: 'manyRuns', runs: 10, detectable: { least: 0.04, most: 0.04 }, power: 0.8 },
    '10 stored runs of this machine tell how far runs of the same code differ: a change of +4% would be seen with a probability of 80%.',
  ],
  [
    { kind: 'moreRunsTell', fewest: 8 },
    'Several stored runs on the same machine are stronger evidence; with 8 or more, smaller changes are told.',
  ],
  [
    { kind: 'duetTells' },
    'A duet (plimsoll duet SCENARIO --base COMMIT) starts both commits on this machine and loads them in turn: it usually tells a change of a tenth.',
  ],
  [
    { kind: 'steadierRunsTell' },
    'Longer runs, a quieter machine, or more stored runs of it would tell smaller changes.',
  ],
];

describe('the reason of a regression finding', () => {
  for (const [finding, reason, sentence] of reasons) {
    it(`reads: ${sentence}`, () => {
      assert.equal(regressionReason({ ...finding, reason }), sentence);
    });
  }
});

describe('why nothing is compared', () => {
  for (const [refusal, sentence] of refusals) {
    it(`of ${JSON.stringify(refusal)} reads as it did`, () => {
      if (typeof sentence === 'string') assert.equal(refusalText(refusal), sentence);
      else assert.match(refusalText(refusal), sentence);
    });
  }
});

describe('a note on a comparison', () => {
  for (const [note, sentence] of notes) {
    it(`reads: ${sentence}`, () => {
      assert.equal(comparisonNote(note), sentence);
    });
  }
});
