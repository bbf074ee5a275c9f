import { createHash } from 'node:crypto';
import { errorLimits } from '../../src/analysis/metrics/error-rate.ts';
import { layoutOf } from '../../src/engine/slots/duet-layout.ts';
import { usualRegression } from '../../src/model/judgement/regression-policy.ts';
import { duetLooks } from '../../src/stats/flips/sequential-test.ts';
import { planOf, type Workload } from './workloads.ts';

/** Stands for what a duet of a workload is judged by: its looks, its layout and its limits. */
export async function judgeDigest(workload: Workload): Promise<string> {
  const layout = layoutOf(await planOf(workload, 'http://127.0.0.1:4010'), 'restart');
  // The keys are those of the first published duets, so that these still count.
  const looks = duetLooks.map(({ restarts, ...spending }) => ({ units: restarts, ...spending }));
  const { repeat, slotMs, pairsPerRestart, load, mostRestarts } = layout;
  const laidOut = { unit: repeat, slotMs, pairsPerUnit: pairsPerRestart, load, mostUnits: mostRestarts };
  const judge = JSON.stringify([looks, laidOut, usualRegression, errorLimits]);
  return createHash('sha256').update(judge).digest('hex').slice(0, 12);
}
