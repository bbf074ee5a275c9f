import type { RegressionFinding } from '../../../model/judgement/regression.ts';
import type { Judgement } from '../../../model/judgement/verdict.ts';
import { counted } from '../../../words/quantity-text.ts';
import { baselineSentence } from '../../words/baseline-sentence.ts';
import { prose } from '../../words/inline.ts';
import { comparisonNote } from '../../words/reasons/comparison-note.ts';
import {
  baselineText,
  type ComparedRow,
  countedVerdicts,
  headText,
  rangeTitle,
  regressionsOfNote,
  rowInShort,
  rowOf,
  shownChange,
  shownRange,
} from '../../words/regression-wording.ts';
import { scopeText } from '../../words/wording.ts';
import { type Block, type Entries, type Entry, folded, type List, type Section } from '../document.ts';
import { only } from '../placed.ts';
import { count, figure, left, right, type Table, table, textCell } from '../table.ts';
import { mostNoted } from './finding-blocks.ts';

/** The comparisons of a run that are no pass, with their reasons, and how strong the evidence is. */
export function notedComparisons(judgement: Judgement): readonly Block[] {
  const rows = regressionsOfNote(judgement).map(rowOf);
  if (rows.length === 0) return [];
  return [...notedRows(rows), ...evidenceOf(judgement).map(list => only('page', list))];
}

/** Everything that was compared with earlier runs, and with which. */
export function comparedSection(judgement: Judgement): readonly Section[] {
  const { comparison } = judgement;
  if (comparison.state !== 'compared') return [];
  const { findings, basis } = comparison;
  const verdicts = countedVerdicts(findings) || 'nothing in common';
  const title = `Compared with ${counted(runsOf(basis), 'earlier run')}: ${verdicts}`;
  return [folded({ title, decides: true }, comparedTable(findings.map(rowOf)), ...evidenceOf(judgement))];
}

/** Comparisons as a table, with the reason of each. */
export function notedRows(rows: readonly ComparedRow[]): readonly Block[] {
  return [only('page', comparedTable(rows.slice(0, mostNoted))), comparedEntries(rows)];
}

/** Comparisons in a line each, with their reasons. */
export function comparedEntries(rows: readonly ComparedRow[]): Entries {
  return {
    kind: 'entries',
    entries: rows.slice(0, mostNoted).map(entryOf),
    omitted: Math.max(0, rows.length - mostNoted),
    whole: 'in the table of comparisons',
  };
}

function entryOf(row: ComparedRow): Entry {
  const { status, scope, reason } = row;
  return {
    verdict: status,
    line: rowInShort(row, 60),
    reason: { of: scopeText(scope), text: prose(reason, 600) },
  };
}

/** Comparisons as a table. On a narrow screen the intervals go first, or the values where their change says more. */
export function comparedTable(
  rows: readonly ComparedRow[],
  goes: 'intervals' | 'values' = 'intervals',
): Table {
  return table(
    [
      left('endpoint', { onScreen: 'compared' }),
      left('metric'),
      right('base', goes === 'values' ? { goes: 1 } : {}),
      right('head', goes === 'values' ? { goes: 2 } : {}),
      right('change'),
      right(rangeTitle(rows), goes === 'intervals' ? { goes: 1 } : {}),
      right('samples', { only: 'page' }),
      left('verdict'),
    ],
    rows.map(row => {
      const { scope, metric, baseline, observed, change, samples, status, qualifiers } = row;
      const unit = metric.unit;
      return {
        cells: [
          textCell(...scopeText(scope)),
          textCell(metric.name),
          figure(baselineText(row), baseline?.value ?? null, unit),
          {
            ...figure(headText(row), observed?.value ?? null, unit),
            tone: status === 'fail' ? 'decides' : undefined,
          },
          figure(shownChange(row), change?.value ?? null, change?.kind ?? 'relative'),
          { kind: 'interval', text: shownRange(row), value: change?.interval ?? null },
          count(samples),
          { kind: 'verdict', verdict: status, qualifiers },
        ],
      };
    }),
  );
}

/** Which baseline it was, and how strong the evidence is. */
function evidenceOf({ comparison }: Judgement): readonly List[] {
  if (comparison.state !== 'compared') return [];
  const notes = [baselineSentence(comparison.selection), ...comparison.notes.map(comparisonNote)];
  return [{ kind: 'list', style: 'asides', items: notes.map(note => ({ text: [prose(note, 2_000)] })) }];
}

function runsOf(basis: RegressionFinding['basis']): number {
  if (basis.kind === 'unlike') return 1;
  return basis.kind === 'fewRuns' ? basis.others.length + 1 : basis.runs.length;
}
