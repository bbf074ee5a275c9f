import type { MetricUnit } from '../../model/judgement/metric.ts';
import type { Evidence, Interval } from '../../model/judgement/verdict.ts';
import type { FailureKind } from '../../model/run/failure.ts';
import type { Completion } from '../../model/run/record.ts';
import { counted, none, number, observation, percent, range, span } from '../../words/quantity-text.ts';
import { isClustered } from './reading.ts';

/** A quantity beside its limit: with as many digits as tell the two apart. */
export function quantityBesideLimit(value: number, limit: number, unit: MetricUnit): string {
  return observation({ value, atLeast: false }, unit, limit);
}

/** An interval: `95% interval 108–117 ms`. */
export function intervalText(interval: Interval, unit: MetricUnit): string {
  const ends = range(interval, unit);
  return `${percent(interval.confidence)} interval ${ends === none ? 'open on both sides' : ends}`;
}

/** The samples behind a figure, and how many independent ones they are worth where that is much less. */
export function samplesText(evidence: Evidence): string {
  const text = counted(evidence.samples, 'sample');
  return isClustered(evidence)
    ? `${text}, worth ${number(Math.round(evidence.effectiveSamples))} independent ones`
    : text;
}

/** Why a run was stopped by its `abortOn`, to follow "was". */
export function stoppedText(
  { errorRate, forMs }: Extract<Completion, { state: 'aborted' }>,
  durationMs: number,
): string {
  return `stopped after ${span(durationMs)} because ${percent(errorRate)} of requests failed within ${span(forMs)} (abortOn)`;
}

/** How many requests failed in which way: `400 refused, 2 timed out`. */
export function failuresText(
  failed: { readonly [kind in FailureKind]?: number },
  unfinished: number,
): string {
  const parts = (Object.entries(failed) as [FailureKind, number][])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${number(count)} ${failureWords[kind]}`);
  if (unfinished > 0) parts.push(`${number(unfinished)} unfinished`);
  return parts.join(', ');
}

const failureWords: { readonly [kind in FailureKind]: string } = {
  dns: 'with a name that did not resolve',
  refused: 'refused',
  reset: 'reset',
  closed: 'closed without a whole answer',
  timeout: 'timed out',
  tls: 'failed in TLS',
  malformed: 'answered with something that is not HTTP',
  status: 'with an unexpected status',
  check: 'with a failed check',
  notSent: 'not sent',
};
