import type { LeftOut, MetricHistory } from '../../../model/judgement/history.ts';
import { none, observation, percent, quantity } from '../../../words/quantity-text.ts';
import { acceptanceText } from '../../words/acceptance-text.ts';
import { shortCommit } from '../../words/baseline-sentence.ts';
import { line, name, prose } from '../../words/inline.ts';
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
import { markCell } from '../mark-cell.ts';
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
        sections: [
          section(...course),
          ...nameSection(history),
          ...acceptedSection(history),
          ...changeSection(history),
          ...leftOutSection(history),
        ],
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
    marks: [
      ...starts.map((from, index) => ({
        from,
        to: starts[index + 1] ?? points.length,
        what: 'after a change',
      })),
      ...points.flatMap(({ accepted }, from) =>
        accepted === undefined ? [] : [{ from, to: from + 1, what: 'accepted' }],
      ),
    ],
  };
}

function pointTable({ points, metric, unit }: MetricHistory): Table {
  const isJudged = points.some(({ verdict, accepted }) => verdict !== undefined || accepted !== undefined);
  const rows = points.map(point => ({
    cells: [
      textCell(point.commit === null ? none : name(shortCommit(point.commit))),
      textCell(point.startedAt.slice(0, 16).replace('T', ' ')),
      textCell(point.branch === null ? none : name(point.branch, 30)),
      figure(point.requests.toLocaleString('en-US'), point.requests, 'count'),
      figure(observation(point, unit), point.value, unit),
      ...(isJudged ? [markCell(point)] : []),
    ],
  }));
  const columns = [
    left('commit'),
    left('measured (UTC)'),
    left('branch', { goes: 1 }),
    right('requests'),
    right(metric),
    ...(isJudged ? [left('verdict')] : []),
  ];
  return table(columns, rows);
}

function nameSection({ formerly = [] }: MetricHistory): readonly Section[] {
  if (formerly.length === 0) return [];
  const names = formerly.map(({ scenario, file }) => [
    ...(file === null ? [] : line`${name(file, 200)}: `),
    name(scenario, 60),
  ]);
  const items = names.map((text): Item => ({ text }));
  return [
    section(paragraph(['The scenario was renamed. Earlier runs of it are those of:']), {
      kind: 'list',
      style: 'lines',
      items,
    }),
  ];
}

function acceptedSection({ points }: MetricHistory): readonly Section[] {
  const items = points.flatMap(({ accepted, commit, run }): readonly Item[] =>
    accepted === undefined
      ? []
      : [
          {
            text: line`${name(shortCommit(commit ?? run))}, ${accepted.at.slice(0, 10)}, ${prose(acceptanceText(accepted), 1_000)}`,
          },
        ],
  );
  return items.length === 0
    ? []
    : [section(paragraph(['Accepted:']), { kind: 'list', style: 'lines', items })];
}

function changeSection({ points, changes, unit }: MetricHistory): readonly Section[] {
  if (points.length < fewestForChanges) return [];
  if (changes.length === 0) return [section(paragraph(['No change point.']))];
  const commitOf = (run: string) => points.find(point => point.run === run)?.commit ?? null;
  const shown = (run: string) => name(shortCommit(commitOf(run) ?? run));
  const items = changes.map(({ run, previousRun, before, after, change, confidence, detectors }): Item => {
    const share = change === null ? '' : ` (${change < 0 ? '−' : '+'}${percent(Math.abs(change))})`;
    const moved = `${quantity(before, unit)} → ${quantity(after, unit)}${share}`;
    return {
      text: line`after ${shown(previousRun)}, from ${shown(run)} on: ${moved}, ${percent(confidence)} sure (${detectors} of 3 detectors)`,
    };
  });
  return [section(paragraph(['Change points:']), { kind: 'list', style: 'lines', items })];
}

const reasons: { readonly [reason in LeftOut]: string } = {
  uncommittedChanges: 'of uncommitted changes',
  incomplete: 'that did not complete',
  noMeasurement: 'that were no measurement',
  otherFile: 'of another scenario file of that name (--scenario FILE shows them)',
  otherTarget: 'of another target (--target URL shows them)',
  otherServe: 'of an API that another command started',
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
    columns: [
      'commit',
      'branch',
      'startedAt',
      'run',
      'metric',
      'unit',
      'value',
      'atLeast',
      'requests',
      'verdict',
      'accepted',
    ],
    rows: points.map(({ commit, branch, startedAt, run, value, atLeast, requests, verdict, accepted }) => [
      commit,
      branch,
      startedAt,
      run,
      metric,
      unit,
      value,
      atLeast,
      requests,
      verdict ?? null,
      accepted === undefined ? null : acceptanceText(accepted),
    ]),
  };
}
