import { budgetsFor, readBudgetsFile } from '../../config/budgets.ts';
import { scenarioNamesBeside } from '../../config/scenario/scenario-names.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { readRecord } from '../../store/records/record-reader.ts';
import { judgeRecord } from './run.ts';

/**
 * Reads a stored run record and judges it by a budgets file, or by the default limits where that is null. Throws a
 * `PlimsollError` where either is missing or wrong.
 */
export async function judgeFile(
  file: string,
  options: { readonly budgets: string | null; readonly cwd: string },
): Promise<JudgedRun> {
  const record = await readRecord(file);
  return judgeRecord(record, await budgetsOfRecord(record, options));
}

/** The budgets that a file has for the scenario of a record; the default limits where there is no file. */
export async function budgetsOfRecord(
  { header, measurement }: RunRecord,
  options: { readonly budgets: string | null; readonly cwd: string },
): Promise<ScenarioBudgets> {
  const stages = measurement.windows.filter(({ kind }) => kind === 'stage');
  return budgetsFor(options.budgets === null ? null : await readBudgetsFile(options.budgets, options.cwd), {
    scenario: header.scenario,
    endpoints: measurement.endpoints.map(({ name }) => name),
    stages: Math.max(0, ...stages.map(({ stage }) => stage)),
    timeoutMs: header.timeoutMs,
    file: header.file,
    others: header.file === null ? null : await scenarioNamesBeside(header.file, options.cwd),
  });
}
