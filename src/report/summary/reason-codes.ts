import { z } from 'zod';
import type { DuetReason } from '../../model/duet/duet-reason.ts';
import type { FindingReason } from '../../model/judgement/finding-reason.ts';
import type { RegressionReason } from '../../model/judgement/regression-reason.ts';

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
  spreadTooWide: true,
  notExcluded: true,
  worseShare: true,
  toleratedShare: true,
  shareHeld: true,
  noneTells: true,
  untold: true,
  brokenByLateness: true,
  mayBeChance: true,
  tooFewRequests: true,
  noneAnswered: true,
  notMeasured: true,
  baselineUnknown: true,
};

const ofDuets: { readonly [code in DuetCode]: true } = {
  worse: true,
  worseShare: true,
  mayBeStart: true,
  tolerated: true,
  improved: true,
  bounded: true,
  open: true,
  held: true,
  waiting: true,
  noneDue: true,
  neverBothSides: true,
  allFailed: true,
  timedOut: true,
  tooFewSamples: true,
};

const about = 'The kind of reason, for programs: it stays what it is where the sentence is worded anew.';

/** The reasons that a finding of a run may have. */
export const runReasonCode = codes(ofRuns).describe(about);

/** The reasons that a finding of a duet may have. */
export const duetReasonCode = codes(ofDuets).describe(about);

function codes<Code extends string>(all: { readonly [code in Code]: true }) {
  return z.enum(Object.keys(all) as [Code, ...Code[]]);
}
