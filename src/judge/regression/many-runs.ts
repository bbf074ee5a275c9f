import type { Basis } from '../../model/judgement/regression.ts';
import type { Prediction } from '../../model/judgement/regression-reason.ts';
import { studentQuantile } from '../../stats/intervals/mean-interval.ts';
import { predictionOf } from '../../stats/intervals/prediction.ts';
import { confidence } from '../budgets/reading.ts';
import { indexed } from './basis.ts';
import type { Cell, CellOutcome, Terms } from './cell.ts';
import { barFor } from './few-runs.ts';
import type { SeenChange } from './time-change.ts';

/** The probability with which the detectable effect would be seen. */
const power = 0.8;

/**
 * Decides a quantile by the spread between eight or more earlier runs; null where too few of them have it. Past the
 * prediction bound and by at least the floor the change is established: it fails where it may be as great as the
 * tolerance, and warns otherwise. It passes where the change surely is smaller than the tolerance. Where it may be greater, the
 * bar of few stored runs decides, and not firmly, so that more runs never give a weaker answer; past that bar it only warns,
 * since runs alike differ by as much. The baseline is the geometric mean of the earlier runs.
 *
 * That a change of the tolerance would have been seen is no condition of a pass: the bound of this run says already what it
 * may have changed by. With it, 94 % of unchanged runs were open with eight runs that differ by 3 %, and all passed with seven.
 */
export function decideByManyRuns(
  { metric, endpoint }: Cell,
  { observed }: SeenChange,
  { policy, chance }: Terms,
  { runs }: Extract<Basis, { kind: 'manyRuns' }>,
): CellOutcome | null {
  const logs = runs.flatMap(run => {
    const value = indexed(run, endpoint, metric.name);
    return value === null || value <= 0 ? [] : [Math.log(value)];
  });
  const prediction = predictionOf(logs, { confidence: 1 - chance, power });
  if (prediction === null) return null;
  const { centre, spread, bound, detectable } = prediction;
  const log = Math.log(observed.value);
  const reach =
    studentQuantile((1 + confidence) / 2, logs.length - 1) * spread * Math.sqrt(1 + 1 / logs.length);
  const baseline = { value: Math.exp(centre), atLeast: false };
  const interval = {
    low: Math.expm1(log - centre - reach),
    high: observed.atLeast ? null : Math.expm1(log - centre + reach),
    confidence,
  };
  const change = { kind: 'relative', value: Math.expm1(log - centre), interval } as const;
  const predicted: Prediction = {
    runs: logs.length,
    bound: Math.exp(bound),
    chance,
    spread,
    detectable: Math.expm1(detectable),
    power,
  };
  const found = { observed, baseline, change, evidence: { kind: 'prediction', ...predicted } } as const;
  const upper = interval.high ?? Number.POSITIVE_INFINITY;
  const { tolerance } = policy;
  if (log > bound && change.value >= policy.floor) {
    return upper >= tolerance
      ? { ...found, status: 'fail', firm: true, reason: { kind: 'pastPrediction', prediction: predicted } }
      : {
          ...found,
          status: 'warn',
          firm: true,
          reason: { kind: 'tolerated', prediction: predicted, tolerance },
        };
  }
  if (observed.atLeast) {
    return { ...found, status: 'inconclusive', firm: false, reason: { kind: 'mayBeMore' } };
  }
  if (upper < tolerance) {
    const kind = upper < 0 ? 'improved' : 'withinPrediction';
    return { ...found, status: 'pass', firm: true, reason: { kind, prediction: predicted } };
  }
  if (observed.value <= baseline.value * barFor(baseline.value, policy)) {
    const reason = { kind: 'byFewerRuns', prediction: predicted, tolerance, bar: policy.stored } as const;
    return { ...found, status: 'pass', firm: false, reason };
  }
  const doubts = [{ kind: 'differ', of: 'runs', count: logs.length, bound: predicted.bound }] as const;
  return { ...found, status: 'warn', firm: false, reason: { kind: 'pastBar', bar: policy.stored, doubts } };
}
