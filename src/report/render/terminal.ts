import pc from 'picocolors';
import { analyse } from '../../analysis/analysis.ts';
import { observe } from '../../analysis/observe.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import { type Finding, worstVerdict } from '../../model/judgement/verdict.ts';
import { displayWidth, printable } from '../../safety/untrusted-text.ts';
import { none, number, observation, percent, range } from '../../words/quantity-text.ts';
import { connectionsText, generatorText, handshakesText, sendLagText } from '../words/health.ts';
import { findingReason } from '../words/reasons/finding-reason.ts';
import { comparisonRemarks } from '../words/regression-wording.ts';
import { reasonsUnsaid, runSentence, verdictSentence } from '../words/sentence.ts';
import {
  errorsByKind,
  errorsOf,
  findingsOfNote,
  isFirm,
  limitText,
  loadText,
  observedText,
  remarksOn,
  scopeText,
  signalMetricsOf,
  verdictSigns,
} from '../words/wording.ts';
import { comparisonTable, notedRegressions } from './terminal-regressions.ts';
import { blocks, paintOf, type Screen, screenOf, verdictLines } from './terminal-screen.ts';
import { type Cell, type Column, textTable, wrapped } from './text-table.ts';

const mostNoted = 20;
const mostSamples = 5;

/** The report for a terminal: the verdict sentence, what is not a pass, then all figures in aligned tables. */
export function terminalReport(
  runs: readonly JudgedRun[],
  options: { readonly color: boolean; readonly width?: number },
): string {
  const screen = screenOf(pc.createColors(options.color), options.width);
  const sections = runs.map(run => runSections(run, screen));
  const [only] = runs;
  if (only && runs.length === 1) {
    return `${blocks([verdictLines(verdictSentence(runs), only.judgement.verdict, screen), ...sections.flat()])}\n`;
  }
  const parts = runs.flatMap((run, index) => [
    [rule(printable(run.record.header.scenario, 60), screen)],
    verdictLines(runSentence(run), run.judgement.verdict, screen),
    ...(sections[index] ?? []),
  ]);
  const verdict = worstVerdict(runs.map(({ judgement }) => judgement.verdict));
  return `${blocks([verdictLines(verdictSentence(runs), verdict, screen), ...parts])}\n`;
}

function runSections(run: JudgedRun, screen: Screen): readonly (readonly string[])[] {
  return [
    notPassed(run, screen),
    endpointTable(run, screen),
    budgetTable(run, screen),
    comparisonTable(run.judgement, screen),
    failures(run, screen),
    health(run, screen),
    remarks(run, screen),
  ];
}

function rule(title: string, { width, colors }: Screen): string {
  return colors.dim(`── ${title} ${'─'.repeat(Math.max(2, width - displayWidth(title) - 4))}`);
}

function notPassed(run: JudgedRun, screen: Screen): readonly string[] {
  const reasons = reasonsUnsaid(run).flatMap(reason =>
    wrapped(printable(reason, 400), screen.width, '    ', `  ${verdictSigns.invalid} invalid  `),
  );
  const noted = findingsOfNote(run);
  const more = noted.length - mostNoted;
  return [
    ...reasons,
    ...noted.slice(0, mostNoted).flatMap(finding => notedFinding(finding, screen)),
    ...(more > 0 ? [`  and ${number(more)} more, in the table of budgets`] : []),
    ...notedRegressions(run.judgement, screen),
  ];
}

function notedFinding(finding: Finding, screen: Screen): readonly string[] {
  const { status, scope, metric } = finding;
  const word = `${verdictSigns[status]} ${status}`;
  const subject = `${scopeText(scope, name => printable(name, 60))} ${metric.name}`;
  const [first = '', ...rest] = wrapped(
    `${subject} ${observedText(finding)} (limit ${limitText(finding)})`,
    screen.width,
    '    ',
    `  ${word}  `,
  );
  const reason = wrapped(printable(findingReason(finding), 400), screen.width, '    ', '    ');
  return [
    first.replace(word, paintOf(status, screen)(word)),
    ...rest,
    ...reason.map(line => screen.colors.dim(line)),
  ];
}

const endpointColumns = (signals: readonly Metric[]): readonly Column[] => [
  { title: 'endpoint', align: 'left' },
  { title: 'requests', align: 'right' },
  { title: 'rps', align: 'right', goes: 2 },
  { title: 'p50', align: 'right', goes: 3 },
  { title: 'p95', align: 'right' },
  { title: 'p99', align: 'right', goes: 4 },
  { title: 'max', align: 'right', goes: 1 },
  ...signals.map(({ name }) => ({ title: name, align: 'right', goes: 5 }) as const),
  { title: 'errors', align: 'right' },
];

function endpointTable({ record }: JudgedRun, screen: Screen): readonly string[] {
  const { measurement, header } = record;
  const { colors } = screen;
  const signals = signalMetricsOf(record);
  const row = (name: string, measured: ScopeData, paint?: (text: string) => string): readonly Cell[] => {
    const { figures, response } = measured;
    const plain = [
      name,
      number(figures.requests),
      figures.rps === null ? none : number(figures.rps),
      ...(['p50', 'p95', 'p99', 'max'] as const).map(quantile => observation(response[quantile], 'ms')),
      ...signals.map(metric => observation(observe(metric, figures), metric.unit)),
    ].map(text => (paint ? { text, paint } : { text }));
    const errors = errorsText(measured);
    return [...plain, figures.errors > 0 ? { text: errors, paint: colors.red } : { text: errors }];
  };
  const rows = measurement.endpoints.map(({ name }) =>
    row(printable(name), analyse(measurement).of({ kind: 'endpoint', endpoint: name })),
  );
  const title = `${printable(header.scenario, 60)} → ${printable(header.target)}: ${loadText(record)}`;
  return [
    ...wrapped(title, screen.width, '  '),
    '',
    ...textTable(
      endpointColumns(signals),
      [...rows, row('total', analyse(measurement).of({ kind: 'total' }), colors.bold)],
      screen.width,
      colors.dim,
    ),
  ];
}

function errorsText({ figures }: ScopeData): string {
  return figures.errorRate === null ? none : percent(figures.errorRate);
}

const budgetColumns: readonly Column[] = [
  { title: 'budget', align: 'left' },
  { title: 'metric', align: 'left' },
  { title: 'observed', align: 'right' },
  { title: 'limit', align: 'right' },
  { title: 'interval', align: 'right', goes: 1 },
  { title: 'verdict', align: 'left' },
];

function budgetTable({ judgement }: JudgedRun, screen: Screen): readonly string[] {
  if (judgement.findings.length === 0) return [];
  const rows = judgement.findings.map(finding => [
    { text: scopeText(finding.scope, printable) },
    { text: finding.metric.name },
    { text: observedText(finding) },
    { text: limitText(finding) },
    { text: range(finding.interval, finding.metric.unit) },
    {
      text: `${verdictSigns[finding.status]} ${finding.status}${isFirm(finding) ? '' : ' ~'}`,
      paint: paintOf(finding.status, screen),
    },
  ]);
  const confidence = judgement.findings.find(({ interval }) => interval !== null)?.interval?.confidence;
  const columns = budgetColumns.map(column =>
    column.title === 'interval' && confidence !== undefined
      ? { ...column, title: `${percent(confidence)} interval` }
      : column,
  );
  const legend = judgement.findings.every(isFirm) ? [] : ['~ not firm: the interval spans the limit'];
  return [
    ...textTable(columns, rows, screen.width, screen.colors.dim),
    ...legend.map(line => screen.colors.dim(line)),
  ];
}

function failures({ record }: JudgedRun, screen: Screen): readonly string[] {
  const { measurement } = record;
  const { figures } = analyse(measurement).of({ kind: 'total' });
  if (figures.errors === 0) return [];
  const statuses = Object.entries(figures.statuses).map(([status, count]) => `${status} × ${number(count)}`);
  const samples = measurement.failureSamples.slice(0, mostSamples).flatMap(sample => {
    const what = `${sample.kind} (${sample.phase}) ${printable(sample.endpoint, 60)}: ${printable(sample.detail)}`;
    return wrapped(what, screen.width, '    ', '  ');
  });
  return [
    ...wrapped(`${errorsOf(figures)}: ${errorsByKind(figures)}`, screen.width, '  '),
    ...(statuses.length > 0 ? wrapped(`answers by status: ${statuses.join(', ')}`, screen.width, '  ') : []),
    ...samples.map(line => screen.colors.dim(line)),
  ];
}

function health({ record: { measurement } }: JudgedRun, screen: Screen): readonly string[] {
  const lag = `send lag ${sendLagText(measurement)}`;
  const lines = [
    ['connections', connectionsText(measurement)],
    ['connecting', handshakesText(measurement)],
    ['generator', `${generatorText(measurement, printable)}, ${lag}`],
  ] as const;
  return lines.flatMap(([what, text]) =>
    text === null ? [] : wrapped(`${what}: ${text}`, screen.width, '  ').map(screen.colors.dim),
  );
}

function remarks(run: JudgedRun, screen: Screen): readonly string[] {
  const { unbudgeted } = run.judgement;
  const names = unbudgeted.slice(0, mostNoted).map(name => printable(name, 60));
  const more = unbudgeted.length - names.length;
  const without = `No budget names ${names.join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}.`;
  return [
    ...(names.length > 0 ? [without] : []),
    ...comparisonRemarks(run.judgement.comparison),
    ...remarksOn(run).slice(0, mostNoted),
  ].flatMap(remark => wrapped(printable(remark, 2_000), screen.width, '  ', '• '));
}
