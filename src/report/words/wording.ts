import { analyse } from '../../analysis/analysis.ts';
import type { Figures } from '../../analysis/figures.ts';
import { signalMetrics } from '../../analysis/metrics/table.ts';
import { type Scope, scopeName } from '../../model/judgement/budget.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { Finding, Verdict } from '../../model/judgement/verdict.ts';
import type { Completion, RunRecord } from '../../model/run/record.ts';
import {
  counted,
  limitQuantity,
  none,
  number,
  observation,
  percent,
  quantity,
  span,
} from '../../words/quantity-text.ts';
import { type Inline, line, name } from './inline.ts';
import { stoppedText } from './reasons/ends-text.ts';
import { isLeading, runNote } from './reasons/run-note.ts';

export { metricText } from './reasons/change-sentence.ts';

/** A sign for each verdict; the word always stands beside it. */
export const verdictSigns: { readonly [verdict in Verdict]: string } = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  inconclusive: '?',
  invalid: '⊘',
};

/**
 * The findings that a reader must see; the judge puts the worst first. What is not held against the target, since the run
 * is no measurement, stands in the table of budgets alone.
 */
export function findingsOfNote({ judgement }: JudgedRun): readonly Finding[] {
  return judgement.findings.filter(
    ({ status, reason }) => status !== 'pass' && reason.kind !== 'noMeasurement',
  );
}

/** What a finding observed, with digits enough to tell it from its limit. */
export function observedText({ observed, metric, limit }: Finding): string {
  return observation(observed, metric.unit, limit);
}

/** A limit with its direction: `≤ 100 ms`, `≥ 380/s`. */
export function limitText({ limit, metric }: Finding): string {
  if (limit === null) return none;
  return `${metric.direction === 'atMost' ? '≤' : '≥'} ${limitQuantity(limit, metric.unit)}`;
}

/** A budget with what was observed: `GET /api/bills p95 142 ms (≤ 100 ms)`; of a name, so many characters at most. */
export function findingInShort(finding: Finding, most?: number): Inline {
  const { scope, metric } = finding;
  return line`${scopeText(scope, most)} ${metric.name} ${observedText(finding)} (${limitText(finding)})`;
}

/** The metrics that a run has only because its scenario asks for what they are read from; those of streams have a table. */
export function signalMetricsOf({ measurement }: RunRecord): readonly Metric[] {
  return signalMetrics(analyse(measurement).signals).filter(({ signal }) => signal !== 'stream');
}

/** A scope as prose names it; of an endpoint's name, so many characters at most. */
export function scopeText(scope: Scope, most?: number): Inline {
  return [scope.kind === 'endpoint' ? name(scope.endpoint, most) : scopeName(scope)];
}

/** How a run that did not come to its planned end was cut short; null of a complete one. */
export function cutShort(completion: Completion, durationMs: number): string | null {
  switch (completion.state) {
    case 'complete':
      return null;
    case 'interrupted':
      return `partial: interrupted by ${completion.signal} after ${span(durationMs)}`;
    case 'aborted':
      return `partial: ${stoppedText({ ...completion, durationMs })}`;
    case 'notStarted':
      return 'the run never began';
    case 'neverAnswered':
      return `the target never answered; given up after ${span(completion.afterMs)}`;
    case 'workerDied':
      return 'partial: the load generator died';
  }
}

/** By which load model, for how long, and how many journeys were started at what rate. */
export function loadText({ measurement }: RunRecord): string {
  const { load, origin, windows } = measurement;
  if (origin) return `results of ${origin.tool} (${origin.format})`;
  const lengthOf = (kind: 'warmup' | 'stage') =>
    windows.filter(window => window.kind === kind).reduce((sum, { durationMs }) => sum + durationMs, 0);
  const [measured, warmup] = [lengthOf('stage'), lengthOf('warmup')];
  const rate = measured > 0 ? ` (${quantity(load.delivered / (measured / 1_000), 'perSecond')})` : '';
  const offered =
    load.offered === null || load.offered === load.delivered
      ? ''
      : ` of ${number(load.offered)} ${load.model === 'open' ? 'offered' : 'asked for'}`;
  return [
    `${load.model} load for ${span(measured)}`,
    warmup > 0 ? ` after ${span(warmup)} of warm-up` : '',
    `, ${counted(load.delivered, 'journey')}${offered} started${rate}`,
    load.cut ? `, ${number(load.cut)} of them cut by its end` : '',
  ].join('');
}

/** What a reader of the figures should know, from the record and from the judge, as prose. */
export function remarksOn({ record, judgement }: JudgedRun): readonly string[] {
  const { abandoned } = record.measurement.load;
  return [
    ...(abandoned > 0 ? [`${counted(abandoned, 'journey')} ended early for want of a captured value.`] : []),
    ...judgement.notes.filter(note => !isLeading(note)).map(runNote),
  ];
}

/** What qualifies a verdict: a sign where there is no room, a word, and what that means. */
export interface Qualifier {
  readonly sign: string;
  readonly word: string;
  readonly meaning: string;
}

/** What qualifies the verdict of a finding. */
export function qualifiersOf(finding: Finding): readonly Qualifier[] {
  return isFirm(finding) ? [] : [notFirm];
}

/** What is said of a run that did not come to its planned end. */
export const partialQualifier: Qualifier = {
  sign: '/',
  word: 'partial',
  meaning: 'the run was cut short',
};

const notFirm: Qualifier = {
  sign: '~',
  word: 'not firm',
  meaning: 'this run does not settle it',
};

/** Whether the evidence settles a finding; where it settles nothing, the status itself says so. */
export function isFirm({ status, firm }: Finding): boolean {
  return firm || status === 'inconclusive' || status === 'invalid';
}

/** Errors by kind, the most frequent first, and what never ended. */
export function errorsByKind({ failed, unfinished }: Figures): string {
  const kinds = Object.entries(failed).sort(([, one], [, other]) => other - one);
  return [
    ...kinds.map(([kind, count]) => `${kind} ${number(count)}`),
    ...(unfinished > 0 ? [`unfinished ${number(unfinished)}`] : []),
  ].join(', ');
}

/** Errors of how many requests, and their share. */
export function errorsOf({ errors, requests, errorRate }: Figures): string {
  return `${counted(errors, 'error')} in ${counted(requests, 'request')} (${percent(errorRate ?? 0)})`;
}
