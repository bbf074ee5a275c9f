import { analyse } from '../../../analysis/analysis.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { none, percent } from '../../../words/quantity-text.ts';
import { type Inline, joined, name } from '../../words/inline.ts';
import { rowInShort } from '../../words/regression-wording.ts';
import { type Decisive, decisiveIn } from '../../words/verdict/outcome.ts';
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
      left('because', { fills: true }),
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
      textCell(...decisiveIn(run, inShort).text),
    ],
  };
}

function inShort({ budgets, regressions }: Decisive): Inline {
  const parts = [
    ...budgets.map(finding => findingInShort(finding, 40)),
    ...regressions.map(finding => rowInShort(finding, 40)),
  ];
  return joined(parts, '; ');
}
