import { type ScenarioBudgets, standingBudgets } from '../model/budget.ts';
import type { RunRecord } from '../model/record.ts';
import { type Judgement, worstVerdict } from '../model/verdict.ts';
import { findingOf } from './budget-finding.ts';
import { notesOf } from './notes.ts';
import { scopeReader } from './scope-data.ts';
import { lagNote, validityOf } from './validity.ts';

/**
 * Judges a run record by its budgets: first whether it is a measurement at all, then each budget. Where no budget names
 * `errorRate`, 1 % applies to the whole. `today` is the day, as `YYYY-MM-DD` in UTC, by which waivers are read.
 */
export function judge(
  record: RunRecord,
  { budgets, onInconclusive }: ScenarioBudgets,
  today: string,
): Judgement {
  const standing = standingBudgets(budgets);
  const dataOf = scopeReader(record);
  const validity = validityOf(record, standing, dataOf);
  const findings = standing.map(budget => findingOf(budget, dataOf(budget.scope), today));
  const named = new Set(standing.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])));
  const lag = lagNote(record, standing, dataOf);
  return {
    verdict: worstVerdict([
      ...(validity.state === 'invalid' ? (['invalid'] as const) : []),
      ...findings.map(finding => finding.status),
    ]),
    validity,
    findings,
    unbudgeted: record.measurement.endpoints.map(({ name }) => name).filter(name => !named.has(name)),
    notes: [...notesOf(record, findings), ...(lag === null ? [] : [lag])],
    onInconclusive,
  };
}
