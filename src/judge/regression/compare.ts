import { analyse } from '../../analysis/analysis.ts';
import { isShare } from '../../analysis/metrics/share-metric.ts';
import { type MetricTable, metricsToCompare, metricTable } from '../../analysis/metrics/table.ts';
import type { StartSpread } from '../../model/duet/duet.ts';
import type { BaselineSelection } from '../../model/judgement/baseline.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { ComparisonNote } from '../../model/judgement/comparison-note.ts';
import type { Basis, Comparison, RegressionFinding } from '../../model/judgement/regression.ts';
import type { Refusal, WhichRun } from '../../model/judgement/regression-reason.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { seedOf } from '../../stats/random.ts';
import { latenessCause } from '../validity/lateness-cause.ts';
import { validityOf } from '../validity/validity.ts';
import { type Cell, type CellOutcome, falseAlarm, type Terms } from './cell.ts';
import { decideByFewRuns } from './few-runs.ts';
import { lateNotes } from './late-notes.ts';
import { decideByManyRuns } from './many-runs.ts';
import { decideShare, sharesDiffer } from './share-change.ts';
import { strengthOf } from './strength.ts';
import { type SeenChange, timeChange } from './time-change.ts';

/** What a run is held against. */
export interface Against {
  readonly selection: BaselineSelection;
  /** As `basisOf` makes it of the selection. */
  readonly basis: Basis;
  /** The record of the basis' reference. */
  readonly reference: RunRecord;
  /** Whether a baseline of another workload is refused, or used for warnings. */
  readonly otherWorkload: 'refuse' | 'weak';
  /** How far starts of the workload's builds differ on the run's machine; null where no calibration tells. */
  readonly startSpread: StartSpread | null;
}

/**
 * Holds every endpoint of a run against earlier runs: p50, p95, p99 and the error rate. Runs of different workloads
 * are not compared unless that is asked for, nor are runs that did not complete, are no measurements, or have no endpoint in
 * common. Endpoints that one of them alone has are named in a note.
 */
export function compareRuns(
  run: RunRecord,
  against: Against,
  budgets: ScenarioBudgets,
  table: MetricTable = metricTable,
): Comparison {
  const { selection, basis, reference, startSpread } = against;
  const refusal = refusalOf(run, against, budgets);
  if (refusal !== null) return { state: 'refused', selection, reason: refusal };
  const [ofBaseline, ofRun] = [analyse(reference), analyse(run)];
  const [were, are] = [endpointsOf(reference), endpointsOf(run)];
  const signals = new Set([...ofRun.signals].filter(name => ofBaseline.signals.has(name)));
  const cells = are.flatMap((endpoint): readonly Cell[] => {
    if (!were.includes(endpoint)) return [];
    const scope = { kind: 'endpoint', endpoint } as const;
    const [baseline, measured] = [ofBaseline.of(scope), ofRun.of(scope)];
    if (measured.figures.requests === 0 && baseline.figures.requests === 0) return [];
    const compared = metricsToCompare(endpoint, budgets.budgets, signals, table);
    const failuresDiffer = compared.some(
      ({ metric }) => metric.countsFailures && isShare(metric) && sharesDiffer(metric, baseline, measured),
    );
    return compared.map(({ metric, required }) => ({
      endpoint,
      metric,
      required,
      baseline,
      run: measured,
      confounded: failuresDiffer && !isShare(metric),
    }));
  });
  if (cells.length === 0) {
    return { state: 'refused', selection, reason: { kind: 'nothingInCommon' } };
  }
  const terms: Terms = {
    basis,
    policy: budgets.regression,
    chance: falseAlarm / cells.length,
    startSpread,
    cause: latenessCause(run.measurement.generator),
    seed: seedOf(`${reference.header.id} ${run.header.id}`),
  };
  const findings = cells.flatMap((cell, index) => findingOf(cell, { ...terms, seed: terms.seed + index }));
  return {
    state: 'compared',
    selection,
    basis,
    findings,
    measured: reference.measurement,
    notes: [
      ...lateNotes(run, 'run'),
      ...lateNotes(reference, 'baseline'),
      ...lonelyNote('run', are, were),
      ...lonelyNote('baseline', were, are),
      ...strengthOf(run, terms, budgets.regression, findings),
    ],
  };
}

const endpointsOf = ({ measurement }: RunRecord) => measurement.endpoints.map(({ name }) => name);

/** What one side alone has. */
function lonelyNote(
  which: WhichRun,
  names: readonly string[],
  others: readonly string[],
): readonly ComparisonNote[] {
  const endpoints = names.filter(name => !others.includes(name));
  return endpoints.length === 0 ? [] : [{ kind: 'onlyIn', which, endpoints }];
}

function refusalOf(
  run: RunRecord,
  { basis, reference, otherWorkload }: Against,
  { budgets }: ScenarioBudgets,
): Refusal | null {
  if (basis.kind === 'unlike' && basis.mismatch.workload && otherWorkload === 'refuse') {
    return { kind: 'otherWorkload', baseline: reference.header.digest, run: run.header.digest };
  }
  if (run.measurement.completion.state !== 'complete') {
    return { kind: 'incomplete', which: 'run' };
  }
  if (reference.measurement.completion.state !== 'complete') {
    return { kind: 'incomplete', which: 'baseline' };
  }
  const validity = validityOf(reference, budgets);
  return validity.state === 'valid'
    ? null
    : { kind: 'noMeasurement', of: 'baseline', reasons: validity.reasons };
}

/** The finding of a cell; none of an optional one for which the samples do not suffice. */
function findingOf(cell: Cell, terms: Terms): readonly RegressionFinding[] {
  const { metric } = cell;
  const ruling = isShare(metric) ? decideShare(cell, metric, terms) : decideTime(cell, terms);
  if (ruling.evidence.kind === 'thin' && !cell.required) return [];
  const { endpoint, required, confounded, run } = cell;
  const samples = isShare(metric)
    ? metric.form.trials(run.figures)
    : run.figures.distribution('response').histogram.count;
  return [
    {
      scope: { kind: 'endpoint', endpoint },
      metric,
      required,
      confounded,
      basis: terms.basis,
      samples,
      ...ruling,
    },
  ];
}

function decideSeen(cell: Cell, change: SeenChange, terms: Terms): CellOutcome {
  const { basis } = terms;
  const byMany = basis.kind === 'manyRuns' ? decideByManyRuns(cell, change, terms, basis) : null;
  return byMany ?? decideByFewRuns(cell, change, terms);
}

/**
 * A change for the worse that is none without the generator's own delay: what would fail is invalid then, and a warning
 * says so. Lateness makes times longer, never shorter, so what holds needs no such look.
 */
function blamed(outcome: CellOutcome, cell: Cell, change: SeenChange, terms: Terms): CellOutcome {
  const { status, reason } = outcome;
  const { onTime } = change;
  if ((status !== 'fail' && status !== 'warn') || onTime === null) return outcome;
  const { late, ...without } = onTime;
  const remains = decideSeen(cell, { ...change, ...without }, terms).status;
  if (remains === 'fail' || remains === status) return outcome;
  return {
    ...outcome,
    status: status === 'fail' ? 'invalid' : status,
    firm: false,
    reason: { kind: 'brokenByLateness', late, onTime: without.observed, cause: terms.cause, broken: reason },
  };
}

function decideTime(cell: Cell, terms: Terms): CellOutcome {
  const change = timeChange(cell, terms.seed);
  if (change.state === 'seen') return blamed(decideSeen(cell, change, terms), cell, change, terms);
  const { observed, baseline, missing } = change;
  return {
    status: 'inconclusive',
    observed,
    baseline,
    change: null,
    firm: false,
    evidence: { kind: 'thin' },
    reason: missing,
  };
}
