import { analyse } from '../../../analysis/analysis.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { none, number, percent } from '../../../words/quantity-text.ts';
import { type Inline, joined, line, name } from '../../words/inline.ts';
import { rowInShort } from '../../words/regression-wording.ts';
import { decisiveIn } from '../../words/verdict/outcome.ts';
import { findingInShort, partialQualifier } from '../../words/wording.ts';
import { count, figure, left, type Row, right, type Table, table, textCell, time } from '../table.ts';

/** Several runs in a row each: the verdict, what decided it, and what was measured. */
export function scenarioTable(runs: readonly JudgedRun[]): Table {
  return table(
    [
      left('scenario'),
      left('verdict'),
      right('requests', { goes: 1 }),
      right('p95', { goes: 3 }),
      right('errors', { goes: 2 }),
      left('because', { only: 'page' }),
      left('because', { only: 'screen', fills: true }),
    ],
    runs.map(rowOf),
  );
}

function rowOf(run: JudgedRun): Row {
  const { record, judgement } = run;
  const { figures, response } = analyse(record).of({ kind: 'total' });
  const { requests, errors, errorRate } = figures;
  const isPartial = ['interrupted', 'aborted'].includes(record.measurement.completion.state);
  return {
    cells: [
      textCell(name(record.header.scenario, 60)),
      {
        kind: 'verdict',
        verdict: judgement.verdict,
        qualifiers: isPartial ? [partialQualifier] : [],
      },
      count(requests),
      time(response.p95),
      {
        ...figure(errorRate === null ? none : percent(errorRate), errorRate, 'ratio'),
        tone: errors > 0 ? 'warns' : undefined,
      },
      textCell(...because(run)),
      textCell(...decisive(run, mostOnScreen).text),
    ],
  };
}

/** The most characters of an endpoint's name on a screen, which must leave room for the figures. */
const mostOnScreen = 18;

/** The finding that decided, and how many more there are like it. */
function because(run: JudgedRun): Inline {
  const { text, more } = decisive(run, 80);
  return more === 0 ? text : line`${text} and ${number(more)} more`;
}

function decisive(run: JudgedRun, mostOfName: number): ReturnType<typeof decisiveIn> {
  return decisiveIn(run, ({ budgets, regressions }) =>
    joined(
      [
        ...budgets.map(finding => findingInShort(finding, mostOfName)),
        ...regressions.map(finding => rowInShort(finding, mostOfName)),
      ],
      '; ',
    ),
  );
}
