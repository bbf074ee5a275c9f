import { budgetsFor, readBudgets } from '../config/budgets.ts';
import { scenarioNamesBeside } from '../config/scenario-names.ts';
import type { JudgedRun } from '../model/judged-run.ts';
import { readRecord } from '../store/record-reader.ts';
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
  const { header, measurement } = record;
  const stages = measurement.windows.filter(({ kind }) => kind === 'stage');
  const budgets = budgetsFor(
    options.budgets === null ? null : await readBudgets(options.budgets, options.cwd),
    {
      scenario: header.scenario,
      endpoints: measurement.endpoints.map(({ name }) => name),
      stages: Math.max(0, ...stages.map(({ stage }) => stage)),
      timeoutMs: header.timeoutMs,
      file: header.file,
      others: header.file === null ? null : await scenarioNamesBeside(header.file, options.cwd),
    },
  );
  return judgeRecord(record, budgets);
}
