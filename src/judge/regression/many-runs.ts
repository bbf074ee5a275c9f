import type { Basis } from '../../model/judgement/regression.ts';
import { studentQuantile } from '../../stats/intervals/mean-interval.ts';
import { predictionOf } from '../../stats/intervals/prediction.ts';
import { changeText } from '../../words/change-text.ts';
import { counted, duration } from '../../words/quantity-text.ts';
import { confidence } from '../budgets/reading.ts';
import { indexed } from './basis.ts';
import type { Cell, Ruling, Terms } from './cell.ts';
import type { TimeChange } from './time-change.ts';
import { movedText, oneIn, withInterval } from './wording.ts';

/** The probability with which the detectable effect would be seen. */
const power = 0.8;

/**
 * Decides a quantile by the spread between eight or more earlier runs; null where too few of them have it. Past the
 * prediction bound and by at least the floor the change is established: it fails where it may be as great as the
 * tolerance, and warns otherwise. It passes where the run surely is faster, and where the change surely is smaller than the
 * tolerance and one of the tolerance would have been seen; else it is open. The baseline is the geometric mean of the earlier runs.
 */
export function decideByManyRuns(
  { metric, endpoint }: Cell,
  { observed }: Extract<TimeChange, { state: 'seen' }>,
  { policy, chance }: Terms,
  { runs }: Extract<Basis, { kind: 'manyRuns' }>,
): Ruling | null {
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
  const evidence = {
    kind: 'prediction',
    runs: logs.length,
    bound: Math.exp(bound),
    chance,
    spread,
    detectable: Math.expm1(detectable),
    power,
  } as const;
  const found = { observed, baseline, change, evidence };
  const moved = `${movedText(metric.name, baseline, observed, 'ms')} (${withInterval(change)})`;
  const predicted =
    `${counted(logs.length, 'earlier run')} predict at most ${duration(evidence.bound)}, ` +
    `which ${oneIn(chance)} unchanged runs exceeds`;
  const seen = `a change of ${changeText(evidence.detectable, 'relative')} would be seen`;
  const upper = interval.high ?? Number.POSITIVE_INFINITY;
  const tolerance = changeText(policy.tolerance, 'relative');
  if (log > bound && change.value >= policy.floor) {
    return upper >= policy.tolerance
      ? { ...found, status: 'fail', firm: true, reason: `${moved}; ${predicted}` }
      : {
          ...found,
          status: 'warn',
          firm: true,
          reason: `${moved}, surely less than the tolerance of ${tolerance}; ${predicted}`,
        };
  }
  if (observed.atLeast) {
    const reason = `${moved}, but it may be any more: requests timed out`;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  if (upper < 0) return { ...found, status: 'pass', firm: true, reason: `${moved}; ${predicted}` };
  if (evidence.detectable > policy.tolerance) {
    const reason =
      `${moved}; ${counted(logs.length, 'earlier run')} differ so much that only ${seen}, more than the tolerance of ` +
      `${tolerance}: longer runs, or a quieter machine, would settle it`;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  if (upper >= policy.tolerance) {
    const reason = `${moved}; not past what ${predicted}, but it may be more than the tolerance of ${tolerance}: measure again`;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  return { ...found, status: 'pass', firm: true, reason: `${moved}; ${predicted}; ${seen}` };
}
