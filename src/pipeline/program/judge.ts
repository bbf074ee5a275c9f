import { budgetsFor, checkBudgets } from '../../config/budgets.ts';
import type { Budgets } from '../../config/schema/budgets/budgets-value.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { runsOfRecords } from '../baselines/named-runs.ts';
import { comparePair } from '../run/compare.ts';
import { subjectOf } from '../run/judge-file.ts';
import { judgeRecord } from '../run/run.ts';
import { type BudgetsDocument, documentIn } from './budgets.ts';
import { withOptionNames } from './option-names.ts';

/**
 * Judges a record by budgets, or by the default limit where there are none. Throws a `PlimsollError` where the budgets
 * are wrong, or do not fit the scenario of the record.
 */
export function judge(record: RunRecord, budgets?: Budgets | BudgetsDocument): JudgedRun {
  const checked = budgets === undefined ? null : checkBudgets(documentIn(budgets));
  return judgeRecord(record, budgetsFor(checked, subjectOf(record, null)));
}

/** By which rules runs are compared. */
export interface CompareCall {
  /** Say what is tolerated, and which metrics are asked for. */
  readonly budgets?: Budgets | BudgetsDocument | undefined;
  /** True compares different versions of a scenario too, for warnings. Default: false. */
  readonly anyway?: boolean | undefined;
}

/**
 * Compares a run with one or more earlier ones of its scenario. Throws a `PlimsollError` where they cannot be compared.
 */
export async function compare(
  base: RunRecord | readonly RunRecord[],
  head: RunRecord,
  { budgets, anyway = false }: CompareCall = {},
): Promise<JudgedRun> {
  const [newest] = runsOfRecords([head]).runs;
  if (newest === undefined) throw new Error('one record is one run');
  const pair = { base: runsOfRecords([base].flat()), head: newest };
  const terms = { budgets: budgets === undefined ? null : documentIn(budgets), cwd: process.cwd(), anyway };
  return await withOptionNames(comparePair(pair, 'base, head', terms));
}
