import { badOf, type ShareMetric, shareOf, worseSign } from '../../analysis/metrics/share-metric.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import type { RegressionDoubt } from '../../model/judgement/regression-reason.ts';
import { clustering } from '../../stats/intervals/design-effect.ts';
import { normalQuantile } from '../../stats/intervals/normal.ts';
import { newcombe, type ObservedShare } from '../../stats/intervals/share-difference.ts';
import { confidence, evidenceOf } from '../budgets/reading.ts';
import { indexed, othersOf } from './basis.ts';
import type { Cell, CellOutcome, Terms } from './cell.ts';

/** The design effect from which hits are said to come together: independent ones may have one of about 1.5. */
const clustered = 2;

/**
 * What counts against a run. Both runs are given the greater of their design effects: a run with few errors cannot show
 * how they cluster, and one burst in one run of two is no evidence of a change.
 */
type BadShare = Required<ObservedShare>;

/** Two shares of what counts against a run, with the interval of their difference: above 0 it is for the worse. */
interface ShareChange {
  readonly baseline: BadShare;
  readonly run: BadShare;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Bad ones more than the baseline's share gives as many requests. */
  readonly more: number;
}

/** Whether two shares differ for certain and by enough to matter. */
export function sharesDiffer(metric: ShareMetric, baseline: ScopeData, run: ScopeData): boolean {
  const change = shareChange(metric, baseline, run, confidence);
  if (change === null) return false;
  const { low, high, difference, more } = change;
  const { floor, fewestMore } = metric.comparison.limits;
  return (low > 0 || high < 0) && Math.abs(difference) >= floor && Math.abs(more) >= fewestMore;
}

/**
 * Decides a share, such as the error rate: it fails where a change for the worse is beyond chance, at least the floor of
 * the metric (of errors, 0.1 percentage points and 5 errors), and no other of the stored runs had as many. The interval is Newcombe's, of counts deflated for clustering.
 */
export function decideShare(
  { baseline, run, endpoint }: Cell,
  metric: ShareMetric,
  { basis, chance }: Terms,
): CellOutcome {
  const { limits, isTolerated } = metric.comparison;
  const { floor, fewestMore, tolerance } = limits;
  const sign = worseSign(metric);
  const seen = shareChange(metric, baseline, run, confidence);
  const decisive = shareChange(metric, baseline, run, 1 - 2 * chance);
  if (seen === null || decisive === null) {
    const which = shareOf(metric, run.figures) === null ? 'run' : 'baseline';
    return {
      status: 'inconclusive',
      observed: observedIn(metric, run),
      baseline: observedIn(metric, baseline),
      change: null,
      firm: false,
      evidence: { kind: 'thin' },
      reason: { kind: metric.signal === null ? 'noneDue' : 'noneTells', which },
    };
  }
  const { difference, more, low, high } = seen;
  const [from, to] = [seen.baseline, seen.run].map(({ hits, trials }) =>
    sign > 0 ? hits / trials : 1 - hits / trials,
  ) as [number, number];
  const others = othersOf(basis).flatMap(other => indexed(other, endpoint, metric.name) ?? []);
  const asBad = others.filter(share => sign * (share - to) > -floor).length;
  const interval = sign > 0 ? { low, high, confidence } : { low: -high, high: -low, confidence };
  const found = {
    observed: { value: to, atLeast: false },
    baseline: { value: from, atLeast: false },
    change: { kind: 'difference', value: sign * difference, interval },
    evidence: {
      kind: 'shares',
      baseline: evidenceOf(seen.baseline.trials, seen.baseline.designEffect),
      more,
      others: others.length,
      asBad,
    },
  } as const;
  if (decisive.low > 0 && difference >= floor && more >= fewestMore) {
    const doubts: readonly RegressionDoubt[] = [
      ...(basis.kind === 'unlike' ? ([{ kind: 'unlike' }] as const) : []),
      ...(asBad > 0 ? ([{ kind: 'othersAlike', count: asBad, of: others.length }] as const) : []),
    ];
    if (isTolerated && high < tolerance) {
      return { ...found, status: 'warn', firm: true, reason: { kind: 'toleratedShare', more, tolerance } };
    }
    const reason = { kind: 'worseShare', more, doubts } as const;
    return { ...found, status: doubts.length === 0 ? 'fail' : 'warn', firm: true, reason };
  }
  const least = Math.min(seen.baseline.trials, seen.run.trials);
  const needed = neededRequests(tolerance);
  if (least < needed) {
    const which = seen.run.trials === least ? 'run' : 'baseline';
    const { seconds } = (which === 'run' ? run : baseline).figures;
    const reason = {
      kind: 'tooFewRequests',
      which,
      requests: least,
      needed,
      change: tolerance,
      seconds,
    } as const;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  if (difference > tolerance) {
    const reason = { kind: 'mayBeChance', cameTogether: seen.run.designEffect >= clustered } as const;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  return { ...found, status: 'pass', firm: high <= tolerance, reason: { kind: 'shareHeld' } };
}

/** The requests of which a pair of runs without any error leaves no more than the tolerance open: z² (1 − t) / t. */
function neededRequests(tolerance: number): number {
  const z = normalQuantile((1 + confidence) / 2);
  return Math.ceil((z * z * (1 - tolerance)) / tolerance);
}

function shareChange(
  metric: ShareMetric,
  baseline: ScopeData,
  run: ScopeData,
  level: number,
): ShareChange | null {
  if ([baseline, run].some(({ figures }) => shareOf(metric, figures) === null)) return null;
  const designEffect = Math.max(clusteringOf(metric, baseline), clusteringOf(metric, run));
  const [from, to] = [baseline, run].map(({ figures }) => ({
    ...badOf(metric, figures),
    designEffect,
  })) as [BadShare, BadShare];
  const more = to.hits - (from.hits / from.trials) * to.trials;
  return { baseline: from, run: to, more, ...newcombe(from, to, level) };
}

function clusteringOf({ form }: ShareMetric, { slices }: ScopeData): number {
  return clustering(byStage(slices(), slice => ({ size: form.trials(slice), hits: form.hits(slice) })));
}

function observedIn(metric: ShareMetric, { figures }: ScopeData) {
  const value = shareOf(metric, figures);
  return value === null ? null : { value, atLeast: false };
}
