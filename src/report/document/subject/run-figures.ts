import { analyse } from '../../../analysis/analysis.ts';
import type { Figures } from '../../../analysis/figures.ts';
import { observe } from '../../../analysis/observe.ts';
import type { ScopeData } from '../../../analysis/scope-data.ts';
import { timesOf } from '../../../analysis/times.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import type { Metric } from '../../../model/judgement/metric.ts';
import type { Measurement, RunRecord } from '../../../model/run/record.ts';
import {
  counted,
  duration,
  none,
  number,
  observation,
  percent,
  quantity,
  size,
  span,
} from '../../../words/quantity-text.ts';
import { type Inline, joined, line, name } from '../../words/inline.ts';
import { loadText, signalMetricsOf } from '../../words/wording.ts';
import { folded, paragraph, type Section } from '../document.ts';
import { only } from '../placed.ts';
import {
  count,
  type Figure,
  figure,
  left,
  nothing,
  type Row,
  right,
  type TableCell,
  type TableColumn,
  table,
  textCell,
  time,
} from '../table.ts';

/** The most endpoints without a budget that are named. */
const mostNames = 20;

const quantiles = ['p50', 'p95', 'p99', 'max'] as const;

const figureColumns = (signals: readonly Metric[]): readonly TableColumn[] => [
  right('requests'),
  right('rps', { goes: 2 }),
  right('p50', { goes: 3 }),
  right('p95'),
  right('p99', { goes: 4 }),
  right('max', { goes: 1 }),
  ...signals.map(metric => right(metric.name, { goes: 5 })),
  right('errors'),
];

/** What each endpoint did, and all of them together. */
export function endpointSection({ record, judgement }: JudgedRun): Section {
  const { measurement, header } = record;
  const signals = signalMetricsOf(record);
  const total = analyse(measurement).of({ kind: 'total' });
  const rows = measurement.endpoints.map(({ name: endpoint }) =>
    rowOf(textCell(name(endpoint)), analyse(measurement).of({ kind: 'endpoint', endpoint }), signals),
  );
  const columns = [
    left('endpoint'),
    ...figureColumns(signals),
    right('service p95', { only: 'page' }),
    right('received', { only: 'page' }),
  ];
  const { unbudgeted } = judgement;
  return folded(
    { title: `Endpoints: ${factsOf(total).join(', ')}`, opens: true },
    only('screen', paragraph(line`${name(header.scenario, 60)}${targetText(header)}: ${loadText(record)}`)),
    table(columns, [...rows, { ...rowOf(textCell('total'), total, signals), isTotal: true }]),
    ...(unbudgeted.length > 0 ? [only('page', paragraph(unbudgetedText(unbudgeted)))] : []),
  );
}

/** What was measured as a whole: journeys and groups of steps. */
export function wholeSection({ measurement }: RunRecord): readonly Section[] {
  const { transactions = [] } = measurement;
  if (transactions.length === 0) return [];
  const rows = transactions.map(({ name: endpoint }): Row => {
    const measured = analyse(measurement).of({ kind: 'endpoint', endpoint });
    return { cells: [textCell(name(endpoint)), ...figureCells(measured, [])] };
  });
  const [, ...columns] = figureColumns([]);
  return [
    folded(
      `Journeys and groups: ${transactions.length} measured as a whole`,
      table([left('as a whole'), right('made'), ...columns], rows),
      only('page', paragraph(['Think times are not counted. One with a failed request has failed.'])),
    ),
  ];
}

const ofStream = ['p50', 'p95', 'p99'] as const;

/** What the events of streamed answers did; nothing where no answer was read as one. */
export function streamSection({ measurement }: RunRecord): readonly Section[] {
  const { of } = analyse(measurement);
  const rows = measurement.endpoints.flatMap(({ name: endpoint }): readonly Row[] => {
    const { figures } = of({ kind: 'endpoint', endpoint });
    return figures.events === undefined ? [] : [streamRow(textCell(name(endpoint)), figures)];
  });
  const { figures } = of({ kind: 'total' });
  if (figures.events === undefined) return [];
  const columns = [
    left('streamed'),
    right('streams'),
    right('first event p50', { goes: 4 }),
    right('first event p95'),
    right('first event p99', { goes: 2 }),
    right('gap p50', { goes: 5 }),
    right('gap p95', { goes: 3 }),
    right('gap p99'),
    right('longest gap', { goes: 1 }),
    right('events/s'),
    right('broken'),
  ];
  const facts = [
    counted(figures.signals?.stream?.told ?? 0, 'stream'),
    counted(figures.events, 'event'),
    brokenText(figures),
  ];
  const about =
    'A first event counts from when its request was written, a gap from one event to the next. Events that arrive together have no gap between them.';
  return [
    folded(
      `Streams: ${facts.join(', ')}`,
      table(
        columns,
        rows.length > 1 ? [...rows, { ...streamRow(textCell('total'), figures), isTotal: true }] : rows,
      ),
      only('page', paragraph([about])),
    ),
  ];
}

function brokenText({ signals }: Figures): string {
  const { told = 0, sum = 0 } = signals?.stream ?? {};
  return told === sum ? 'none broken' : `${number(told - sum)} broken`;
}

function streamRow(what: TableCell, figures: Figures): Row {
  const { events = 0, seconds, signals } = figures;
  const { told = 0, sum = 0 } = signals?.stream ?? {};
  const [first, gap] = [timesOf(figures, 'firstEvent'), timesOf(figures, 'gap')];
  return {
    cells: [
      what,
      count(told),
      ...ofStream.map(quantile => time(first[quantile])),
      ...ofStream.map(quantile => time(gap[quantile])),
      time(gap.max),
      seconds > 0 ? figure(quantity(events / seconds, 'perSecond'), events / seconds, 'perSecond') : nothing,
      told > 0 ? figure(percent((told - sum) / told), (told - sum) / told, 'ratio') : nothing,
    ],
  };
}

/** Other tools' results do not always say what was loaded. */
function targetText({ target }: RunRecord['header']): Inline {
  return target === '' ? [] : line` → ${name(target)}`;
}

/** Which endpoints no budget names; of each name, so many characters at most. */
export function unbudgetedText(endpoints: readonly string[], most?: number): Inline {
  const names = endpoints.slice(0, mostNames).map(endpoint => [name(endpoint, most)]);
  const more = endpoints.length - names.length;
  return line`No budget names ${joined(names, ', ')}${more > 0 ? ` and ${number(more)} more` : ''}.`;
}

function factsOf({ figures, response }: ScopeData): readonly string[] {
  const { rps, requests, errors } = figures;
  return [
    counted(requests, 'request'),
    ...(rps === null ? [] : [quantity(rps, 'perSecond')]),
    ...(response.p95 === null ? [] : [`p95 ${observation(response.p95, 'ms')}`]),
    ...(figures.summary?.errors === null ? [] : [errors === 0 ? 'no errors' : counted(errors, 'error')]),
  ];
}

function rowOf(what: TableCell, measured: ScopeData, signals: readonly Metric[]): Row {
  const { figures, service } = measured;
  const received = figure(size(figures.bytes), figures.bytes, 'bytes');
  return { cells: [what, ...figureCells(measured, signals), time(service.p95), received] };
}

function figureCells({ figures, response }: ScopeData, signals: readonly Metric[]): readonly TableCell[] {
  const { rps, requests, errors, errorRate } = figures;
  const { summary } = figures;
  return [
    summary?.requests === null ? nothing : count(requests),
    figure(rps === null ? none : number(rps), rps, 'perSecond'),
    ...quantiles.map(quantile => time(response[quantile])),
    ...signals.map(metric => {
      const observed = observe(metric, figures);
      return figure(observation(observed, metric.unit), observed?.value ?? null, metric.unit);
    }),
    summary?.errors === null
      ? nothing
      : { ...errorCell(errors, requests), onScreen: errorRate === null ? none : percent(errorRate) },
  ];
}

function errorCell(errors: number, requests: number): Figure {
  const shown = errors === 0 ? '0' : `${number(errors)} (${percent(errors / requests)})`;
  return { ...figure(shown, errors, 'count'), tone: errors > 0 ? 'warns' : undefined };
}

/** What each stage did, and the warm-up. */
export function stageSection(record: RunRecord): Section {
  const { measurement } = record;
  const signals = signalMetricsOf(record);
  const rows = measurement.windows.map((window): Row => {
    const when = [window.startMs, window.durationMs].map(ms => figure(span(ms), ms, 'ms'));
    if (window.kind === 'warmup') {
      return { cells: [textCell('warm-up, not judged'), ...when, ...warmupCells(measurement, signals)] };
    }
    const measured = analyse(measurement).of({ kind: 'stage', stage: window.stage });
    return { cells: [textCell(`stage ${window.stage}`), ...when, ...figureCells(measured, signals)] };
  });
  const { drain } = measurement;
  const late = `After the last stage ${counted(drain.completed, 'answer')} came within ${duration(drain.durationMs)}.`;
  return only(
    'page',
    folded(
      `Stages: ${loadText(record)}`,
      table([left('window'), right('from'), right('length'), ...figureColumns(signals)], rows),
      paragraph([late]),
    ),
  );
}

function warmupCells(
  { windows, endpoints: measured }: Measurement,
  signals: readonly Metric[],
): readonly TableCell[] {
  const parts = measured.flatMap(endpoint =>
    endpoint.windows.filter((_, index) => windows[index]?.kind === 'warmup').map(({ counts }) => counts),
  );
  const due = parts.reduce((sum, counts) => sum + counts.due, 0);
  const ok = parts.reduce((sum, counts) => sum + counts.ok, 0);
  return [count(due), nothing, ...[...quantiles, ...signals].map(() => nothing), errorCell(due - ok, due)];
}
