import { number, percent } from '../model/quantity-text.ts';
import type { RegressionFinding } from '../model/regression.ts';
import type { Judgement } from '../model/verdict.ts';
import { baselineSentence } from './baseline-sentence.ts';
import { printable } from './foreign-text.ts';
import {
  baselineText,
  headText,
  movedText,
  qualifiers,
  regressionsOfNote,
  shownChange,
  shownRange,
} from './regression-wording.ts';
import { paintOf, type Screen } from './terminal-screen.ts';
import { type Column, textTable, wrapped } from './text-table.ts';
import { scopeText, verdictSigns } from './wording.ts';

const mostNoted = 20;

/** The regressions that are no pass, with their reasons. */
export function notedRegressions(judgement: Judgement, screen: Screen): readonly string[] {
  const noted = regressionsOfNote(judgement);
  return [
    ...noted.slice(0, mostNoted).flatMap(finding => notedRegression(finding, screen)),
    ...(noted.length > mostNoted
      ? [`  and ${number(noted.length - mostNoted)} more, in the table of comparisons`]
      : []),
  ];
}

function notedRegression(finding: RegressionFinding, screen: Screen): readonly string[] {
  const { status, scope, metric, change } = finding;
  const word = `${verdictSigns[status]} ${status}`;
  const subject = `${scopeText(scope, name => printable(name, 60))} ${metric.name}`;
  const what = change === null ? 'not compared' : `${movedText(finding)} (${shownChange(finding)})`;
  const [first = '', ...rest] = wrapped(`${subject} ${what}`, screen.width, '    ', `  ${word}  `);
  const reason = wrapped(printable(finding.reason, 600), screen.width, '    ', '    ');
  return [first.replace(word, paintOf(status, screen)(word)), ...rest, ...reason.map(screen.colors.dim)];
}

const columns: readonly Column[] = [
  { title: 'compared', align: 'left' },
  { title: 'metric', align: 'left' },
  { title: 'base', align: 'right' },
  { title: 'head', align: 'right' },
  { title: 'change', align: 'right' },
  { title: 'interval', align: 'right', goes: 1 },
  { title: 'verdict', align: 'left' },
];

function marksOf(finding: RegressionFinding): readonly string[] {
  return qualifiers.filter(({ holds }) => holds(finding)).map(({ sign }) => sign);
}

/** Everything that was compared as a table, with which baseline that was and how strong the evidence is. */
export function comparisonTable({ comparison }: Judgement, screen: Screen): readonly string[] {
  if (comparison.state !== 'compared') return [];
  const { findings, selection, notes } = comparison;
  const confidence = findings.find(({ change }) => change?.interval)?.change?.interval?.confidence;
  const titled = columns.map(column =>
    column.title === 'interval' && confidence !== undefined
      ? { ...column, title: `${percent(confidence)} interval` }
      : column,
  );
  const rows = findings.map(finding =>
    [
      scopeText(finding.scope, printable),
      finding.metric.name,
      baselineText(finding),
      headText(finding),
      shownChange(finding),
      shownRange(finding),
    ]
      .map((text): { readonly text: string; readonly paint?: (text: string) => string } => ({ text }))
      .concat({
        text: `${verdictSigns[finding.status]} ${[finding.status, ...marksOf(finding)].join(' ')}`,
        paint: paintOf(finding.status, screen),
      }),
  );
  const legend = qualifiers
    .filter(({ holds }) => findings.some(holds))
    .map(({ sign, word, meaning }) => `${sign} ${word}: ${meaning}`);
  const prose = [baselineSentence(selection), ...notes].flatMap(note =>
    wrapped(printable(note, 2_000), screen.width, '  '),
  );
  return [
    ...(rows.length > 0 ? textTable(titled, rows, screen.width, screen.colors.dim) : []),
    ...legend.map(screen.colors.dim),
    ...prose.map(screen.colors.dim),
  ];
}
