import { analyse } from '../analysis/analysis.ts';
import { standingBudgets } from '../analysis/metrics/table.ts';
import type { ScenarioBudgets } from '../model/judgement/budget.ts';
import { type Comparison, counts, notCompared, regressionsIn } from '../model/judgement/regression.ts';
import { type Judgement, type Validity, worstVerdict } from '../model/judgement/verdict.ts';
import type { RunRecord } from '../model/run/record.ts';
import { findingOf } from './budgets/budget-finding.ts';
import { notesOf, unusedNotes } from './notes.ts';
import { undoneOf } from './undone.ts';
import { isTargetsDoing } from './validity/blame.ts';
import { generatorNotes } from './validity/generator-notes.ts';
import { latenessCause } from './validity/lateness-cause.ts';
import { validityOf } from './validity/validity.ts';

/**
 * Judges a run record by its budgets and by how it compares with earlier runs: first whether it is a measurement at
 * all, then each budget. What the target alone can have done wrong fails also where the generator was late. Where no budget names `errorRate`, 1 % applies to the whole. A run that stopped by its
 * `abortOn` fails, whatever its budgets say. `today` is the day, as `YYYY-MM-DD` in UTC, by which waivers are read.
 */
export function judgeRun(
  record: RunRecord,
  { budgets, onInconclusive, file, unused }: ScenarioBudgets,
  today: string,
  comparison: Comparison = notCompared,
): Judgement {
  const standing = standingBudgets(budgets);
  const validity = validityOf(record, standing);
  const analysis = analyse(record);
  const terms = { today, cause: latenessCause(record.measurement.generator) };
  const findings = standing.map(budget => findingOf(budget, analysis.of(budget.scope), terms));
  const named = new Set(standing.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])));
  const compared = ofMeasurement(comparison, validity);
  const undone = undoneOf(record, findings);
  const isFailed = findings.some(finding => isTargetsDoing(finding, analysis.of(finding.scope), validity));
  return {
    verdict: isFailed
      ? 'fail'
      : worstVerdict([
          ...(validity.state === 'invalid' ? (['invalid'] as const) : []),
          ...(record.measurement.completion.state === 'aborted' ? (['fail'] as const) : []),
          ...findings.map(finding => finding.status),
          ...undone.map(() => 'warn' as const),
          ...regressionsIn(compared)
            .filter(counts)
            .map(finding => finding.status),
        ]),
    validity,
    findings,
    comparison: compared,
    undone,
    budgetsFile: file,
    unbudgeted: record.measurement.endpoints.map(({ name }) => name).filter(name => !named.has(name)),
    notes: [
      ...unusedNotes({ file, unused }),
      ...notesOf(record, findings),
      ...generatorNotes(record, standing),
    ],
    onInconclusive,
  };
}

/** Judges a run by its comparison alone: budgets only say which metrics are asked for, and what is tolerated. */
export function judgeComparison(
  record: RunRecord,
  { budgets, onInconclusive, file }: ScenarioBudgets,
  comparison: Comparison,
): Judgement {
  const validity = validityOf(record, budgets);
  const compared = ofMeasurement(comparison, validity);
  return {
    verdict: worstVerdict([
      ...(validity.state === 'invalid' || compared.state !== 'compared' ? (['invalid'] as const) : []),
      ...regressionsIn(compared)
        .filter(counts)
        .map(finding => finding.status),
    ]),
    validity,
    findings: [],
    comparison: compared,
    undone: [],
    budgetsFile: file,
    unbudgeted: [],
    notes: [...notesOf(record, []), ...generatorNotes(record, budgets)],
    onInconclusive,
  };
}

/** What is no measurement is never called slow. */
function ofMeasurement(comparison: Comparison, { state }: Validity): Comparison {
  return comparison.state === 'compared' && state === 'invalid'
    ? {
        state: 'refused',
        selection: comparison.selection,
        reason: { kind: 'noMeasurement', of: 'run' },
      }
    : comparison;
}
