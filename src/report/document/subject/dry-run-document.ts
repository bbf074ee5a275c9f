import type { DryRun } from '../../../model/judgement/dry-run.ts';
import { counted, none, number } from '../../../words/quantity-text.ts';
import { type DryRunSummary, dryRunSummaryOf } from '../../summary/dry-run-summary.ts';
import { line, name, prose } from '../../words/inline.ts';
import { type Document, paragraph, type Section, section, type Title, title } from '../document.ts';
import { figure, left, right, type Table, table, textCell } from '../table.ts';

type PlannedRun = DryRunSummary['runs'][number];

/** What runs would do: the plan, what it will ask of each endpoint, and one sample request each. */
export function dryRunDocument(dryRuns: readonly DryRun[]): Document {
  const summary = dryRunSummaryOf(dryRuns);
  const { runs } = summary;
  const [only] = runs;
  const all = `${counted(runs.length, 'scenario')}: nothing is sent, this is what the runs would do`;
  const isAlone = only !== undefined && runs.length === 1;
  return {
    subject: 'dryRun',
    sentence: isAlone ? titleOf(only) : title([all]),
    parts: runs.map(run => ({
      heading: isAlone ? null : { name: name(run.scenario, 60), sentence: null },
      sections: sectionsOf(run),
    })),
    summary,
  };
}

function titleOf({ scenario }: PlannedRun): Title {
  return title(line`${name(scenario)}: nothing is sent, this is what a run would do`);
}

function sectionsOf(run: PlannedRun): readonly Section[] {
  const { target, serve, load, budgets, endpoints, notes } = run;
  const start = serve === null ? [] : line` (started with: ${name(serve, 1_000)})`;
  return [
    section({
      kind: 'facts',
      style: 'main',
      facts: [
        { name: 'target', value: line`${name(target)}${start}` },
        { name: 'load', value: [load] },
        { name: 'budgets', value: [String(budgets)] },
      ],
    }),
    section(endpointTable(run)),
    ...transactionSection(run),
    section({
      kind: 'list',
      style: 'points',
      items: notes.map(note => ({ text: [prose(note, 2_000)] })),
    }),
    ...endpoints.flatMap(({ name: endpoint, sample }) =>
      sample === null
        ? []
        : section(paragraph(line`sample request of ${name(endpoint)}`), {
            kind: 'code',
            is: 'request',
            text: sample.replaceAll('\r\n', '\n').trimEnd(),
          }),
    ),
  ];
}

function transactionSection({ transactions = [] }: PlannedRun): readonly Section[] {
  if (transactions.length === 0) return [];
  const rows = transactions.map(({ name: transaction, hasBudget }) => ({
    cells: [textCell(name(transaction)), textCell(hasBudget ? 'yes' : 'none')],
  }));
  return [section(table([left('measured as a whole'), left('budget')], rows))];
}

function endpointTable({ endpoints }: PlannedRun): Table {
  const rows = endpoints.map(({ name: endpoint, requests, requestsPerSecond, hasBudget }) => ({
    cells: [
      textCell(name(endpoint)),
      figure(requestsPerSecond === null ? none : number(requestsPerSecond), requestsPerSecond, 'perSecond'),
      figure(
        requests === null ? 'as many as the answers allow' : number(Math.round(requests)),
        requests,
        'count',
      ),
      textCell(hasBudget ? 'yes' : 'none'),
    ],
  }));
  return table([left('endpoint'), right('requests/s'), right('requests'), left('budget')], rows);
}
