import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import type { RegressionDoubt } from '../../model/judgement/regression-reason.ts';
import { clustering } from '../../stats/intervals/design-effect.ts';
import { normalQuantile } from '../../stats/intervals/normal.ts';
import { newcombe, type ObservedShare } from '../../stats/intervals/share-difference.ts';
import { confidence, evidenceOf } from '../budgets/reading.ts';
import { indexed, othersOf } from './basis.ts';
import type { Cell, Ruling, Terms } from './cell.ts';

/** The least increase of an error rate that is called one, and the errors that it must amount to. */
const floor = 0.001;
const fewestMore = 5;
/** The greatest increase that may go unseen. */
const tolerance = 0.01;
/** The design effect from which errors are said to come together: independent ones may have one of about 1.5. */
const clustered = 2;

/**
 * Errors of a run. Both runs are given the greater of their design effects: a run with few errors cannot show how they
 * cluster, and one burst in one run of two is no evidence of a change.
 */
type ErrorShare = Required<ObservedShare>;

/** Two error rates with the interval of their difference. */
interface ErrorChange {
  readonly baseline: ErrorShare;
  readonly run: ErrorShare;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Errors more than the baseline's rate gives as many requests. */
  readonly more: number;
}

/** Whether the error rates differ for certain and by enough to matter, so that times are those of other requests. */
export function errorsDiffer(baseline: ScopeData, run: ScopeData): boolean {
  const change = errorChange(baseline, run, confidence);
  if (change === null) return false;
  const { low, high, difference, more } = change;
  return (low > 0 || high < 0) && Math.abs(difference) >= floor && Math.abs(more) >= fewestMore;
}

/**
 * Decides the error rate: it fails where the increase is beyond chance, at least 0.1 percentage points and 5 errors,
 * and no other of the stored runs had as many. The interval is Newcombe's, of counts deflated for clustering.
 */
export function decideErrors(cell: Cell, { basis, chance }: Terms): Ruling {
  const { baseline, run, endpoint } = cell;
  const seen = errorChange(baseline, run, confidence);
  const decisive = errorChange(baseline, run, 1 - 2 * chance);
  if (seen === null || decisive === null) {
    return {
      status: 'inconclusive',
      observed: observedIn(run),
      baseline: observedIn(baseline),
      change: null,
      firm: false,
      evidence: { kind: 'thin' },
      reason: { kind: 'noneDue', which: run.figures.requests === 0 ? 'run' : 'baseline' },
    };
  }
  const { difference, more, low, high } = seen;
  const [from, to] = [seen.baseline, seen.run].map(({ hits, trials }) => hits / trials) as [number, number];
  const others = othersOf(basis).flatMap(other => indexed(other, endpoint, 'errorRate') ?? []);
  const asBad = others.filter(rate => rate > to - floor).length;
  const interval = { low, high, confidence };
  const found = {
    observed: { value: to, atLeast: false },
    baseline: { value: from, atLeast: false },
    change: { kind: 'difference', value: difference, interval },
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
    const reason = { kind: 'moreErrors', more, doubts } as const;
    return { ...found, status: doubts.length === 0 ? 'fail' : 'warn', firm: true, reason };
  }
  const least = Math.min(seen.baseline.trials, seen.run.trials);
  const needed = neededRequests();
  if (least < needed) {
    const which = seen.run.trials === least ? 'run' : 'baseline';
    const { seconds } = (which === 'run' ? run : baseline).figures;
    const reason = {
      kind: 'tooFewRequests',
      which,
      requests: least,
      needed,
      increase: tolerance,
      seconds,
    } as const;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  if (difference > tolerance) {
    const reason = { kind: 'mayBeChance', cameTogether: seen.run.designEffect >= clustered } as const;
    return { ...found, status: 'inconclusive', firm: false, reason };
  }
  return { ...found, status: 'pass', firm: high <= tolerance, reason: { kind: 'noMoreErrors' } };
}

/** The requests of which a pair of runs without any error leaves no more than the tolerance open: z² (1 − t) / t. */
function neededRequests(): number {
  const z = normalQuantile((1 + confidence) / 2);
  return Math.ceil((z * z * (1 - tolerance)) / tolerance);
}

function errorChange(baseline: ScopeData, run: ScopeData, level: number): ErrorChange | null {
  if (baseline.figures.requests === 0 || run.figures.requests === 0) return null;
  const designEffect = Math.max(clusteringOf(baseline), clusteringOf(run));
  const [from, to] = [baseline, run].map(({ figures }) => ({
    hits: figures.errors,
    trials: figures.requests,
    designEffect,
  })) as [ErrorShare, ErrorShare];
  const more = to.hits - (from.hits / from.trials) * to.trials;
  return { baseline: from, run: to, more, ...newcombe(from, to, level) };
}

function clusteringOf({ slices }: ScopeData): number {
  return clustering(byStage(slices(), slice => ({ size: slice.requests, hits: slice.errors })));
}

function observedIn({ figures }: ScopeData) {
  return figures.errorRate === null ? null : { value: figures.errorRate, atLeast: false };
}
