import {
  type Comparison,
  counts,
  type RegressionFinding,
  regressionsIn,
} from '../../model/judgement/regression.ts';
import type { Judgement, Verdict } from '../../model/judgement/verdict.ts';
import { changeRange, changeText } from '../../words/change-text.ts';
import { none, number, observation, percent } from '../../words/quantity-text.ts';
import { baselineSentence } from './baseline-sentence.ts';
import { type Inline, line } from './inline.ts';
import { refusalText } from './reasons/refusal.ts';
import { regressionReason } from './reasons/regression-reason.ts';
import type { Qualifier } from './wording.ts';
import { metricText, scopeText } from './wording.ts';

/** The regressions that a reader must see: those that have a say in the verdict. The judge puts the worst first. */
export function regressionsOfNote({ comparison }: Judgement): readonly RegressionFinding[] {
  return regressionsIn(comparison)
    .filter(counts)
    .filter(({ status }) => status !== 'pass');
}

/** One comparison as tables show it: with an earlier run, or of a duet's sides. */
export interface ComparedRow
  extends Pick<
    RegressionFinding,
    'scope' | 'metric' | 'status' | 'observed' | 'baseline' | 'change' | 'samples'
  > {
  /** Why it has its status, in one sentence. */
  readonly reason: string;
  readonly qualifiers: readonly Qualifier[];
}

/** A regression as tables show it. */
export function rowOf(finding: RegressionFinding): ComparedRow {
  return {
    ...finding,
    reason: regressionReason(finding),
    qualifiers: qualifiers.filter(({ holds }) => holds(finding)),
  };
}

/** From what to what: `12 ms → 16 ms`. */
export function movedText(row: Pick<ComparedRow, 'baseline' | 'observed' | 'metric'>): string {
  return `${baselineText(row)} → ${headText(row)}`;
}

/** The baseline's value. */
export function baselineText({ baseline, metric }: Pick<ComparedRow, 'baseline' | 'metric'>): string {
  return observation(baseline, metric.unit);
}

/** The run's own value. */
export function headText({ observed, metric }: Pick<ComparedRow, 'observed' | 'metric'>): string {
  return observation(observed, metric.unit);
}

/** The change with its sign. */
export function shownChange({ change }: Pick<ComparedRow, 'change'>): string {
  return change === null ? none : changeText(change.value, change.kind);
}

/** The interval of the change. */
export function shownRange({ change }: Pick<ComparedRow, 'change'>): string {
  return change?.interval ? changeRange(change.interval, change.kind) : none;
}

/** The title of the column of intervals, with the confidence of the first. */
export function rangeTitle(rows: readonly Pick<ComparedRow, 'change'>[]): string {
  const confidence = rows.find(({ change }) => change?.interval)?.change?.interval?.confidence;
  return confidence === undefined ? 'interval' : `${percent(confidence)} interval`;
}

/** A finding in one part of a sentence: `GET /api/bills p95 12 ms → 16 ms (+33%)`. */
export function regressionText(finding: RegressionFinding): Inline {
  const subject = line`${scopeText(finding.scope)} ${metricText(finding.metric)}`;
  if (finding.change === null) return line`${subject} could not be compared`;
  return line`${subject} ${movedText(finding)} (${shownChange(finding)})`;
}

/** A comparison as it stands: `GET /api/bills p95 12 ms → 16 ms (+33%)`; of a name, so many characters at most. */
export function rowInShort(
  row: Pick<ComparedRow, 'scope' | 'metric' | 'baseline' | 'observed' | 'change'>,
  most?: number,
): Inline {
  const what = row.change === null ? 'not compared' : `${movedText(row)} (${shownChange(row)})`;
  return line`${scopeText(row.scope, most)} ${row.metric.name} ${what}`;
}

/** What is said of a comparison whose times are those of other requests. */
export const confoundedQualifier: Qualifier = {
  sign: '*',
  word: 'confounded',
  meaning: 'the error rates differ too',
};

const qualifiers: readonly (Qualifier & { readonly holds: (finding: RegressionFinding) => boolean })[] = [
  {
    sign: '~',
    word: 'not firm',
    meaning: 'the interval of the change spans the bar',
    holds: ({ firm, status }) => !firm && status !== 'inconclusive' && status !== 'invalid',
  },
  {
    sign: '°',
    word: 'optional',
    meaning: 'the run is green without it',
    holds: ({ status, required }) => (status === 'inconclusive' || status === 'invalid') && !required,
  },
  { ...confoundedQualifier, holds: ({ confounded }) => confounded },
];

/** Why nothing was compared, as prose; nothing where nobody asked, or where something was. */
export function comparisonRemarks(comparison: Comparison): readonly string[] {
  if (comparison.state === 'compared') return [];
  if (comparison.state === 'none') {
    return comparison.selection === null ? [] : [baselineSentence(comparison.selection)];
  }
  const which = comparison.selection === null ? [] : [baselineSentence(comparison.selection)];
  return [...which, `Not compared: ${refusalText(comparison.reason)}.`];
}

/** Counts of verdicts, worst first: `1 fail, 8 pass`. */
export function countedVerdicts(findings: readonly { readonly status: Verdict }[]): string {
  const order: readonly Verdict[] = ['fail', 'invalid', 'inconclusive', 'warn', 'pass'];
  return order
    .map(verdict => ({ verdict, count: findings.filter(({ status }) => status === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${number(count)} ${verdict}`)
    .join(', ');
}
