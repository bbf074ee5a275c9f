import { changeRange, changeText } from '../model/change-text.ts';
import { unitOf } from '../model/metric.ts';
import { none, number, observation } from '../model/quantity-text.ts';
import { type Comparison, counts, type RegressionFinding, regressionsIn } from '../model/regression.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { baselineSentence } from './baseline-sentence.ts';
import { metricText, scopeText } from './wording.ts';

/** The regressions that a reader must see, worst first: those that have a say in the verdict. */
export function regressionsOfNote({ comparison }: Judgement): readonly RegressionFinding[] {
  const order: readonly Verdict[] = ['fail', 'inconclusive', 'warn'];
  const all = regressionsIn(comparison).filter(counts);
  return order.flatMap(status => all.filter(finding => finding.status === status));
}

/** From what to what: `12 ms → 16 ms`. */
export function movedText(finding: RegressionFinding): string {
  return `${baselineText(finding)} → ${headText(finding)}`;
}

/** The baseline's value. */
export function baselineText({ baseline, metric }: RegressionFinding): string {
  return observation(baseline, unitOf(metric));
}

/** The run's own value. */
export function headText({ observed, metric }: RegressionFinding): string {
  return observation(observed, unitOf(metric));
}

/** The change with its sign. */
export function shownChange({ change }: RegressionFinding): string {
  return change === null ? none : changeText(change.value, change.kind);
}

/** The interval of the change. */
export function shownRange({ change }: RegressionFinding): string {
  return change?.interval ? changeRange(change.interval, change.kind) : none;
}

/** A finding in one part of a sentence: `GET /api/bills p95 12 ms → 16 ms (+33%)`. */
export function regressionText(finding: RegressionFinding, name: (foreign: string) => string): string {
  const subject = `${scopeText(finding.scope, name)} ${metricText(finding.metric)}`;
  if (finding.change === null) return `${subject} could not be compared`;
  return `${subject} ${movedText(finding)} (${shownChange(finding)})`;
}

/** What qualifies a verdict: a sign where there is no room, a word, and what that means. */
export const qualifiers = [
  {
    sign: '~',
    word: 'not firm',
    meaning: 'the interval of the change spans the bar',
    holds: ({ firm, status }: RegressionFinding) => !firm && status !== 'inconclusive',
  },
  {
    sign: '°',
    word: 'optional',
    meaning: 'the run is green without it',
    holds: ({ status, required }: RegressionFinding) => status === 'inconclusive' && !required,
  },
  {
    sign: '*',
    word: 'confounded',
    meaning: 'the error rates differ too',
    holds: ({ confounded }: RegressionFinding) => confounded,
  },
] as const;

/** Why nothing was compared, as prose; nothing where nobody asked, or where something was. */
export function comparisonRemarks(comparison: Comparison): readonly string[] {
  if (comparison.state === 'compared') return [];
  if (comparison.state === 'none') {
    return comparison.selection === null ? [] : [baselineSentence(comparison.selection)];
  }
  const which = comparison.selection === null ? [] : [baselineSentence(comparison.selection)];
  return [...which, `Not compared: ${comparison.reason}.`];
}

/** Counts of verdicts, worst first: `1 fail, 8 pass`. */
export function countedVerdicts(findings: readonly { readonly status: Verdict }[]): string {
  const order: readonly Verdict[] = ['invalid', 'fail', 'inconclusive', 'warn', 'pass'];
  return order
    .map(verdict => ({ verdict, count: findings.filter(({ status }) => status === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${number(count)} ${verdict}`)
    .join(', ');
}
