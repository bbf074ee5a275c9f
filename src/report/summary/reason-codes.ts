import * as z from 'zod';
import type { DuetEnd } from '../../model/duet/duet.ts';
import type { DuetEndReason, DuetReason } from '../../model/duet/duet-reason.ts';
import type { BaselineChoice } from '../../model/judgement/baseline.ts';
import type { FindingReason } from '../../model/judgement/finding-reason.ts';
import type { InvalidReason } from '../../model/judgement/invalid-reason.ts';
import type { Refusal, RegressionReason } from '../../model/judgement/regression-reason.ts';

type NoBaseline = Extract<BaselineChoice, { kind: 'none' }>;
/** Why a run was compared with its baseline, had none, or was not compared. */
export type ComparisonCode =
  | Exclude<BaselineChoice, NoBaseline>['kind']
  | NoBaseline['because']
  | Refusal['kind'];
type Broken = Extract<DuetEnd, { state: 'broken' }>;
/** Why a duet ended. */
export type DuetEndCode = DuetEndReason['kind'] | NonNullable<Broken['cause']> | 'broken' | 'interrupted';
type RunCode = (FindingReason | RegressionReason)['kind'];
type DuetCode = DuetReason['kind'];

const ofRuns: { readonly [code in RunCode]: true } = {
  withinLimit: true,
  pastWarning: true,
  overLimit: true,
  tooManyOver: true,
  noneMeasured: true,
  journeysEndedEarly: true,
  noneDue: true,
  unseen: true,
  tooFewSamples: true,
  notHeld: true,
  tooShort: true,
  mayBeMore: true,
  waived: true,
  waiverExpired: true,
  withinBar: true,
  pastBar: true,
  pastPrediction: true,
  tolerated: true,
  improved: true,
  withinPrediction: true,
  byFewerRuns: true,
  worseShare: true,
  toleratedShare: true,
  shareHeld: true,
  noneTells: true,
  untold: true,
  brokenByLateness: true,
  noMeasurement: true,
  mayBeChance: true,
  tooFewRequests: true,
  noneAnswered: true,
  notMeasured: true,
  baselineUnknown: true,
};

const ofDuets: { readonly [code in DuetCode]: true } = {
  worse: true,
  worseShare: true,
  worseThanStarts: true,
  worseByInstances: true,
  mayBeStart: true,
  mayBeInstances: true,
  tolerated: true,
  improved: true,
  bounded: true,
  open: true,
  held: true,
  slowAtTimes: true,
  alike: true,
  waiting: true,
  noneDue: true,
  neverBothSides: true,
  allFailed: true,
  timedOut: true,
  tooFewSamples: true,
};

const ofInvalidRuns: { readonly [code in InvalidReason['kind']]: true } = {
  notStarted: true,
  neverAnswered: true,
  nothingAnswered: true,
  stoppedBeforeStages: true,
  interruptedBeforeStages: true,
  nothingDue: true,
  workerDied: true,
  serverEnded: true,
  exhausted: true,
  sentLate: true,
  smallPool: true,
};

const ofComparisons: { readonly [code in ComparisonCode]: true } = {
  named: true,
  accepted: true,
  mergeBase: true,
  ancestor: true,
  latestOfTarget: true,
  latest: true,
  noneStored: true,
  noneOfScenario: true,
  noneUsable: true,
  noneSaved: true,
  noneRelated: true,
  noneKnown: true,
  mergeBaseUnknown: true,
  unreadable: true,
  noMeasurement: true,
  otherWorkload: true,
  incomplete: true,
  nothingInCommon: true,
  interrupted: true,
};

const ofDuetEnds: { readonly [code in DuetEndCode]: true } = {
  failed: true,
  settled: true,
  hopeless: true,
  usedUp: true,
  interrupted: true,
  broken: true,
  spoiled: true,
  noneAnswered: true,
};

const about = 'The kind of reason, for programs: it stays what it is where the sentence is worded anew.';

/** The reasons that a finding of a run may have. */
export const runReasonCode = codes(ofRuns).describe(about);

/** The reasons that a finding of a duet may have. */
export const duetReasonCode = codes(ofDuets).describe(about);

/** The reasons for which a run may be no measurement. */
export const invalidCode = codes(ofInvalidRuns).describe(about);

/** The reasons that a comparison may have. */
export const comparisonCode = codes(ofComparisons);

/** The reasons for which a duet may end. */
export const duetEndCode = codes(ofDuetEnds);

function codes<Code extends string>(all: { readonly [code in Code]: true }) {
  return z.enum(Object.keys(all) as [Code, ...Code[]]);
}
