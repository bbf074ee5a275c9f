import type { ScopeData } from '../../analysis/scope-data.ts';
import { type Budget, scopeName } from '../../model/judgement/budget.ts';
import type { Finding, Interval } from '../../model/judgement/verdict.ts';
import { counted, limitQuantity, number } from '../../words/quantity-text.ts';
import type { Reading } from './reading.ts';
import { settlingText } from './thin-evidence.ts';
import { failuresText, intervalText, quantityBesideLimit, samplesText } from './wording.ts';

/** What a finding comes to, and why. */
export type Decision = Pick<Finding, 'status' | 'firm' | 'reason'>;

type Measured = Extract<Reading, { state: 'estimate' | 'fact' }>;

/**
 * Nothing was measured: no data, and so invalid, unless it is the target's doing: every request failed, or every
 * journey ended before this endpoint, because of what the target answered.
 */
export function decideEmpty({ metric, scope }: Budget, { figures, abandoned }: ScopeData): Decision {
  const { requests, failed, unfinished } = figures;
  if (metric.signal !== null && figures.ok > 0) {
    const reason = `no data: none of ${counted(figures.ok, 'expected answer')} tells its ${metric.prose}; see \`${metric.signal}\` in the scenario`;
    return { status: 'invalid', firm: false, reason };
  }
  if (requests > 0) {
    const ends = failuresText(failed, unfinished);
    const reason = `no request could be measured for ${metric.name}: ${ends}`;
    return { status: 'fail', firm: true, reason };
  }
  const nothing = `no request of ${scopeName(scope)} was due in the measured time`;
  return scope.kind === 'endpoint' && abandoned > 0
    ? {
        status: 'fail',
        firm: true,
        reason: `${nothing}: ${counted(abandoned, 'journey')} ended early for want of a captured value`,
      }
    : { status: 'invalid', firm: false, reason: `no data: ${nothing}` };
}

/** A quantile that was not seen is open, unless clearly more of the samples lie over the limit than it allows. */
export function decideUnseen(
  { metric, limit }: Budget,
  { evidence, needed, allowed, over, overShare }: Extract<Reading, { state: 'unseen' }>,
  { figures }: ScopeData,
): Decision {
  if ((overShare.low ?? 0) > allowed) {
    const reason =
      `${number(over)} of ${counted(evidence.samples, 'sample')} took longer than ${limitQuantity(limit, 'ms')}, ` +
      `where ${metric.name} allows ${limitQuantity(allowed, 'ratio')} (${intervalText(overShare, 'ratio')})`;
    return { status: 'fail', firm: true, reason };
  }
  const reason = `no ${metric.name} was seen, as ${settlingText(needed, evidence, figures.seconds)}`;
  return { status: 'inconclusive', firm: false, reason };
}

/**
 * Whether the point estimate breaks the limit. A censored quantile or maximum breaks it whatever its value where any
 * request timed out; where requests were only cut off by an interrupt, nothing is known past what they had waited.
 */
export function isOver(
  { metric, limit }: Budget,
  { observed, openAbove }: Measured,
  { figures }: ScopeData,
): boolean {
  if (metric.direction === 'atLeast') return observed.value < limit;
  if (observed.value > limit) return true;
  return openAbove && (figures.failed.timeout ?? 0) > 0;
}

/** The point estimate breaks the limit: it fails, firmly where the whole interval does. */
export function decideOver(budget: Budget, reading: Measured, { figures }: ScopeData): Decision {
  const { metric, limit } = budget;
  const floor = metric.direction === 'atLeast';
  const interval = intervalOf(reading);
  const bound = (floor ? interval?.high : interval?.low) ?? limit;
  const firm = reading.state === 'fact' || (floor ? bound < limit : bound > limit);
  const side = floor ? 'under the floor of' : 'over the limit of';
  const ends = metric.countsFailures
    ? `: ${failuresText(figures.failed, figures.unfinished)}`
    : reading.observed.atLeast
      ? `: ${neverEnded(figures)}`
      : '';
  return { status: 'fail', firm, reason: measuredText(budget, reading, side, firm, ends) };
}

/**
 * The point estimate keeps the limit: it passes, firmly where the whole interval does, unless so little was measured
 * that even a perfect run of this size could not be firm. Bursts that leave an interval open above make a run no
 * smaller where they stay clear of the limit: it passes then, not firmly.
 */
export function decideWithin(budget: Budget, reading: Measured, { figures }: ScopeData): Decision {
  const { metric, limit, warn } = budget;
  const floor = metric.direction === 'atLeast';
  const { value } = reading.observed;
  const side = floor ? 'above the floor of' : 'within the limit of';
  const open = (why: string): Decision => {
    const observed = `${observedText(budget, reading)}, ${side} ${limitQuantity(limit, metric.unit)}`;
    return { status: 'inconclusive', firm: false, reason: `${observed}, but ${why}` };
  };
  if (reading.openAbove) return open(`it may be any more: ${neverEnded(figures)}`);
  if (reading.state === 'estimate') {
    const { needed, evidence, atLimit } = reading;
    if (Math.max(evidence.effectiveSamples, atLimit.effectiveSamples) < needed)
      return open(settlingText(needed, evidence, figures.seconds));
    if (reading.interval === null)
      return open('the run is too short for an interval: measure for some seconds');
  }
  const interval = intervalOf(reading);
  const bound = floor ? interval?.low : interval?.high;
  const firm =
    reading.state === 'fact' || (typeof bound === 'number' && (floor ? bound >= limit : bound <= limit));
  const warned = warn !== null && (floor ? value < warn : value > warn);
  const past = warned ? ` but past the warning at ${limitQuantity(warn, metric.unit)}` : '';
  return { status: warned ? 'warn' : 'pass', firm, reason: measuredText(budget, reading, side, firm, past) };
}

function measuredText(budget: Budget, reading: Measured, side: string, firm: boolean, more: string): string {
  const unit = budget.metric.unit;
  const interval = intervalOf(reading);
  const evidence = [
    ...(interval === null ? [] : [intervalText(interval, unit)]),
    ...(firm ? [] : ['so not firm']),
    samplesText(reading.evidence),
  ];
  return `${observedText(budget, reading)}, ${side} ${limitQuantity(budget.limit, unit)}${more} (${evidence.join(', ')})`;
}

function observedText({ metric, limit }: Budget, { observed }: Measured): string {
  const least = observed.atLeast ? 'at least ' : '';
  return `${metric.name} was ${least}${quantityBesideLimit(observed.value, limit, metric.unit)}`;
}

function neverEnded({ failed, unfinished }: ScopeData['figures']): string {
  return failuresText(failed.timeout === undefined ? {} : { timeout: failed.timeout }, unfinished);
}

function intervalOf(reading: Measured): Interval | null {
  return reading.state === 'estimate' ? reading.interval : null;
}
