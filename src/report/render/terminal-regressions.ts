import type { Judgement } from '../../model/judgement/verdict.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { number } from '../../words/quantity-text.ts';
import { baselineSentence } from '../words/baseline-sentence.ts';
import { comparisonNote } from '../words/reasons/comparison-note.ts';
import {
  baselineText,
  type ComparedRow,
  headText,
  movedText,
  rangeTitle,
  regressionsOfNote,
  rowOf,
  shownChange,
  shownRange,
} from '../words/regression-wording.ts';
import { scopeText, verdictSigns } from '../words/wording.ts';
import { paintOf, type Screen } from './terminal-screen.ts';
import { type Column, textTable, wrapped } from './text-table.ts';

const mostNoted = 20;

/** The regressions that are no pass, with their reasons. */
export function notedRegressions(judgement: Judgement, screen: Screen): readonly string[] {
  return notedRows(regressionsOfNote(judgement).map(rowOf), screen);
}

/** Comparisons, each with its reason; of many, the first. */
export function notedRows(rows: readonly ComparedRow[], screen: Screen): readonly string[] {
  const more = rows.length - mostNoted;
  return [
    ...rows.slice(0, mostNoted).flatMap(row => notedRow(row, screen)),
    ...(more > 0 ? [`  and ${number(more)} more, in the table of comparisons`] : []),
  ];
}

function notedRow(row: ComparedRow, screen: Screen): readonly string[] {
  const { status, scope, metric, change } = row;
  const word = `${verdictSigns[status]} ${status}`;
  const subject = `${scopeText(scope, name => printable(name, 60))} ${metric.name}`;
  const what = change === null ? 'not compared' : `${movedText(row)} (${shownChange(row)})`;
  const [first = '', ...rest] = wrapped(`${subject} ${what}`, screen.width, '    ', `  ${word}  `);
  const reason = wrapped(printable(row.reason, 600), screen.width, '    ', '    ');
  return [first.replace(word, paintOf(status, screen)(word)), ...rest, ...reason.map(screen.colors.dim)];
}

/** Everything that was compared as a table, with which baseline that was and how strong the evidence is. */
export function comparisonTable({ comparison }: Judgement, screen: Screen): readonly string[] {
  if (comparison.state !== 'compared') return [];
  const { findings, selection, notes } = comparison;
  const prose = [baselineSentence(selection), ...notes.map(comparisonNote)].flatMap(note =>
    wrapped(printable(note, 2_000), screen.width, '  '),
  );
  return [...rowTable(findings.map(rowOf), screen), ...prose.map(screen.colors.dim)];
}

/** Comparisons as a table, with a legend of its signs; nothing of none. Where there is no room, `goes` goes first. */
export function rowTable(
  compared: readonly ComparedRow[],
  screen: Screen,
  goes: 'interval' | 'values' = 'interval',
): readonly string[] {
  if (compared.length === 0) return [];
  const columns: readonly Column[] = [
    { title: 'compared', align: 'left' },
    { title: 'metric', align: 'left' },
    { title: 'base', align: 'right', ...(goes === 'values' ? { goes: 1 } : {}) },
    { title: 'head', align: 'right', ...(goes === 'values' ? { goes: 2 } : {}) },
    { title: 'change', align: 'right' },
    { title: rangeTitle(compared), align: 'right', ...(goes === 'interval' ? { goes: 1 } : {}) },
    { title: 'verdict', align: 'left' },
  ];
  const rows = compared.map(row => [
    { text: scopeText(row.scope, printable) },
    { text: row.metric.name },
    { text: baselineText(row) },
    { text: headText(row) },
    { text: shownChange(row) },
    { text: shownRange(row) },
    {
      text: `${verdictSigns[row.status]} ${[row.status, ...row.qualifiers.map(({ sign }) => sign)].join(' ')}`,
      paint: paintOf(row.status, screen),
    },
  ]);
  const legend = new Set(
    compared.flatMap(row => row.qualifiers).map(({ sign, word, meaning }) => `${sign} ${word}: ${meaning}`),
  );
  return [
    ...textTable(columns, rows, screen.width, screen.colors.dim),
    ...[...legend].map(screen.colors.dim),
  ];
}
