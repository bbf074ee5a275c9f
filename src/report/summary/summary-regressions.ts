import type { BaselineSelection } from '../../model/judgement/baseline.ts';
import { scopeName } from '../../model/judgement/budget.ts';
import type { Basis, Comparison, RegressionFinding } from '../../model/judgement/regression.ts';
import type { Interval, Judgement } from '../../model/judgement/verdict.ts';
import { baselineSentence } from '../words/baseline-sentence.ts';
import { comparisonNote } from '../words/reasons/comparison-note.ts';
import { refusalText } from '../words/reasons/refusal.ts';
import { regressionReason } from '../words/reasons/regression-reason.ts';
import type { ComparisonCode } from './reason-codes.ts';
import { rounded, roundedOrNull } from './rounded.ts';
import type { Summary } from './summary-schema.ts';

type RunSummary = Summary['runs'][number];

/** A regression finding in the summary. */
export function regressionIn(finding: RegressionFinding): RunSummary['findings'][number] {
  const { observed, baseline, change, evidence } = finding;
  return {
    kind: 'regression',
    scope: scopeName(finding.scope),
    metric: finding.metric.name,
    unit: finding.metric.unit,
    status: finding.status,
    observed: roundedOrNull(observed?.value ?? null),
    atLeast: observed?.atLeast ?? false,
    limit: null,
    baseline: roundedOrNull(baseline?.value ?? null),
    change: roundedOrNull(change?.value ?? null),
    changeInterval: intervalIn(change?.interval ?? null),
    required: finding.required,
    confounded: finding.confounded,
    evidence: evidence.kind,
    detectable: evidence.kind === 'prediction' ? rounded(evidence.detectable) : null,
    interval: null,
    firm: finding.firm,
    samples: finding.samples,
    reason: regressionReason(finding),
    reasonCode: finding.reason.kind,
  };
}

/** What a run was compared with, in the summary. */
export function comparisonIn({
  comparison,
  lacksBaseline = false,
}: Pick<Judgement, 'comparison' | 'lacksBaseline'>): RunSummary['comparison'] {
  const { state, selection } = comparison;
  const basis = state === 'compared' ? comparison.basis : null;
  const which = selection === null ? null : baselineSentence(selection);
  const why = state === 'refused' ? [which, `Not compared: ${refusalText(comparison.reason)}.`] : [which];
  const told = why.filter(sentence => sentence !== null);
  return {
    state,
    strength: basis?.kind ?? null,
    baseline: basis?.reference.entry.header.id ?? null,
    commit: basis?.reference.entry.header.fingerprint.git?.commit ?? null,
    runs: basis === null ? [] : runsOf(basis).map(({ entry }) => entry.header.id),
    lastRun: lastRunIn(selection?.lastRun),
    why: told.length === 0 ? null : told.join(' '),
    whyCode: whyCodeOf(comparison),
    notes: state === 'compared' ? comparison.notes.map(comparisonNote) : [],
    missing: lacksBaseline,
  };
}

function lastRunIn(last: BaselineSelection['lastRun']): RunSummary['comparison']['lastRun'] {
  return last === undefined ? null : { startedAt: last.startedAt, p95Change: rounded(last.p95Change) };
}

function whyCodeOf(comparison: Comparison): ComparisonCode | null {
  if (comparison.state === 'refused') return comparison.reason.kind;
  if (comparison.selection === null) return null;
  const { choice } = comparison.selection;
  return choice.kind === 'none' ? choice.because : choice.kind;
}

/** An interval in the summary. */
export function intervalIn(interval: Interval | null): RunSummary['findings'][number]['interval'] {
  if (interval === null) return null;
  const { low, high, confidence } = interval;
  return { low: roundedOrNull(low), high: roundedOrNull(high), confidence };
}

function runsOf(basis: Basis): readonly Basis['reference'][] {
  if (basis.kind === 'unlike') return [basis.reference];
  return basis.kind === 'fewRuns' ? [basis.reference, ...basis.others] : basis.runs;
}
