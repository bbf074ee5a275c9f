import { analyse } from '../analysis/analysis.ts';
import { standingBudgets } from '../analysis/metrics/table.ts';
import type { ScenarioBudgets } from '../model/judgement/budget.ts';
import { type Comparison, counts, notCompared, regressionsIn } from '../model/judgement/regression.ts';
import {
  type FirmVerdict,
  type Judgement,
  type Validity,
  worstFirst,
  worstOf,
} from '../model/judgement/verdict.ts';
import type { RunRecord } from '../model/run/record.ts';
import { findingOf } from './budgets/budget-finding.ts';
import { notesOf, unusedNotes } from './notes.ts';
import { undoneOf } from './undone.ts';
import { blamed } from './validity/blame.ts';
import { generatorNotes } from './validity/generator-notes.ts';
import { latenessCause } from './validity/lateness-cause.ts';
import { validityOf } from './validity/validity.ts';

/**
 * Judges a run record by its budgets and by how it compares with earlier runs: first whether it is a measurement at
 * all, then each budget. What the target alone can have done wrong fails also where the generator was late. Where no budget
 * names `errorRate`, 1 % applies to the whole. A run that stopped by its `abortOn` fails, whatever its budgets say, and so
 * does one that was to be compared and is not, where that is required. Findings stand worst first. `today` is the day, as `YYYY-MM-DD` in
 * UTC, by which waivers are read.
 */
export function judgeRun(
  record: RunRecord,
  { budgets, onInconclusive, requireBaseline = false, failsOnDrift = false, file, unused }: ScenarioBudgets,
  today: string,
  comparison?: Comparison,
): Judgement {
  const standing = standingBudgets(budgets);
  const validity = validityOf(record, standing);
  const analysis = analyse(record);
  const terms = { today, cause: latenessCause(record.measurement.generator) };
  const findings = standing.map(budget => {
    const data = analysis.of(budget.scope);
    return blamed(findingOf(budget, data, terms), data, validity);
  });
  const named = new Set(standing.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])));
  const compared = ofMeasurement(comparison ?? notCompared, validity);
  const undone = undoneOf(record, findings);
  const { state } = record.measurement.completion;
  const isStopped = state === 'aborted';
  const isJudgedAlone = comparison === undefined || state !== 'complete' || validity.state !== 'valid';
  const lacksBaseline = requireBaseline && !isJudgedAlone && compared.state !== 'compared';
  const hasDrifted = failsOnDrift && (record.measurement.description?.drifts ?? []).length > 0;
  return {
    ...verdictOf({ validity, hasDrifted, isStopped, lacksBaseline, findings, undone, comparison: compared }),
    validity,
    findings: worstFirst(findings),
    comparison: compared,
    ...(lacksBaseline ? { lacksBaseline } : {}),
    ...(hasDrifted ? { hasDrifted } : {}),
    undone,
    budgetsFile: file,
    unbudgeted: endpointsOf(record).filter(name => !named.has(name)),
    notes: [
      ...unusedNotes({ file, unused }),
      ...notesOf(record, findings),
      ...generatorNotes(record, standing),
    ],
    onInconclusive,
  };
}

/** The verdict that all parts of a judgement come to. */
export function verdictOf({
  validity,
  hasDrifted = false,
  isStopped,
  lacksBaseline = false,
  findings,
  undone,
  comparison,
}: Omit<Judgement, keyof FirmVerdict | 'budgetsFile' | 'unbudgeted' | 'notes' | 'onInconclusive'> & {
  readonly isStopped: boolean;
}): FirmVerdict {
  return worstOf([
    ...standingOf(validity),
    ...(hasDrifted ? [{ verdict: 'fail', firm: true } as const] : []),
    ...(isStopped ? [{ verdict: 'fail', firm: validity.state === 'valid' } as const] : []),
    ...(lacksBaseline ? [{ verdict: 'fail', firm: false } as const] : []),
    ...findings.map(({ status, firm }) => ({ verdict: status, firm })),
    ...undone.map(() => ({ verdict: 'warn', firm: false }) as const),
    ...standingsIn(comparison),
  ]);
}

/** The endpoints that a record tells apart. */
function endpointsOf({ measurement: { endpoints, origin } }: RunRecord): readonly string[] {
  return origin?.endpoints === 'none' ? [] : endpoints.map(({ name }) => name);
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
    ...worstOf([
      ...standingOf(validity),
      ...(compared.state === 'compared' ? [] : [noMeasurement]),
      ...standingsIn(compared),
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

const noMeasurement: FirmVerdict = { verdict: 'invalid', firm: false };

function standingOf({ state }: Validity): readonly FirmVerdict[] {
  return state === 'valid' ? [] : [noMeasurement];
}

function standingsIn(comparison: Comparison): readonly FirmVerdict[] {
  return regressionsIn(comparison)
    .filter(counts)
    .map(({ status, firm }) => ({ verdict: status, firm }));
}

/** What is no measurement is never called slow. */
function ofMeasurement(comparison: Comparison, { state }: Validity): Comparison {
  if (comparison.state !== 'compared') return comparison;
  if (state === 'valid') return { ...comparison, findings: worstFirst(comparison.findings) };
  const { selection } = comparison;
  return { state: 'refused', selection, reason: { kind: 'noMeasurement', of: 'run' } };
}
