import type { LeftOut, MetricHistory } from '../../model/judgement/history.ts';
import { printable } from '../../safety/untrusted-text.ts';
import { none, observation, percent, quantity } from '../../words/quantity-text.ts';
import { shortCommit } from '../words/baseline-sentence.ts';
import { sparkline } from '../words/sparkline.ts';
import { textTable } from './text-table.ts';

/** In a shorter course no change can be seen. */
const fewestForChanges = 12;

/** A history as a table for a terminal, oldest first, with a line of its course and what was left out. */
export function historyText(history: MetricHistory, width = 100): string {
  const { points, unit, metric, scenario, endpoint } = history;
  const title = `${printable(scenario, 60)} · ${printable(endpoint ?? 'all endpoints', 80)} · ${metric}`;
  const columns = [
    { title: 'commit', align: 'left' },
    { title: 'measured (UTC)', align: 'left' },
    { title: 'branch', align: 'left', goes: 1 },
    { title: 'requests', align: 'right' },
    { title: metric, align: 'right' },
  ] as const;
  const rows = points.map(point =>
    [
      point.commit === null ? none : shortCommit(point.commit),
      point.startedAt.slice(0, 16).replace('T', ' '),
      printable(point.branch ?? none, 30),
      point.requests.toLocaleString('en-US'),
      observation(point, unit),
    ].map(text => ({ text })),
  );
  const table = points.length === 0 ? ['no run to show'] : textTable(columns, rows, width, text => text);
  const course =
    points.length < 2
      ? []
      : [
          sparkline(
            points.map(({ value }) => value),
            width,
          ),
          '',
        ];
  return [title, '', ...course, ...table, ...changeLines(history), ...leftOutLines(history)].join('\n');
}

function changeLines({ points, changes, unit }: MetricHistory): readonly string[] {
  if (points.length < fewestForChanges) return [];
  if (changes.length === 0) return ['', 'No change point.'];
  const commitOf = (run: string) => points.find(point => point.run === run)?.commit ?? null;
  const shown = (run: string) => shortCommit(commitOf(run) ?? run);
  const lines = changes.map(({ run, previousRun, before, after, change, confidence }) => {
    const share = change === null ? '' : ` (${change < 0 ? '−' : '+'}${percent(Math.abs(change))})`;
    return `  after ${shown(previousRun)}, from ${shown(run)} on: ${quantity(before, unit)} → ${quantity(after, unit)}${share}, ${percent(confidence)} sure`;
  });
  return ['', 'Change points:', ...lines];
}

/** A history as CSV (RFC 4180), a line a run, oldest first. */
export function historyCsv({ points, metric, unit }: MetricHistory): string {
  const head = ['commit', 'branch', 'startedAt', 'run', 'metric', 'unit', 'value', 'atLeast', 'requests'];
  const lines = points.map(({ commit, branch, startedAt, run, value, atLeast, requests }) => [
    commit ?? '',
    branch ?? '',
    startedAt,
    run,
    metric,
    unit,
    value,
    atLeast,
    requests,
  ]);
  return [head, ...lines].map(cells => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** A cell that no spreadsheet takes for a formula and no comma or quote ends. */
function csvCell(value: string | number | boolean): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const reasons: { readonly [reason in LeftOut]: string } = {
  uncommittedChanges: 'of uncommitted changes',
  incomplete: 'that did not complete',
  otherWorkload: 'of another version of the scenario',
  otherMachine: 'on other machines (--every-machine shows them)',
  otherBranch: 'of commits that are no ancestors of this one (--every-branch shows them)',
  noValue: 'in which the metric was not seen',
};

function leftOutLines({ leftOut, damaged }: MetricHistory): readonly string[] {
  const parts = (Object.keys(reasons) as LeftOut[]).flatMap(reason => {
    const count = leftOut[reason] ?? 0;
    return count > 0 ? [`  ${count} ${reasons[reason]}`] : [];
  });
  const names = damaged.map(what => `    ${printable(what, 400)}`);
  const all = names.length === 0 ? parts : [...parts, `  ${names.length} that cannot be read:`, ...names];
  return all.length === 0 ? [] : ['', 'Runs left out:', ...all];
}
