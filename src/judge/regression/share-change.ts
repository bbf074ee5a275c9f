import { badOf, type ShareMetric, shareOf, worseSign } from '../../analysis/metrics/share-metric.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import type { RegressionDoubt } from '../../model/judgement/regression-reason.ts';
import { clustering, designEffect } from '../../stats/intervals/design-effect.ts';
import { studentQuantile } from '../../stats/intervals/mean-interval.ts';
import { normalQuantile } from '../../stats/intervals/normal.ts';
import { fewestRuns } from '../../stats/intervals/prediction.ts';
import { newcombe, type ObservedShare } from '../../stats/intervals/share-difference.ts';
import { confidence, evidenceOf } from '../budgets/reading.ts';
import { indexed, othersOf } from './basis.ts';
import type { Cell, CellOutcome, Terms } from './cell.ts';

/** The design effect from which hits are said to come together: independent ones may have one of about 1.5. */
const clustered = 2;

/**
 * What counts against a run. Both runs are given the greatest of their design effects and of the dispersion between many
 * stored runs: a run with few errors cannot show how they cluster, and one burst in one run of two is no evidence of a change.
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
 * the metric (of errors, 0.1 percentage points and 5 errors), and no other of the stored runs had as many. The interval is
 * Newcombe's, of counts deflated for clustering; with eight or more stored runs against all of these, deflated for how they
 * differ among themselves, by Student's t.
 */
export function decideShare(
  { baseline, run, endpoint }: Cell,
  metric: ShareMetric,
  { basis, chance }: Terms,
): CellOutcome {
  const between = betweenRuns(metric, endpoint, basis);
  const { limits, isTolerated } = metric.comparison;
  const { floor, fewestMore, tolerance } = limits;
  const sign = worseSign(metric);
  const seen = shareChange(metric, baseline, run, confidence, between);
  const decisive = shareChange(metric, baseline, run, 1 - 2 * chance, between);
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
    const within = shareChange(metric, baseline, run, 1 - 2 * chance)?.run.designEffect ?? 1;
    const why = within >= clustered ? 'together' : seen.run.designEffect >= clustered ? 'runsDiffer' : 'few';
    const reason = { kind: 'mayBeChance', why } as const;
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
  between: BetweenRuns | null = null,
): ShareChange | null {
  if ([baseline, run].some(({ figures }) => shareOf(metric, figures) === null)) return null;
  const within = Math.max(clusteringOf(metric, baseline), clusteringOf(metric, run));
  const deflated =
    between === null
      ? within
      : Math.max(within, between.dispersion) * widening((1 + level) / 2, between.runs - 1);
  const to = { ...badOf(metric, run.figures), designEffect: deflated };
  const from = { ...(between?.bad ?? badOf(metric, baseline.figures)), designEffect: deflated };
  const more = to.hits - (from.hits / from.trials) * to.trials;
  return { baseline: from, run: to, more, ...newcombe(from, to, level) };
}

/** How the shares of many stored runs differ. */
interface BetweenRuns {
  readonly runs: number;
  /** What counts against all of them together. */
  readonly bad: ObservedShare;
  /** How many times more their hits vary than those of one share; at least 1. */
  readonly dispersion: number;
}

/**
 * How many times more the hits of eight or more stored runs vary than independent requests of one share would; null of
 * fewer, and where none of them saw a hit, so that nothing is known. It holds what clusters within a run as well, so it does not
 * multiply the design effect within runs: the greater of both counts. All of the runs together are the baseline then.
 */
function betweenRuns(metric: ShareMetric, endpoint: string, basis: Terms['basis']): BetweenRuns | null {
  if (basis.kind !== 'manyRuns') return null;
  const slices = basis.runs.flatMap(run => {
    const share = indexed(run, endpoint, metric.name);
    const size = run.entry.endpoints.find(({ name }) => name === endpoint)?.requests ?? 0;
    if (share === null || size === 0) return [];
    return [{ size, hits: size * (worseSign(metric) > 0 ? share : 1 - share) }];
  });
  if (slices.length < fewestRuns || !slices.some(({ size, hits }) => hits > 0 && hits < size)) return null;
  const hits = slices.reduce((sum, slice) => sum + slice.hits, 0);
  const trials = slices.reduce((sum, { size }) => sum + size, 0);
  return { runs: slices.length, bad: { hits, trials }, dispersion: designEffect([slices]) };
}

/** What a variance of so many degrees of freedom is multiplied with, so that a normal quantile does for Student's. */
function widening(p: number, degreesOfFreedom: number): number {
  return (studentQuantile(p, degreesOfFreedom) / normalQuantile(p)) ** 2;
}

function clusteringOf({ form }: ShareMetric, { slices }: ScopeData): number {
  return clustering(byStage(slices(), slice => ({ size: form.trials(slice), hits: form.hits(slice) })))
    .designEffect;
}

function observedIn(metric: ShareMetric, { figures }: ScopeData) {
  const value = shareOf(metric, figures);
  return value === null ? null : { value, atLeast: false };
}
