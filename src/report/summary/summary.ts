import { analyse } from '../../analysis/analysis.ts';
import type { Figures } from '../../analysis/figures.ts';
import { signalMetrics } from '../../analysis/metrics/table.ts';
import { observe } from '../../analysis/observe.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { type Times, timesOf } from '../../analysis/times.ts';
import { scopeName } from '../../model/judgement/budget.ts';
import { exitCodeOfRuns, type JudgedRun, type Repeats } from '../../model/judgement/judged-run.ts';
import { type Metric, streamTimes } from '../../model/judgement/metric.ts';
import { regressionsIn } from '../../model/judgement/regression.ts';
import { type Finding, type Judgement, worstOf } from '../../model/judgement/verdict.ts';
import type { Measurement } from '../../model/run/record.ts';
import { plainText } from '../words/inline.ts';
import { findingReason } from '../words/reasons/finding-reason.ts';
import { invalidReason } from '../words/reasons/invalid-reason.ts';
import { runNote, undoneText } from '../words/reasons/run-note.ts';
import { runSentence } from '../words/verdict/run-sentence.ts';
import { descriptionIn } from './description-summary.ts';
import { gateIn } from './gate-summary.ts';
import { rounded, roundedOrNull } from './rounded.ts';
import { comparisonIn, intervalIn, regressionIn } from './summary-regressions.ts';
import type { Summary } from './summary-schema.ts';

type RunSummary = Summary['runs'][number];

/** The most failures that are shown. */
const mostSamples = 1_000;

/** The flat and stable summary of judged runs, for programs; `summarySchema` says what each figure means. */
export function summaryOf(runs: readonly JudgedRun[]): Summary {
  return {
    schemaVersion: 1,
    verdict: worstOf(runs.map(({ judgement }) => judgement)).verdict,
    exitCode: exitCodeOfRuns(runs),
    runs: runs.map(summaryOfRun),
  };
}

function summaryOfRun({ record, judgement, exitCode, earlier = [], gate, repeats }: JudgedRun): RunSummary {
  const { header, measurement } = record;
  const signals = signalMetrics(analyse(measurement).signals).filter(({ signal }) => signal !== 'stream');
  const reasons = judgement.validity.state === 'invalid' ? judgement.validity.reasons : [];
  const stages = measurement.windows.filter(({ kind }) => kind === 'stage').map(({ stage }) => stage);
  return {
    id: header.id,
    scenario: header.scenario,
    verdict: judgement.verdict,
    firm: judgement.firm,
    exitCode,
    completion: measurement.completion.state,
    attempt: earlier.length + 1,
    earlierAttempts: earlier.map(run => ({
      id: run.record.header.id,
      why: plainText(runSentence(run).said),
    })),
    startedAt: header.startedAt,
    durationMs: rounded(header.durationMs),
    load: loadIn(measurement, judgement),
    cpu: cpuIn(measurement),
    serverEnd: serverEndIn(measurement),
    total: figuresIn(analyse(measurement).of({ kind: 'total' }), signals),
    stages: Object.fromEntries(
      stages.map(stage => [
        String(stage),
        figuresIn(analyse(measurement).of({ kind: 'stage', stage }), signals),
      ]),
    ),
    endpoints: Object.fromEntries(
      measurement.endpoints.map(({ name }) => [
        name,
        figuresIn(analyse(measurement).of({ kind: 'endpoint', endpoint: name }), signals),
      ]),
    ),
    ...transactionsIn(measurement),
    findings: [
      ...judgement.findings.map(findingIn),
      ...regressionsIn(judgement.comparison).map(regressionIn),
    ],
    comparison: comparisonIn(judgement),
    repeats: repeats === undefined ? null : repeatsIn(repeats),
    failureSamples: measurement.failureSamples
      .slice(0, mostSamples)
      .map(({ endpoint, kind, phase, status, detail, body = null }) => ({
        ...{ endpoint, kind, phase, status, detail, body },
      })),
    invalidBecause: reasons.map(invalidReason),
    invalidBecauseCodes: reasons.map(({ kind }) => kind),
    budgetsFile: judgement.budgetsFile,
    gate: gateIn(gate),
    ...descriptionIn(measurement, judgement),
    unbudgeted: [...judgement.unbudgeted],
    notes: judgement.notes.map(runNote),
  };
}

function transactionsIn(measurement: Measurement): Pick<RunSummary, 'transactions'> {
  const { transactions = [] } = measurement;
  if (transactions.length === 0) return {};
  const figures = transactions.map(({ name }) => [
    name,
    figuresIn(analyse(measurement).of({ kind: 'endpoint', endpoint: name }), []),
  ]);
  return { transactions: Object.fromEntries(figures) };
}

function repeatsIn({ asked, runs, spreads }: Repeats): RunSummary['repeats'] {
  return {
    asked,
    runs: runs.map(run => ({ ...run })),
    values: spreads.map(({ scope, metric, values }) => ({
      scope: scopeName(scope),
      metric: metric.name,
      observed: values.map(roundedOrNull),
    })),
  };
}

function cpuIn({ generator: { cpu = null } }: Measurement): RunSummary['cpu'] {
  if (cpu === null) return null;
  const { cores, generator, served, others, stolen } = cpu;
  return {
    cores,
    generator: rounded(generator),
    served: roundedOrNull(served),
    others: roundedOrNull(others),
    stolen: rounded(stolen),
  };
}

function serverEndIn({ serverEnd: end }: Measurement): RunSummary['serverEnd'] {
  return end === undefined ? null : { ...end, lastLines: [...end.lastLines] };
}

function loadIn(
  { load: { offered, delivered, cut, users } }: Measurement,
  { undone }: Judgement,
): RunSummary['load'] {
  return {
    offered,
    delivered,
    cut: cut ?? null,
    users: users ?? null,
    undone: undone.map(each => ({ code: each.kind, reason: undoneText(each) })),
  };
}

function figuresIn(
  { figures, response, service, censored }: ScopeData,
  signals: readonly Metric[],
): RunSummary['total'] {
  return {
    requests: figures.requests,
    ok: figures.ok,
    errors: figures.errors,
    errorRate: roundedOrNull(figures.errorRate),
    rps: roundedOrNull(figures.rps),
    latencyMs: timesIn(response),
    serviceMs: timesIn(service),
    censored,
    lowerBounds: [
      ...boundsIn('latencyMs', response),
      ...boundsIn('serviceMs', service),
      ...(figures.events === undefined
        ? []
        : streamTimes.flatMap(of => boundsIn(`stream.${of}Ms`, timesOf(figures, of)))),
    ],
    statuses: { ...figures.statuses },
    failures: { ...figures.failed },
    unfinished: figures.unfinished,
    bytes: figures.bytes,
    ...(figures.events === undefined ? {} : { stream: streamIn(figures, figures.events) }),
    ...(signals.length === 0
      ? {}
      : {
          signals: Object.fromEntries(
            signals.map(metric => [metric.name, roundedOrNull(observe(metric, figures)?.value ?? null)]),
          ),
        }),
  };
}

function streamIn(figures: Figures, events: number): RunSummary['total']['stream'] {
  const { told = 0, sum = 0 } = figures.signals?.stream ?? {};
  return {
    streams: told,
    broken: told - sum,
    events,
    eventsPerSecond: figures.seconds > 0 ? rounded(events / figures.seconds) : null,
    firstEventMs: timesIn(timesOf(figures, 'firstEvent')),
    gapMs: timesIn(timesOf(figures, 'gap')),
  };
}

function timesIn(times: Times): RunSummary['total']['latencyMs'] {
  const value = (name: keyof Times) => roundedOrNull(times[name]?.value ?? null);
  return {
    avg: value('avg'),
    min: value('min'),
    p50: value('p50'),
    p75: value('p75'),
    p90: value('p90'),
    p95: value('p95'),
    p99: value('p99'),
    'p99.9': value('p99.9'),
    max: value('max'),
  };
}

function boundsIn(prefix: string, times: Times): readonly string[] {
  return Object.entries(times)
    .filter(([, observed]) => observed?.atLeast)
    .map(([name]) => `${prefix}.${name}`);
}

function findingIn(finding: Finding): RunSummary['findings'][number] {
  const { observed, interval } = finding;
  return {
    kind: 'budget',
    scope: scopeName(finding.scope),
    metric: finding.metric.name,
    unit: finding.metric.unit,
    status: finding.status,
    observed: roundedOrNull(observed?.value ?? null),
    atLeast: observed?.atLeast ?? false,
    limit: finding.limit,
    baseline: null,
    change: null,
    changeInterval: null,
    required: true,
    confounded: false,
    evidence: 'limit',
    detectable: null,
    interval: intervalIn(interval),
    firm: finding.firm,
    samples: finding.evidence.samples,
    reason: findingReason(finding),
    reasonCode: finding.reason.kind,
  };
}
