import type { RegressionFinding } from '../../model/judgement/regression.ts';
import type { Judgement } from '../../model/judgement/verdict.ts';
import { markdownCode, markdownText } from '../../safety/untrusted-text.ts';
import { counted, number } from '../../words/quantity-text.ts';
import { baselineSentence } from '../words/baseline-sentence.ts';
import { comparisonNote } from '../words/reasons/comparison-note.ts';
import {
  baselineText,
  type ComparedRow,
  countedVerdicts,
  headText,
  rangeTitle,
  regressionsOfNote,
  rowOf,
  shownChange,
  shownRange,
} from '../words/regression-wording.ts';
import { scopeText } from '../words/wording.ts';
import { folded, table } from './markdown-blocks.ts';
import { markdownSigns } from './markdown-findings.ts';

const mostNoted = 50;
const mostRows = 200;

/** The regressions that are no pass: table and reasons, and how strong the evidence is; nothing where there are none. */
export function notedRegressions(judgement: Judgement): readonly string[] {
  const noted = notedRows(regressionsOfNote(judgement).map(rowOf));
  return noted.length === 0 ? [] : [...noted, evidenceOf(judgement)];
}

/** Comparisons as a table, with the reason of each; of many, the first. */
export function notedRows(rows: readonly ComparedRow[]): readonly string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, mostNoted);
  const more = rows.length - mostNoted;
  return [rowTable(shown), shown.map(reasonOf).join('\n'), more > 0 ? `and ${number(more)} more` : ''];
}

/** Everything that was compared, folded. */
export function comparedSection(judgement: Judgement): string {
  const { comparison } = judgement;
  if (comparison.state !== 'compared') return '';
  const { findings } = comparison;
  return folded(
    `Compared with ${counted(runsOf(comparison.basis), 'earlier run')}: ${countedVerdicts(findings) || 'nothing in common'}`,
    ...rowsOf(findings.map(rowOf)),
    evidenceOf(judgement),
  );
}

function evidenceOf({ comparison }: Judgement): string {
  if (comparison.state !== 'compared') return '';
  return [baselineSentence(comparison.selection), ...comparison.notes.map(comparisonNote)]
    .map(note => `- ${markdownText(note, 2_000)}`)
    .join('\n');
}

function runsOf(basis: RegressionFinding['basis']): number {
  if (basis.kind === 'unlike') return 1;
  return basis.kind === 'fewRuns' ? basis.others.length + 1 : basis.runs.length;
}

/** Comparisons as a table, as many as it may hold. */
export function rowsOf(rows: readonly ComparedRow[]): readonly string[] {
  const more = rows.length - mostRows;
  return [rowTable(rows.slice(0, mostRows)), more > 0 ? `and ${number(more)} more` : ''];
}

function rowTable(rows: readonly ComparedRow[]): string {
  return table(
    [
      { title: 'endpoint' },
      { title: 'metric' },
      { title: 'base', align: 'right' },
      { title: 'head', align: 'right' },
      { title: 'change', align: 'right' },
      { title: rangeTitle(rows), align: 'right' },
      { title: 'samples', align: 'right' },
      { title: 'verdict' },
    ],
    rows.map(row => [
      scopeText(row.scope, markdownCode),
      row.metric.name,
      baselineText(row),
      row.status === 'fail' ? `**${headText(row)}**` : headText(row),
      shownChange(row),
      shownRange(row),
      number(row.samples),
      `${markdownSigns[row.status]} ${[row.status, ...row.qualifiers.map(({ word }) => word)].join(', ')}`,
    ]),
  );
}

/** Why a comparison has its verdict, as an entry of a list. */
export function reasonOf({ scope, reason }: ComparedRow): string {
  return `- ${scopeText(scope, markdownCode)}: ${markdownText(reason, 600)}`;
}
