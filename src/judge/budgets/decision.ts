import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { BadEnds, FindingReason } from '../../model/judgement/finding-reason.ts';
import type { Finding, Interval } from '../../model/judgement/verdict.ts';
import type { Reading } from './reading.ts';

/** What a budget comes to before its waiver is read, and why. */
export interface Decision extends Pick<Finding, 'status' | 'firm'> {
  readonly reason: Exclude<FindingReason, { kind: 'waived' | 'waiverExpired' | 'noMeasurement' }>;
}

type Measured = Extract<Reading, { state: 'estimate' | 'fact' }>;

/**
 * Nothing was measured: no data, and so invalid, unless it is the target's doing: every request failed, or every
 * journey ended before this endpoint, because of what the target answered.
 */
export function decideEmpty({ metric, scope }: Budget, { figures, abandoned }: ScopeData): Decision {
  if (metric.signal !== null && figures.ok > 0) {
    const reason = { kind: 'untold', answers: figures.ok, signal: metric.signal } as const;
    return { status: 'invalid', firm: false, reason };
  }
  if (figures.requests > 0) {
    return { status: 'fail', firm: true, reason: { kind: 'noneMeasured', ends: endsOf(figures) } };
  }
  return scope.kind === 'endpoint' && abandoned > 0
    ? { status: 'fail', firm: true, reason: { kind: 'journeysEndedEarly', journeys: abandoned } }
    : { status: 'invalid', firm: false, reason: { kind: 'noneDue' } };
}

/** A quantile that was not seen is open, unless clearly more of the samples lie over the limit than it allows. */
export function decideUnseen(
  { needed, allowed, over, overShare }: Extract<Reading, { state: 'unseen' }>,
  { figures: { seconds } }: ScopeData,
): Decision {
  return (overShare.low ?? 0) > allowed
    ? { status: 'fail', firm: true, reason: { kind: 'tooManyOver', over, allowed, share: overShare } }
    : { status: 'inconclusive', firm: false, reason: { kind: 'unseen', needed, seconds } };
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
export function decideOver({ metric, limit }: Budget, reading: Measured, { figures }: ScopeData): Decision {
  const floor = metric.direction === 'atLeast';
  const interval = intervalOf(reading);
  const bound = (floor ? interval?.high : interval?.low) ?? limit;
  const firm = reading.state === 'fact' || (floor ? bound < limit : bound > limit);
  const ends = metric.countsFailures
    ? endsOf(figures)
    : reading.observed.atLeast
      ? neverEnded(figures)
      : null;
  const why = isSummary(reading) ? ({ unsettled: 'summary' } as const) : {};
  return { status: 'fail', firm, reason: { kind: 'overLimit', ends, ...why } };
}

/**
 * The point estimate keeps the limit: it passes, firmly where the whole interval does, unless so little was measured
 * that even a perfect run of this size could not be firm. Bursts that leave an interval open above make a run no
 * smaller where they stay clear of the limit: it passes then, not firmly. Nor does it pass firmly where no interval of this run tells
 * what the next one brings, unless the limit is far away.
 */
export function decideWithin(
  { metric, limit, warn }: Budget,
  reading: Measured,
  { figures }: ScopeData,
): Decision {
  const floor = metric.direction === 'atLeast';
  const { value } = reading.observed;
  const open = (reason: Decision['reason']): Decision => ({ status: 'inconclusive', firm: false, reason });
  if (reading.openAbove) return open({ kind: 'mayBeMore', ends: neverEnded(figures) });
  if (reading.state === 'estimate') {
    const { needed, evidence, atLimit } = reading;
    if (Math.max(evidence.effectiveSamples, atLimit.effectiveSamples) < needed)
      return open({ kind: 'tooFewSamples', needed, seconds: figures.seconds });
    if (reading.interval === null && !isSummary(reading)) return open({ kind: 'tooShort' });
  }
  const interval = intervalOf(reading);
  const bound = floor ? interval?.low : interval?.high;
  const isKept =
    reading.state === 'fact' || (typeof bound === 'number' && (floor ? bound >= limit : bound <= limit));
  const isNear = reading.state === 'estimate' && withinReach(value, bound ?? null, limit);
  const unsettled = isSummary(reading) ? 'summary' : isKept && isNear ? reading.unsettled : null;
  const firm = isKept && unsettled === null;
  const why = unsettled === null ? {} : { unsettled };
  const isPast = warn !== null && (floor ? value < warn : value > warn);
  return isPast
    ? { status: 'warn', firm, reason: { kind: 'pastWarning', ...why } }
    : { status: 'pass', firm, reason: { kind: 'withinLimit', ...why } };
}

/** Whether a value comes from a summary of another tool, of which there is never an interval. */
function isSummary(reading: Measured): boolean {
  return reading.state === 'estimate' && reading.unsettled === 'summary';
}

/** How many times as far as its interval a run that settles nothing may be from the next one. */
const reaches = 3;

/** Whether a limit lies so near that a run of which the interval tells only itself leaves it open. */
export function withinReach(value: number, bound: number | null, limit: number): boolean {
  return bound === null || Math.abs(limit - value) < reaches * Math.abs(bound - value);
}

function endsOf({ failed, unfinished }: ScopeData['figures']): BadEnds {
  return { failed, unfinished };
}

function neverEnded({ failed, unfinished }: ScopeData['figures']): BadEnds {
  return { failed: failed.timeout === undefined ? {} : { timeout: failed.timeout }, unfinished };
}

function intervalOf(reading: Measured): Interval | null {
  return reading.state === 'estimate' ? reading.interval : null;
}
