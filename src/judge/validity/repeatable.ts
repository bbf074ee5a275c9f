import type { InvalidReason } from '../../model/judgement/invalid-reason.ts';
import type { JudgedRun } from '../../model/judgement/judged-run.ts';
import { regressionsIn } from '../../model/judgement/regression.ts';

/** What the generator or its machine does, and may not do a second time. A pool that is too small stays too small. */
const generatorsDoing: readonly InvalidReason['kind'][] = ['sentLate', 'exhausted', 'workerDied'];

/**
 * Whether a run is no measurement by the doing of the generator alone, so that another one may be: it was late, lacked
 * something, or lost a worker. Not where the target never answered or nothing was due, which another run would only find
 * again, nor after an interrupt; and not where anything failed, so that no failure is measured away.
 */
export function isRepeatable({ record, judgement }: Pick<JudgedRun, 'record' | 'judgement'>): boolean {
  const { verdict, validity, findings, comparison } = judgement;
  const { state } = record.measurement.completion;
  if (verdict !== 'invalid' || (state !== 'complete' && state !== 'workerDied')) return false;
  const all = [...findings, ...regressionsIn(comparison)];
  if (all.some(({ status }) => status === 'fail')) return false;
  if (validity.state === 'invalid')
    return validity.reasons.every(({ kind }) => generatorsDoing.includes(kind));
  return all.every(({ status, reason }) => status !== 'invalid' || reason.kind === 'brokenByLateness');
}
