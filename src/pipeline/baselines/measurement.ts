import { validityOf } from '../../judge/validity/validity.ts';
import type { StoredRun } from '../../model/judgement/baseline.ts';
import type { RunRecord } from '../../model/run/record.ts';

/**
 * Whether a stored run says something of its target: known without its record where it was judged when it was saved, since
 * nothing else is saved. Budgets are left out of it: where a pool was too small, the times are of the queue in any case.
 */
export async function isMeasurement({ entry }: StoredRun, read: () => Promise<RunRecord>): Promise<boolean> {
  if (entry.completion !== 'complete') return false;
  if (entry.baseline?.verdict !== undefined) return true;
  return entry.isMeasurement ?? saysSomething(await read());
}

/** The same of a whole record; what it was when it was indexed stays so. */
export function saysSomething(record: RunRecord): boolean {
  return validityOf(record, []).state === 'valid';
}
