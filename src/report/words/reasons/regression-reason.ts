import type { Metric } from '../../../model/judgement/metric.ts';
import type { RegressionFinding } from '../../../model/judgement/regression.ts';
import type { RegressionPolicy } from '../../../model/judgement/regression-policy.ts';
import type { Prediction, RegressionDoubt, WhichRun } from '../../../model/judgement/regression-reason.ts';
import { changeText } from '../../../words/change-text.ts';
import { counted, duration, number, observation, span } from '../../../words/quantity-text.ts';
import { changeSentence, confoundedText } from './change-sentence.ts';
import { onTimeText } from './lateness-cause.ts';
import { hitsOf, worsening } from './metric-text.ts';

/** A regression finding as far as its sentence tells of it. */
export type ReasonedRegression = Pick<
  RegressionFinding,
  'metric' | 'baseline' | 'observed' | 'change' | 'firm' | 'confounded' | 'reason'
>;

/** Why a regression finding has its status, and what would settle it where it is open: one sentence without its full stop. */
export function regressionReason(finding: ReasonedRegression): string {
  return sentence(finding) + confoundedText(finding.confounded);
}

/** The bar of few stored runs: `+25% and 2 ms`. */
export function barText({ tolerance, floorMs }: RegressionPolicy['stored']): string {
  return `${changeText(tolerance, 'relative')} and ${duration(floorMs)}`;
}

/** One of the two runs as a sentence names it. */
export function whichText(which: WhichRun): string {
  return which === 'run' ? 'this run' : 'the baseline';
}

function sentence(finding: ReasonedRegression): string {
  const { metric, firm, reason } = finding;
  const lead = changeSentence(finding);
  switch (reason.kind) {
    case 'withinBar':
      return `${lead}, within the bar of ${barText(reason.bar)}${firm ? '' : ', not firmly'}`;
    case 'pastBar':
      return `${lead}, past the bar of ${barText(reason.bar)}${butText(reason.doubts, timeDoubt)}`;
    case 'pastPrediction':
    case 'improved':
      return `${lead}; ${predictedText(reason.prediction)}`;
    case 'tolerated':
      return `${lead}, surely less than ${toleranceText(reason)}; ${predictedText(reason.prediction)}`;
    case 'withinPrediction':
      return `${lead}; ${predictedText(reason.prediction)}; ${seenText(reason.prediction)}`;
    case 'byFewerRuns':
      return (
        `${lead}, within the bar of ${barText(reason.bar)}, not firmly: it may be more than ${toleranceText(reason)}; ` +
        predictedText(reason.prediction)
      );
    case 'brokenByLateness': {
      const { late, onTime, cause, broken } = reason;
      return `${sentence({ ...finding, reason: broken })}, but ${onTimeText(`it is ${observation(onTime, metric.unit)}`, late, cause)}`;
    }
    case 'mayBeMore':
      return `${lead}, but it may be any more: requests timed out`;
    case 'worseShare':
      return `${lead}: ${moreText(metric, reason.more)}${butText(reason.doubts, shareDoubt)}`;
    case 'toleratedShare':
      return `${lead}: ${moreText(metric, reason.more)}, surely less than the tolerance of ${changeText(reason.tolerance, 'difference')}`;
    case 'shareHeld':
      return lead;
    case 'mayBeChance': {
      const hits = `${hitsOf(metric)}s`;
      const why = {
        few: ` with so few ${hits}: measure for longer`,
        together: `, as the ${hits} came together: measure for longer`,
        runsDiffer: ', as far as the stored runs differ among themselves: a duet tells more',
      };
      return `${lead}, which may be chance${why[reason.why]}`;
    }
    case 'tooFewRequests': {
      const { which, requests, needed, change, seconds } = reason;
      return (
        `${lead}; ${whichText(which)} has only ${counted(requests, 'request')}, and ${worsening(metric) === 'fall' ? 'a fall' : 'an increase'} of ${changeText(change, 'difference')} is ` +
        `told from ${number(needed)} on: ${lengthText(seconds, needed, requests)}`
      );
    }
    case 'tooFewSamples': {
      const { which, samples, needed, seconds } = reason;
      return (
        `${whichText(which)} has only ${counted(samples, 'sample')}, and ${metric.name} is compared from ${number(needed)} on: ` +
        lengthText(seconds, needed, samples)
      );
    }
    case 'noneDue':
      return `no request was due in ${whichText(reason.which)}`;
    case 'noneTells':
      return `no answer of ${whichText(reason.which)} tells it`;
    case 'noneAnswered':
      return `${whichText(reason.which)} has no expected answer`;
    case 'notMeasured':
      return 'nothing was measured';
    case 'baselineUnknown':
      return `the baseline's own ${metric.name} falls among requests that never ended, so it is not known`;
    case 'tooShort':
      return 'one of the runs is too short for an interval: measure for ten seconds or more';
  }
}

function predictedText(prediction: Prediction): string {
  const { bound, chance } = prediction;
  return `${runsText(prediction)} predict at most ${duration(bound)}, which one of ${number(Math.round(1 / chance))} unchanged runs exceeds`;
}

function seenText({ detectable }: Prediction): string {
  return `a change of ${changeText(detectable, 'relative')} would be seen`;
}

function runsText({ runs }: Prediction): string {
  return counted(runs, 'earlier run');
}

function toleranceText({ tolerance }: { readonly tolerance: number }): string {
  return `the tolerance of ${changeText(tolerance, 'relative')}`;
}

/** The length of a run that brings what is needed, where so much of it comes in `seconds`. */
function lengthText(seconds: number, needed: number, count: number): string {
  return `measure for about ${span(Math.ceil((seconds * needed) / count) * 1_000)} at this rate`;
}

type DoubtTexts = { readonly [kind in Exclude<RegressionDoubt['kind'], 'differ'>]: string };

function butText(doubts: readonly RegressionDoubt[], text: DoubtTexts): string {
  if (doubts.length === 0) return '';
  return `, but ${doubts.map(doubt => doubtText(doubt, text)).join(', and ')}`;
}

function doubtText(doubt: RegressionDoubt, text: DoubtTexts): string {
  switch (doubt.kind) {
    case 'othersAlike':
      return `${othersText(doubt)} ${text.othersAlike}`;
    case 'differ': {
      const who = doubt.of === 'runs' ? 'stored runs' : 'calibrated starts of one build';
      return `${number(doubt.count)} ${who} differ so much that unchanged code may take up to ${duration(doubt.bound)}`;
    }
    default:
      return text[doubt.kind];
  }
}

const timeDoubt: DoubtTexts = {
  notClear: 'the interval reaches within it',
  unlike: 'another machine or workload alone can do that',
  othersAlike: 'came near',
};

const shareDoubt: DoubtTexts = {
  notClear: 'the interval reaches within it',
  unlike: 'the baseline comes from another machine or workload',
  othersAlike: 'had as many',
};

/** How many of the stored runs besides the reference: `the other stored run`, `2 of the 5 other stored runs`. */
function othersText({ count, of }: Extract<RegressionDoubt, { kind: 'othersAlike' }>): string {
  return of === 1 ? 'the other stored run' : `${count} of the ${of} other stored runs`;
}

function moreText(metric: Metric, more: number): string {
  return `${counted(Math.round(more), hitsOf(metric))} ${worsening(metric) === 'fall' ? 'fewer' : 'more'} than the baseline's rate gives`;
}
