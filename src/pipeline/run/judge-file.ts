import { analyse } from '../../analysis/analysis.ts';
import {
  type BudgetSubject,
  budgetsFor,
  checkBudgets,
  namesOthers,
  readBudgetsFile,
} from '../../config/budgets.ts';
import { scenarioNamesBeside } from '../../config/scenario/scenario-names.ts';
import type { SourceDocument } from '../../config/source/place.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { readRecord } from '../../store/records/record-reader.ts';
import { judgeRecord } from './run.ts';

/** Where the budgets of records come from. */
export interface BudgetsOfRecords {
  /** A file, or what a program hands over; null for the default limits alone. */
  readonly budgets: string | SourceDocument | null;
  readonly cwd: string;
}

/**
 * Reads a stored run record and judges it by a budgets file, or by the default limits where that is null. Throws a
 * `PlimsollError` where either is missing or wrong.
 */
export async function judgeFile(file: string, options: BudgetsOfRecords): Promise<JudgedRun> {
  const record = await readRecord(file);
  return judgeRecord(record, await budgetsOfRecord(record, options));
}

/** What budgets there are for the scenario of a record. */
export async function budgetsOfRecord(
  record: RunRecord,
  { budgets, cwd }: BudgetsOfRecords,
): Promise<ScenarioBudgets> {
  const { file, scenario } = record.header;
  const read =
    typeof budgets === 'string' ? await readBudgetsFile(budgets, cwd) : budgets && checkBudgets(budgets);
  const asksBeside = file !== null && read !== null && namesOthers(read, [scenario]);
  const others = asksBeside ? await scenarioNamesBeside(file, cwd) : null;
  // What a run must be compared with matters when it is made, not whenever its record is judged again.
  return { ...budgetsFor(read, subjectOf(record, others)), requireBaseline: false };
}

/** What budgets must fit that are to judge a record; `others` are the scenarios beside its own. */
export function subjectOf(
  { header, measurement }: RunRecord,
  others: readonly string[] | null,
): BudgetSubject {
  const stages = measurement.windows.filter(({ kind }) => kind === 'stage');
  return {
    scenario: header.scenario,
    endpoints: measurement.endpoints.map(({ name }) => name),
    transactions: (measurement.transactions ?? []).map(({ name }) => name),
    stages: Math.max(0, ...stages.map(({ stage }) => stage)),
    timeoutMs: header.timeoutMs,
    signals: [...analyse(measurement).signals],
    file: header.file,
    others,
  };
}
