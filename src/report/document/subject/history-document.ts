import type { LeftOut, MetricHistory } from '../../../model/judgement/history.ts';
import { none, observation, percent, quantity } from '../../../words/quantity-text.ts';
import { shortCommit } from '../../words/baseline-sentence.ts';
import { line, name } from '../../words/inline.ts';
import type { Chart } from '../chart.ts';
import {
  type Block,
  type Document,
  type Item,
  paragraph,
  type Records,
  type Section,
  section,
  title,
} from '../document.ts';
import { figure, left, right, type Table, table, textCell } from '../table.ts';

/** In a shorter course no change can be seen. */
const fewestForChanges = 12;

/** The course of a metric over the commits, oldest first, where it changed, and what was left out. */
export function historyDocument(history: MetricHistory): Document {
  const { points, metric, scenario, endpoint } = history;
  const of = endpoint === null ? 'all endpoints' : name(endpoint, 80);
  const course: readonly Block[] = [
    ...(points.length < 2 ? [] : [chartOf(history)]),
    points.length === 0 ? paragraph(['no run to show']) : pointTable(history),
  ];
  return {
    subject: 'history',
    sentence: title(line`${name(scenario, 60)} · ${of} · ${metric}`),
    parts: [
      {
        heading: null,
        sections: [section(...course), ...changeSection(history), ...leftOutSection(history)],
      },
    ],
    summary: history,
    records: recordsOf(history),
  };
}

function chartOf({ points, changes, metric, unit }: MetricHistory): Chart {
  const labels = points.map(({ commit, run }) => shortCommit(commit ?? run));
  const starts = changes.map(({ run }) => points.findIndex(point => point.run === run));
  return {
    kind: 'chart',
    x: { kind: 'ordered', what: 'commit', labels },
    series: [{ name: [metric], unit, values: points.map(({ value }) => value), limits: [] }],
    marks: starts.map((from, index) => ({
      from,
      to: starts[index + 1] ?? points.length,
      what: 'after a change',
    })),
  };
}

function pointTable({ points, metric, unit }: MetricHistory): Table {
  const rows = points.map(point => ({
    cells: [
      textCell(point.commit === null ? none : name(shortCommit(point.commit))),
      textCell(point.startedAt.slice(0, 16).replace('T', ' ')),
      textCell(point.branch === null ? none : name(point.branch, 30)),
      figure(point.requests.toLocaleString('en-US'), point.requests, 'count'),
      figure(observation(point, unit), point.value, unit),
    ],
  }));
  const columns = [
    left('commit'),
    left('measured (UTC)'),
    left('branch', { goes: 1 }),
    right('requests'),
    right(metric),
  ];
  return table(columns, rows);
}

function changeSection({ points, changes, unit }: MetricHistory): readonly Section[] {
  if (points.length < fewestForChanges) return [];
  if (changes.length === 0) return [section(paragraph(['No change point.']))];
  const commitOf = (run: string) => points.find(point => point.run === run)?.commit ?? null;
  const shown = (run: string) => name(shortCommit(commitOf(run) ?? run));
  const items = changes.map(({ run, previousRun, before, after, change, confidence }): Item => {
    const share = change === null ? '' : ` (${change < 0 ? '−' : '+'}${percent(Math.abs(change))})`;
    const moved = `${quantity(before, unit)} → ${quantity(after, unit)}${share}`;
    return {
      text: line`after ${shown(previousRun)}, from ${shown(run)} on: ${moved}, ${percent(confidence)} sure`,
    };
  });
  return [section(paragraph(['Change points:']), { kind: 'list', style: 'lines', items })];
}

const reasons: { readonly [reason in LeftOut]: string } = {
  uncommittedChanges: 'of uncommitted changes',
  incomplete: 'that did not complete',
  otherWorkload: 'of another version of the scenario',
  otherMachine: 'on other machines (--every-machine shows them)',
  otherBranch: 'of commits that are no ancestors of this one (--every-branch shows them)',
  noValue: 'in which the metric was not seen',
};

function leftOutSection({ leftOut, damaged }: MetricHistory): readonly Section[] {
  const items = (Object.keys(reasons) as LeftOut[]).flatMap((reason): readonly Item[] => {
    const count = leftOut[reason] ?? 0;
    return count > 0 ? [{ text: [`${count} ${reasons[reason]}`] }] : [];
  });
  const unread: readonly Item[] =
    damaged.length === 0
      ? []
      : [
          {
            text: [`${damaged.length} that cannot be read:`],
            items: damaged.map(what => [name(what, 400)]),
          },
        ];
  const all = [...items, ...unread];
  if (all.length === 0) return [];
  return [section(paragraph(['Runs left out:']), { kind: 'list', style: 'lines', items: all })];
}

function recordsOf({ points, metric, unit }: MetricHistory): Records {
  return {
    columns: ['commit', 'branch', 'startedAt', 'run', 'metric', 'unit', 'value', 'atLeast', 'requests'],
    rows: points.map(({ commit, branch, startedAt, run, value, atLeast, requests }) => [
      commit,
      branch,
      startedAt,
      run,
      metric,
      unit,
      value,
      atLeast,
      requests,
    ]),
  };
}
