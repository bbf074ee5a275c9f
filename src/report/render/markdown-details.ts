import { analyse } from '../../analysis/analysis.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { Measurement } from '../../model/run/record.ts';
import {
  displayWidth,
  fenced,
  markdownCode,
  markdownText,
  padded,
  printable,
  shortened,
} from '../../safety/untrusted-text.ts';
import {
  counted,
  duration,
  none,
  number,
  observation,
  quantity,
  size,
  span,
} from '../../words/quantity-text.ts';
import { comparisonRemarks, countedVerdicts } from '../words/regression-wording.ts';
import { greatest, sparkline } from '../words/sparkline.ts';
import { errorsByKind, errorsOf, loadText, remarksOn, signalMetricsOf } from '../words/wording.ts';
import { errorCell, figureCells, figureColumns, folded, type TableColumn, table } from './markdown-blocks.ts';
import { findingsTable } from './markdown-findings.ts';
import { provenanceOf } from './markdown-provenance.ts';
import { comparedSection } from './markdown-regressions.ts';

const mostRows = 200;
const mostLines = 20;
const mostSamples = 12;
const chartColumns = 60;

/** Everything that is folded, section by section, the most asked for first. */
export function detailsOf(run: JudgedRun): readonly string[] {
  return [
    budgets(run),
    comparedSection(run.judgement),
    endpoints(run),
    stages(run),
    seconds(run.record.measurement),
    failures(run.record.measurement),
    slowest(run.record.measurement),
    remarks(run),
    provenanceOf(run.record),
  ].filter(section => section !== '');
}

function budgets({ judgement }: JudgedRun): string {
  const { findings } = judgement;
  if (findings.length === 0) return '';
  return folded(
    `Budgets: ${countedVerdicts(findings)}`,
    findingsTable(findings.slice(0, mostRows)),
    rest(findings.length, mostRows),
  );
}

function endpoints({ record, judgement }: JudgedRun): string {
  const { measurement } = record;
  const total = analyse(measurement).of({ kind: 'total' });
  const signals = signalMetricsOf(record);
  const row = (name: string, measured: ScopeData) => [
    name,
    ...figureCells(measured, signals),
    observation(measured.service.p95, 'ms'),
    size(measured.figures.bytes),
  ];
  const rows = measurement.endpoints
    .slice(0, mostRows)
    .map(({ name }) =>
      row(markdownCode(name), analyse(measurement).of({ kind: 'endpoint', endpoint: name })),
    );
  const columns: readonly TableColumn[] = [
    { title: 'endpoint' },
    ...figureColumns(signals),
    { title: 'service p95', align: 'right' },
    { title: 'received', align: 'right' },
  ];
  const { rps, requests, errors } = total.figures;
  const facts = [
    counted(requests, 'request'),
    rps === null ? '' : quantity(rps, 'perSecond'),
    total.response.p95 === null ? '' : `p95 ${observation(total.response.p95, 'ms')}`,
    errors === 0 ? 'no errors' : counted(errors, 'error'),
  ];
  const names = judgement.unbudgeted.slice(0, mostLines).map(name => markdownCode(name));
  return folded(
    `Endpoints: ${facts.filter(fact => fact !== '').join(', ')}`,
    table(columns, [...rows, row('**total**', total)]),
    rest(measurement.endpoints.length, mostRows),
    names.length > 0 ? `No budget names ${names.join(', ')}.` : '',
    rest(judgement.unbudgeted.length, mostLines),
  );
}

function stages({ record }: JudgedRun): string {
  const { measurement } = record;
  const signals = signalMetricsOf(record);
  const rows = measurement.windows.slice(0, mostRows).map(window => {
    const when = [span(window.startMs), span(window.durationMs)];
    if (window.kind === 'warmup')
      return ['warm-up, not judged', ...when, ...warmupCells(measurement, signals)];
    const measured = analyse(measurement).of({ kind: 'stage', stage: window.stage });
    return [`stage ${window.stage}`, ...when, ...figureCells(measured, signals)];
  });
  const columns: readonly TableColumn[] = [
    { title: 'window' },
    { title: 'from', align: 'right' },
    { title: 'length', align: 'right' },
    ...figureColumns(signals),
  ];
  const { drain } = measurement;
  const late = `After the last stage ${counted(drain.completed, 'answer')} came within ${duration(drain.durationMs)}.`;
  return folded(`Stages: ${loadText(record)}`, table(columns, rows), late);
}

function warmupCells(
  { windows, endpoints: measured }: Measurement,
  signals: readonly Metric[],
): readonly string[] {
  const parts = measured.flatMap(endpoint =>
    endpoint.windows.filter((_, index) => windows[index]?.kind === 'warmup').map(({ counts }) => counts),
  );
  const due = parts.reduce((sum, counts) => sum + counts.due, 0);
  const ok = parts.reduce((sum, counts) => sum + counts.ok, 0);
  return [number(due), none, none, none, none, none, ...signals.map(() => none), errorCell(due - ok, due)];
}

/** Plain text, since it renders everywhere: each line has its own scale, from zero to what stands at its end. */
function seconds({ endpoints: measured, windows }: Measurement): string {
  const length = Math.max(0, ...measured.map(endpoint => endpoint.seconds.requests.length));
  if (length < 2) return '';
  const sums = (pick: 'requests' | 'errors') =>
    Array.from({ length }, (_, second) =>
      measured.reduce((sum, endpoint) => sum + (endpoint.seconds[pick][second] ?? 0), 0),
    );
  const lines = [
    { name: 'requests', values: sums('requests'), say: (top: number) => `${number(top)}/s` },
    { name: 'errors', values: sums('errors'), say: (top: number) => `${number(top)}/s` },
    ...measured.slice(0, mostLines).map(endpoint => ({
      name: `p95 ${shortened(printable(endpoint.name), 32)}`,
      values: endpoint.seconds.p95Us,
      say: (top: number) => duration(top / 1_000),
    })),
  ];
  const widest = Math.max(...lines.map(({ name }) => displayWidth(name)));
  const warmup = windows.find(({ kind }) => kind === 'warmup');
  return folded(
    'Second by second',
    fenced(
      lines.map(({ name, values, say }) => {
        const top = greatest(values);
        const end = top === null ? none : `at most ${say(top)}`;
        return `${padded(name, widest)}  ${sparkline(values, chartColumns)}  ${end}`;
      }),
    ),
    rest(measured.length, mostLines),
    warmup ? `The first ${span(warmup.durationMs)} are warm-up.` : '',
  );
}

function failures(measurement: Measurement): string {
  const { figures } = analyse(measurement).of({ kind: 'total' });
  if (figures.errors === 0 && measurement.failureSamples.length === 0) return '';
  const statuses = Object.entries(figures.statuses).map(([status, count]) => `${status} × ${number(count)}`);
  const samples = measurement.failureSamples
    .slice(0, mostSamples)
    .map(({ endpoint, kind, phase, dueMs, detail }) => [
      markdownCode(endpoint),
      kind,
      phase,
      span(dueMs),
      markdownCode(detail),
    ]);
  const columns = ['endpoint', 'failure', 'during', 'due at', 'detail'].map(title => ({ title }));
  return folded(
    `Failures: ${errorsOf(figures)}`,
    figures.errors > 0 ? `By kind: ${errorsByKind(figures)}.` : '',
    statuses.length > 0 ? `Answers by status: ${statuses.join(', ')}.` : '',
    samples.length > 0 ? table(columns, samples) : '',
    rest(measurement.failureSamples.length, mostSamples),
  );
}

function slowest({ slowest: requests }: Measurement): string {
  const [first] = requests;
  if (!first) return '';
  const rows = requests
    .slice(0, mostSamples)
    .map(request => [
      markdownCode(request.endpoint),
      duration(request.responseMs),
      request.serviceMs === null ? none : duration(request.serviceMs),
      span(request.dueMs),
      request.status === null ? 'no answer' : String(request.status),
      request.requestId === null ? none : markdownCode(request.requestId),
    ]);
  return folded(
    `Slowest requests: up to ${duration(first.responseMs)}`,
    table(
      [
        { title: 'endpoint' },
        { title: 'response', align: 'right' },
        { title: 'service', align: 'right' },
        { title: 'due at', align: 'right' },
        { title: 'status' },
        { title: 'request id' },
      ],
      rows,
    ),
  );
}

function remarks(run: JudgedRun): string {
  const all = [...comparisonRemarks(run.judgement.comparison), ...remarksOn(run)];
  if (all.length === 0) return '';
  const lines = all.slice(0, mostLines).map(remark => `- ${markdownText(remark)}`);
  return folded(`Notes: ${number(all.length)}`, lines.join('\n'), rest(all.length, mostLines));
}

function rest(count: number, shown: number): string {
  return count > shown ? `and ${number(count - shown)} more` : '';
}
