import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RepeatKind } from '../../../src/model/duet/duet.ts';
import type { DuetNote } from '../../../src/model/duet/duet-note.ts';
import type { DuetEndReason, DuetReason, StartMargin } from '../../../src/model/duet/duet-reason.ts';
import { duetNote } from '../../../src/report/words/duet-note.ts';
import {
  duetEndReason,
  duetReason,
  type ReasonedDuet,
} from '../../../src/report/words/reasons/duet-reason.ts';
import { metricNamed } from '../../fixtures/metric.ts';

type Subject = Omit<ReasonedDuet, 'reason'>;

const repeat: RepeatKind = 'restart';
const slower: Subject = {
  metric: metricNamed('p95'),
  base: 17.9,
  head: 20.5,
  change: { kind: 'relative', value: 0.143, interval: { low: 0.12, high: 0.169, confidence: 0.97 } },
  evidence: { restarts: 20, pValue: 0.0012, established: true, spread: 0.04, effects: [] },
  confounded: false,
};
const rose = 'p95 rose from 17.9 ms to 20.5 ms (+14.3%, 97% interval +12% to +16.9%)';
const established = `${rose}: established by 20 restarts (adjusted p 0.0012)`;
const more: Subject = {
  ...slower,
  metric: metricNamed('errorRate'),
  base: 0,
  head: 0.021,
  change: { kind: 'difference', value: 0.021, interval: { low: 0.01, high: 0.03, confidence: 0.98 } },
};
const fails = 'error rate rose from 0% to 2.1% (+2.1 pp, 98% interval +1 pp to +3 pp)';
const early: Subject = {
  ...slower,
  change: { kind: 'relative', value: 0.143, interval: null },
  evidence: { restarts: 7, pValue: null, established: false, spread: 0.04, effects: [] },
};
const tolerance = 0.1;
const spread = { value: 0.04, upper: 0.055, starts: 20 };
const assumed: StartMargin = { most: 0.188, deviation: 0.07, from: { kind: 'thisMachine' }, endpoints: 1 };
const elsewhere: StartMargin = { most: 0.279, deviation: 0.1, from: { kind: 'otherMachine' }, endpoints: 1 };
const calibrated: StartMargin = {
  ...{ most: 0.145, deviation: 0.055, endpoints: 1 },
  from: { kind: 'calibration', spread },
};
const narrow: StartMargin = { ...calibrated, most: 0.05, deviation: 0.02 };
const unclear: Subject = {
  ...slower,
  change: { kind: 'relative', value: 0.143, interval: { low: -0.02, high: 0.31, confidence: 0.94 } },
  evidence: { ...slower.evidence, pValue: 0.4, established: false },
};
const open =
  'p95 rose from 17.9 ms to 20.5 ms (+14.3%, 94% interval −2% to +31%): no increase is established, but one of +10% is not excluded; ';
const alone = `${rose}: the interval of this comparison by itself shows an increase, which is not established, since`;

const reasons: readonly (readonly [Subject, DuetReason, sentence: string])[] = [
  [
    slower,
    { kind: 'worse', tolerance, isEarly: false, repeat },
    `${established}, and not surely less than the tolerance of +10%`,
  ],
  [
    slower,
    { kind: 'worse', tolerance, isEarly: true, repeat },
    `${established}, and not surely less than the tolerance of +10%; it was found at an early look, so the true change is probably less`,
  ],
  [
    { ...slower, confounded: true },
    { kind: 'worse', tolerance, isEarly: false, repeat: 'round' },
    `${rose}: established by 20 rounds (adjusted p 0.0012), and not surely less than the tolerance of +10%; the error rates differ too, so these are the times of other requests`,
  ],
  [
    more,
    { kind: 'worseShare', floor: 0.001, fewestMore: 5, isEarly: false, repeat },
    `${fails}: established by 20 restarts (adjusted p 0.0012), where any increase of +0.1 pp and 5 errors or more counts`,
  ],
  [
    slower,
    { kind: 'worseThanStarts', tolerance, margin: assumed, isEarly: false, repeat: 'round' },
    `${rose}: established by 20 rounds as more than the starts of two instances of one build may make (adjusted p 0.0012), which is up to +18.8% (not calibrated: a standard deviation of 0.07 between starts is assumed on this machine)`,
  ],
  [
    slower,
    { kind: 'worseThanStarts', tolerance, margin: narrow, isEarly: true, repeat: 'round' },
    `${rose}: established by 20 rounds as more than the starts of two instances of one build may make (adjusted p 0.0012), which is up to +5% (by the calibration, starts differ by a standard deviation of 0.02 at most), and not surely less than the tolerance of +10%; it was found at an early look, so the true change is probably less`,
  ],
  [
    slower,
    { kind: 'mayBeStart', margin: elsewhere, repeat: 'round' },
    `${rose}: established by 20 rounds (adjusted p 0.0012): these two instances differ, but up to +27.9% (a standard deviation of 0.1 between starts is assumed on other machines) may be this start alone; commits instead of URLs would settle it`,
  ],
  [
    slower,
    { kind: 'tolerated', tolerance, margin: null, repeat },
    `${established}, though surely less than the tolerance of +10%`,
  ],
  [
    slower,
    { kind: 'tolerated', tolerance, margin: calibrated, repeat: 'round' },
    `${rose}: established by 20 rounds (adjusted p 0.0012), though surely less than the tolerance of +10%; of two instances, up to +14.5% may be this start alone`,
  ],
  [
    { ...slower, base: 20, head: 17, change: null },
    { kind: 'improved', repeat },
    'p95 fell from 20 ms to 17 ms: faster, established by 20 restarts',
  ],
  [more, { kind: 'improved', repeat }, `${fails}: fewer errors, established by 20 restarts`],
  [
    slower,
    { kind: 'bounded', tolerance, already: null, repeat },
    `${rose}: surely less than the tolerance of +10%`,
  ],
  [
    more,
    { kind: 'bounded', tolerance: 0.01, already: 10, repeat },
    `${fails}: surely less than the tolerance of +1 pp, as 10 restarts had shown already`,
  ],
  [
    unclear,
    {
      kind: 'open',
      tolerance,
      of: 20,
      settling: { kind: 'restarts', needed: 24, isOver: false },
      repeat,
    },
    `${open}about 24 restarts would settle it at this spread`,
  ],
  [
    unclear,
    {
      kind: 'open',
      tolerance,
      of: 26,
      settling: { kind: 'restarts', needed: 24, isOver: true },
      repeat: 'round',
    },
    `${open}only 20 of 26 rounds tell of it, and about 24 rounds would settle it at this spread: measure again`,
  ],
  [
    unclear,
    { kind: 'open', tolerance, of: 20, settling: { kind: 'steadier' }, repeat },
    `${open}a higher rate or a quieter machine would settle it`,
  ],
  [
    unclear,
    {
      kind: 'open',
      tolerance,
      of: 20,
      settling: { kind: 'higherRate', needed: 91, most: 26 },
      repeat,
    },
    `${open}about 91 restarts would settle it at this spread, and there are 26 at most: about 3.5 times the rate, or a quieter machine, would do`,
  ],
  [
    unclear,
    { kind: 'open', tolerance, of: 20, settling: { kind: 'outOfReach', most: 26 }, repeat },
    `${open}no number of restarts near the 26 there are would settle it: it takes a higher rate or a quieter machine`,
  ],
  [
    { ...slower, evidence: { ...slower.evidence, pValue: 0.021, established: false } },
    { kind: 'open', tolerance, of: 20, settling: { kind: 'steadier' }, repeat },
    `${alone} its adjusted p over all comparisons and looks is 0.021, and one of +10% is not excluded; a higher rate or a quieter machine would settle it`,
  ],
  [
    { ...slower, evidence: { ...slower.evidence, established: false } },
    { kind: 'open', tolerance, of: 20, settling: { kind: 'steadier' }, repeat },
    `${alone} it is too small to count as a change, and one of +10% is not excluded; a higher rate or a quieter machine would settle it`,
  ],
  [
    { ...more, evidence: { restarts: 10, pValue: 0.03, established: false, spread: 0.01, effects: [] } },
    { kind: 'held', tolerance: 0.01, nextLook: 13, repeat },
    `${fails}: surely less than the tolerance of +1 pp, but the increase is likely, though not established (adjusted p 0.03), so it does not pass yet: the next look, after 13, may tell`,
  ],
  [
    { ...more, evidence: { restarts: 10, pValue: 0.03, established: false, spread: 0.01, effects: [] } },
    { kind: 'held', tolerance: 0.01, nextLook: null, repeat },
    `${fails}: surely less than the tolerance of +1 pp, but the increase is likely, though not established (adjusted p 0.03), so it does not pass yet: measure again`,
  ],
  [
    slower,
    {
      kind: 'slowAtTimes',
      tolerance,
      excess: { above: 3, below: 0, pValue: 0.125 },
      nextLook: 13,
      repeat,
    },
    `${rose}: surely less than the tolerance of +10% on the whole, but head was far slower in 3 restarts and far faster in none (by chance alone in 12.5% of duets), so it may be slow now and then, and does not pass: the next look, after 13, may tell`,
  ],
  [
    slower,
    { kind: 'alike', correlation: 0.634, nextLook: 13, repeat },
    `${rose}: restarts that do not depend on each other would establish it, but each resembles the one before (correlation 0.63), which makes a difference by chance likelier: the next look, after 13, may tell`,
  ],
  [
    early,
    { kind: 'waiting', measured: 7, first: 10, repeat },
    'p95 rose from 17.9 ms to 20.5 ms (+14.3%); 7 restarts are too few for a verdict: the first is given after 10',
  ],
  [
    early,
    { kind: 'waiting', measured: 1, first: 10, repeat: 'round' },
    'p95 rose from 17.9 ms to 20.5 ms (+14.3%); 1 round is too few for a verdict: the first is given after 10',
  ],
  [early, { kind: 'noneDue', sides: ['base', 'head'], repeat }, 'no request of it was due'],
  [early, { kind: 'noneDue', sides: ['head'], repeat }, 'no request of it was due in head'],
  [
    more,
    { kind: 'neverBothSides', repeat },
    'no restart tells its error rate, since none had requests of both sides',
  ],
  [
    early,
    { kind: 'allFailed', sides: ['base'], repeat },
    'no restart tells its p95: all of its requests failed in base',
  ],
  [
    early,
    { kind: 'timedOut', repeat: 'round' },
    'no round tells its p95: so many requests of both sides timed out that it is the time they were given, whatever changed',
  ],
  [
    early,
    { kind: 'tooFewSamples', needed: 100, samples: 80, repeat },
    'no restart tells its p95, which takes 100 samples a side, where a restart has about 80: about 1.3 times the rate would do',
  ],
  [
    early,
    { kind: 'tooFewSamples', needed: 100, samples: 99.9, repeat: 'round' },
    'no round tells its p95, which takes 100 samples a side, where a round has about 99: about 1.1 times the rate would do',
  ],
  [
    early,
    { kind: 'tooFewSamples', needed: 100, samples: 0, repeat },
    'no restart tells its p95, which takes 100 samples a side, where no restart has any of both',
  ],
];

const ends: readonly (readonly [DuetEndReason, sentence: string])[] = [
  [
    { kind: 'failed', repeat },
    'a slowing or more errors are established, and further restarts would not change that',
  ],
  [{ kind: 'settled', repeat }, 'every required comparison is settled'],
  [
    { kind: 'hopeless', open: 2, repeat },
    'the 2 comparisons still open would not be settled by the restarts that are left',
  ],
  [{ kind: 'usedUp', measured: 26, repeat: 'round' }, '26 rounds are the most there are'],
];

const widest = { endpoint: 'GET /a', metric: 'p95', high: 0.08, confidence: 0.98 };

const notes: readonly (readonly [DuetNote, sentence: string])[] = [
  [
    {
      kind: 'slowAtTimes',
      endpoint: 'GET /a',
      metric: 'p95',
      excess: { above: 6, below: 1, pValue: 0.04 },
      repeat: 'restart',
    },
    'Head may be slow now and then: by p95 of GET /a it was far slower in 6 restarts and far faster in 1 (by chance alone in 4% of duets).',
  ],
  [
    { kind: 'undecided', measured: 1, most: 26, first: 10, repeat },
    '1 restart of 26 at most: nothing is decided before 10.',
  ],
  [
    { kind: 'looks', measured: 16, most: 26, looks: [10, 13], later: 3, repeat, builds: null },
    '16 restarts of 26 at most, judged after 10 and 13; the latest 3 wait for a further look. Over all looks and comparisons, at most one of 100 unchanged builds is accused, as far as chance alone tells the starts of both apart: a difference that stays with a build or its folder is none.',
  ],
  [
    { kind: 'looks', measured: 10, most: 26, looks: [10], later: 0, repeat, builds: 1 },
    '10 restarts of 26 at most, judged after 10. Over all looks and comparisons, at most one of 100 unchanged builds is accused, if two builds of one commit are equally fast and restarts do not depend on the ones before.',
  ],
  [
    { kind: 'looks', measured: 10, most: 26, looks: [10], later: 0, repeat, builds: 5 },
    '10 restarts of 26 at most, judged after 10. Over all looks and comparisons, at most one of 100 unchanged builds is accused, if the 5 builds of each side stand for all builds of their commit and restarts do not depend on the ones before.',
  ],
  [
    { kind: 'looks', measured: 10, most: 26, looks: [10], later: 0, repeat: 'round', builds: null },
    '10 rounds of 26 at most, judged after 10.',
  ],
  [
    { kind: 'reach', widest, bounded: 4, required: 4 },
    'No required time rose by more than +8% (p95 of GET /a), with 99% confidence each.',
  ],
  [
    { kind: 'reach', widest, bounded: 3, required: 4 },
    'Of the 3 of 4 required times that could be bounded, none rose by more than +8% (p95 of GET /a), with 99% confidence each.',
  ],
  [
    { kind: 'reach', widest, bounded: 1, required: 2 },
    'Only 1 of 2 required times could be bounded: p95 of GET /a rose by +8% at most, with 99% confidence.',
  ],
  [
    { kind: 'reach', widest, bounded: 1, required: 1 },
    'p95 of GET /a rose by +8% at most, with 99% confidence.',
  ],
  [
    { kind: 'neighbors', endpoint: 'GET /a', metric: 'p50', correlation: 0.213, isClear: false, repeat },
    'No restart resembles the one before by more than chance explains (correlation 0.21 at most, p50 of GET /a).',
  ],
  [
    { kind: 'neighbors', endpoint: 'GET /a', metric: 'p50', correlation: 0.62, isClear: true, repeat },
    'A restart may resemble the one before (correlation 0.62 at most, p50 of GET /a): chance alone hardly explains so much. Such a time fails only if it is clear of the wider error that this gives.',
  ],
  [
    { kind: 'disturbed', numbers: [4], of: 10, repeat },
    'Of 10 restarts, restart 4 was disturbed: a time lay so far from the others that it counts as 2.5 standard deviations and no more.',
  ],
  [
    { kind: 'disturbed', numbers: [4, 7], of: 13, repeat: 'round' },
    'Of 13 rounds, rounds 4, 7 were disturbed: a time lay so far from the others that it counts as 2.5 standard deviations and no more.',
  ],
  [
    { kind: 'instances', margin: assumed },
    'The two APIs ran already, so what is found holds for these two instances. Two instances of one build may differ by up to +18.8% (not calibrated: a standard deviation of 0.07 between starts is assumed on this machine), so only times that rise by more can fail.',
  ],
  [
    { kind: 'instances', margin: calibrated },
    'The two APIs ran already, so what is found holds for these two instances. Two instances of one build may differ by up to +14.5% (by the calibration, starts differ by a standard deviation of 0.055 at most), so only times that rise by more can fail.',
  ],
  [
    {
      kind: 'cpu',
      medianUs: { base: 812, head: 850 },
      change: {
        kind: 'relative',
        value: 0.047,
        interval: { low: 0.03, high: 0.06, confidence: 0.98 },
      },
    },
    'CPU time a request: 812 µs in base, 850 µs in head (medians), +4.7%, 98% interval +3% to +6%.',
  ],
  [
    {
      kind: 'cpu',
      medianUs: { base: 812, head: 850 },
      change: { kind: 'relative', value: 0.047, interval: null },
    },
    'CPU time a request: 812 µs in base, 850 µs in head (medians), +4.7%.',
  ],
  [
    {
      kind: 'nearSaturation',
      sides: [
        { side: 'base', rise: 0.31, cores: null },
        { side: 'head', rise: 0.42, cores: 0.93 },
      ],
      slotMs: 250,
    },
    'Near saturation (base: times rise by 31% from the first to the last third of a turn; head: times rise by 42% from the first to the last third of a turn, 93% of a core is busy in its turns). A turn of 250 ms is too short for queues to build as they do under lasting load, so a duet sees less of a change: use longer turns (`--slot 1s`), a lower rate, or a `run` of each side beside it.',
  ],
  [
    { kind: 'cold', count: 2, of: 10, repeat },
    'In 2 of 10 restarts the median was not seen to be flat before the measurement began.',
  ],
  [
    { kind: 'cold', count: 10, of: 10, repeat: 'round' },
    'In all rounds the median was not seen to be flat before the measurement began.',
  ],
  [
    { kind: 'sentLate', count: 3, of: 10, worstMs: 12.4, repeat },
    'In 3 of 10 restarts the generator sent late (p99 up to 12.4 ms): the machine was busy, which widens the intervals and favours neither side.',
  ],
  [
    { kind: 'brokeOff', reason: 'head ended before it was ready: exit code 1' },
    'The duet broke off: head ended before it was ready: exit code 1',
  ],
  [
    { kind: 'playedAgain', count: 3, reasons: ['the port was taken', 'it was late'], repeat: 'round' },
    '3 rounds played again: the port was taken; it was late.',
  ],
  [
    { kind: 'sameCommit', commit: '1f0e5d4c3b2a19088c2f' },
    'Both sides are commit 1f0e5d4c3b: this compares a build with itself.',
  ],
  [
    { kind: 'logCut', bytes: 489_000_000 },
    'The logs of the APIs keep only the newest lines; 489 MB before them were dropped.',
  ],
  [{ kind: 'uncommitted' }, 'The uncommitted changes of the working folder are in neither side.'],
  [
    { kind: 'uncalibrated', isHere: true },
    '`plimsoll calibrate --ref` with a commit of this API measures how far its starts differ on this machine, so that smaller changes may fail.',
  ],
  [
    { kind: 'uncalibrated', isHere: false },
    'How far starts of one build differ on another machine cannot be calibrated from here.',
  ],
  [
    { kind: 'damagedCalibration', file: 'half.json' },
    'The calibration half.json was passed over: it is damaged.',
  ],
];

describe("the reason of a duet's finding", () => {
  for (const [finding, reason, sentence] of reasons) {
    it(`reads: ${sentence}`, () => {
      assert.equal(duetReason({ ...finding, reason }), sentence);
    });
  }
});

describe('why a duet is over', () => {
  for (const [reason, sentence] of ends) {
    it(`reads: ${sentence}`, () => {
      assert.equal(duetEndReason(reason), sentence);
    });
  }
});

describe('a note on a duet', () => {
  for (const [note, sentence] of notes) {
    it(`reads: ${sentence}`, () => {
      assert.equal(duetNote(note), sentence);
    });
  }
});
