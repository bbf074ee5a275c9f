import { scopeName } from '../../../model/judgement/budget.ts';
import {
  type Evidence,
  type Interval,
  isClustered,
  type Unsettled,
} from '../../../model/judgement/evidence.ts';
import type { FindingReason } from '../../../model/judgement/finding-reason.ts';
import type { MetricUnit } from '../../../model/judgement/metric.ts';
import type { Finding } from '../../../model/judgement/verdict.ts';
import {
  counted,
  limitQuantity,
  none,
  number,
  observation,
  percent,
  range,
} from '../../../words/quantity-text.ts';
import { endsText } from './ends-text.ts';
import { onTimeText } from './lateness-cause.ts';
import { settlingText } from './thin-evidence.ts';

/** A finding as far as its sentence tells of it. */
export type ReasonedFinding = Omit<Finding, 'status'>;

/** Why a finding has its status, and what would settle it where it is open: one sentence without its full stop. */
export function findingReason(finding: ReasonedFinding, reason: FindingReason = finding.reason): string {
  const { scope, metric, evidence, limit, warn } = finding;
  const unit = metric.unit;
  switch (reason.kind) {
    case 'withinLimit':
      return measuredText(finding, within(finding), '', reason.unsettled);
    case 'pastWarning': {
      const past = warn === null ? '' : ` but past the warning at ${limitQuantity(warn, unit)}`;
      return measuredText(finding, within(finding), past, reason.unsettled);
    }
    case 'overLimit': {
      const side = metric.direction === 'atLeast' ? 'under the floor of' : 'over the limit of';
      const ends = reason.ends === null ? '' : endsText(reason.ends);
      return measuredText(finding, side, ends === '' ? '' : `: ${ends}`, reason.unsettled);
    }
    case 'notHeld':
      return lackText(reason, metric.name);
    case 'tooManyOver':
      return (
        `${number(reason.over)} of ${counted(evidence.samples, 'sample')} took longer than ${quantityOf(limit, unit)}, ` +
        `where ${metric.name} allows ${limitQuantity(reason.allowed, 'ratio')} (${intervalText(reason.share, 'ratio')})`
      );
    case 'noneMeasured':
      return `no request could be measured for ${metric.name}: ${endsText(reason.ends) || 'all failed'}`;
    case 'journeysEndedEarly':
      return `${noneDue(scope)}: ${counted(reason.journeys, 'journey')} ended early for want of a captured value`;
    case 'untold':
      return `no data: none of ${counted(reason.answers, 'expected answer')} tells its ${metric.prose}; see \`${reason.signal}\` in the scenario`;
    case 'noneDue':
      return `no data: ${noneDue(scope)}`;
    case 'unseen':
      return `no ${metric.name} was seen, as ${settlingText(reason, evidence)}`;
    case 'tooFewSamples':
      return `${keptText(finding)}, but ${settlingText(reason, evidence)}`;
    case 'tooShort':
      return `${keptText(finding)}, but the run is too short for an interval: measure for some seconds`;
    case 'mayBeMore':
      return `${keptText(finding)}, but it may be any more: ${endsText(reason.ends)}`;
    case 'brokenByLateness': {
      const { late, onTime, cause } = reason;
      const without = onTime === null ? 'keeps the limit' : `is ${observation(onTime, unit, limit)}`;
      return `${metric.name} was ${observation(finding.observed, unit, limit)}, and ${onTimeText(without, late, cause)}`;
    }
    case 'waived': {
      const { until, reason: why } = reason.waiver;
      return `${findingReason(finding, reason.failed)}; waived until ${until}: ${why}`;
    }
    case 'noMeasurement':
      return `${findingReason(finding, reason.failed)}; not held against the target, since the run is not a measurement`;
    case 'waiverExpired': {
      const { until, reason: why } = reason.waiver;
      return `${findingReason(finding, reason.failed)}; its waiver expired on ${until} (${why})`;
    }
  }
}

/** What another tool's results do not hold, and what they do. */
function lackText({ lack, origin }: Extract<FindingReason, { kind: 'notHeld' }>, metric: string): string {
  const results = `${origin.tool} results (${origin.format})`;
  switch (lack.kind) {
    case 'stages':
      return `not judged: ${results} hold no stages`;
    case 'endpoint':
      return `not judged: ${results} do not hold this endpoint on its own`;
    case 'metric':
      return `not judged: Plimsoll reads no ${metric} from ${results}`;
    case 'unanswered':
      return `within the limit, but ${results} leave out requests that got no answer`;
    case 'statistic': {
      const held = lack.held.length === 0 ? 'no times at all' : `only ${lack.held.join(', ')}`;
      return `not judged: ${results} hold no ${metric}, ${held}`;
    }
  }
}

/** The samples behind a figure, and how many independent ones they are worth where that is much less. */
function samplesText(evidence: Evidence): string {
  const text = counted(evidence.samples, 'sample');
  return isClustered(evidence) ? `${text}, ${worthText(evidence)} independent ones` : text;
}

/** How many independent samples clustered ones are worth: `worth 120`. */
export function worthText({ effectiveSamples }: Evidence): string {
  return `worth ${number(Math.round(effectiveSamples))}`;
}

function within({ metric }: ReasonedFinding): string {
  return metric.direction === 'atLeast' ? 'above the floor of' : 'within the limit of';
}

function keptText(finding: ReasonedFinding): string {
  return `${observedText(finding)}, ${within(finding)} ${quantityOf(finding.limit, finding.metric.unit)}`;
}

function measuredText(finding: ReasonedFinding, side: string, more = '', unsettled?: Unsettled): string {
  const { metric, limit, interval, firm, evidence } = finding;
  const unit = metric.unit;
  const grounds = [
    ...(interval === null ? [] : [intervalText(interval, unit)]),
    ...(firm || unsettled !== undefined ? [] : ['so not firm']),
    ...(evidence.samples === 0 ? [] : [samplesText(evidence)]),
    ...(unsettled === undefined ? [] : [unsettledText[unsettled]]),
  ];
  return `${observedText(finding)}, ${side} ${quantityOf(limit, unit)}${more} (${grounds.join(', ')})`;
}

/** Why an interval within the limit is not firm. */
const unsettledText: { readonly [kind in Unsettled]: string } = {
  drift: 'not firm: it rises and falls over many seconds, so this holds for this run only; measure longer',
  summary: 'not firm: a summary has no interval',
  bursts: 'not firm: it rests on a few bursts, so this holds for this run only; measure longer',
};

/** With as many digits as tell the value from its limit. */
function observedText({ metric, limit, observed }: ReasonedFinding): string {
  const least = observed?.atLeast ? 'at least ' : '';
  const exact = observed === null ? null : { value: observed.value, atLeast: false };
  return `${metric.name} was ${least}${observation(exact, metric.unit, limit)}`;
}

function quantityOf(limit: number | null, unit: MetricUnit): string {
  return limit === null ? none : limitQuantity(limit, unit);
}

/** An interval: `95% interval 108–117 ms`. */
function intervalText(interval: Interval, unit: MetricUnit): string {
  const ends = range(interval, unit);
  return `${percent(interval.confidence)} interval ${ends === none ? 'open on both sides' : ends}`;
}

function noneDue(scope: Finding['scope']): string {
  return `no request of ${scopeName(scope)} was due in the measured time`;
}
