import { type ScenarioBudgets, standingBudgets } from '../model/budget.ts';
import type { RunRecord } from '../model/record.ts';
import { type Judgement, worstVerdict } from '../model/verdict.ts';
import { findingOf } from './budget-finding.ts';
import { generatorNotes } from './generator-notes.ts';
import { notesOf, unusedNotes } from './notes.ts';
import { scopeReader } from './scope-data.ts';
import { validityOf } from './validity.ts';

/**
 * Judges a run record by its budgets: first whether it is a measurement at all, then each budget. Where no budget names
 * `errorRate`, 1 % applies to the whole. A run that stopped by its `abortOn` fails, whatever its budgets say. `today` is the day, as `YYYY-MM-DD` in UTC, by which waivers are read.
 */
export function judge(
  record: RunRecord,
  { budgets, onInconclusive, file, unused }: ScenarioBudgets,
  today: string,
): Judgement {
  const standing = standingBudgets(budgets);
  const dataOf = scopeReader(record);
  const validity = validityOf(record, standing, dataOf);
  const findings = standing.map(budget => findingOf(budget, dataOf(budget.scope), today));
  const named = new Set(standing.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])));
  return {
    verdict: worstVerdict([
      ...(validity.state === 'invalid' ? (['invalid'] as const) : []),
      ...(record.measurement.completion.state === 'aborted' ? (['fail'] as const) : []),
      ...findings.map(finding => finding.status),
    ]),
    validity,
    findings,
    unbudgeted: record.measurement.endpoints.map(({ name }) => name).filter(name => !named.has(name)),
    notes: [
      ...unusedNotes({ file, unused }),
      ...notesOf(record, findings),
      ...generatorNotes(record, standing, dataOf),
    ],
    onInconclusive,
  };
}
