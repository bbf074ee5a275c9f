import {
  type Distribution,
  maxOf,
  meanOf,
  minOf,
  quantileOf,
  valueAtRankOf,
} from '../../analysis/figures.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage, type Slice } from '../../analysis/slices.ts';
import { isStreamTime, type LatencyKind, type LatencyStatistic } from '../../model/judgement/metric.ts';
import type { Interval, Observed } from '../../model/judgement/verdict.ts';
import { type Micros, micros, microsToMillis, millis, millisToMicros } from '../../model/units.ts';
import type { Histogram } from '../../stats/histogram.ts';
import { clopperPearson } from '../../stats/intervals/binomial.ts';
import { type Clustering, clustering } from '../../stats/intervals/design-effect.ts';
import { ratioEstimate, studentQuantile } from '../../stats/intervals/mean-interval.ts';
import { effectiveSamplesForUpperBound, quantileRanks } from '../../stats/intervals/quantile-interval.ts';
import { confidence, evidenceOf, type Reading } from './reading.ts';

/** Times by slice, from which clustering is known. */
interface Sliced {
  readonly slices: readonly Slice[];
  /** All of them. */
  readonly histogram: Histogram;
}

/**
 * Reads a latency statistic in milliseconds; the limit, in milliseconds, decides how much evidence there is on it.
 * Service and first-byte times are not kept by slice: their clustering is taken to be that of the response times. Those of
 * streamed answers are: gaps of one stream resemble each other.
 */
export function readLatency(
  data: ScopeData,
  of: LatencyKind,
  statistic: LatencyStatistic,
  limitMs: number,
): Reading {
  const distribution = data.figures.distribution(of);
  const samples = distribution.histogram.count;
  if (samples === 0) return { state: 'empty' };
  const isSliced = of === 'response' || isStreamTime(of);
  const sliced: Sliced = {
    slices: isStreamTime(of) ? data.streamSlices(of) : data.slices(),
    histogram: isSliced ? distribution.histogram : data.figures.distribution('response').histogram,
  };
  if (statistic.kind === 'quantile') return readQuantile(sliced, distribution, statistic.q, limitMs);
  if (statistic.kind === 'avg') return readMean(sliced, distribution, isSliced);
  const observed = statistic.kind === 'min' ? minOf(distribution) : maxOf(distribution);
  if (observed === null) return { state: 'empty' };
  return { state: 'fact', observed, openAbove: observed.atLeast, evidence: evidenceOf(samples, 1) };
}

function readQuantile(sliced: Sliced, distribution: Distribution, q: number, limitMs: number): Reading {
  const { histogram } = distribution;
  const needed = effectiveSamplesForUpperBound(q, confidence);
  const observed = quantileOf(distribution, q);
  if (observed === null) {
    const limit = millisToMicros(millis(limitMs));
    const over = histogram.countAbove(limit);
    const { designEffect, forShare } = clusteringAbove(sliced, limit);
    const evidence = evidenceOf(histogram.count, designEffect);
    const share = clopperPearson(over / forShare, histogram.count / forShare, confidence);
    const overShare = { ...share, confidence };
    return { state: 'unseen', evidence, needed, over, allowed: 1 - q, overShare };
  }
  const { designEffect, forQuantile, unsettled } = clusteringAbove(sliced, sliced.histogram.quantile(q));
  const evidence = evidenceOf(histogram.count, designEffect);
  const ranks = quantileRanks(q, histogram.count, forQuantile, confidence);
  const high = ranks.high === null ? null : valueAtRankOf(distribution, ranks.high);
  const interval: Interval = {
    low: ranks.low === null ? null : microsToMillis(histogram.valueAtRank(ranks.low)),
    high: high === null || high.atLeast ? null : high.value,
    confidence,
  };
  const limit = millisToMicros(millis(limitMs));
  const atLimit = evidenceOf(histogram.count, clusteringAbove(sliced, limit).designEffect);
  const isEnough = Math.max(evidence.effectiveSamples, atLimit.effectiveSamples) >= needed;
  return {
    state: 'estimate',
    observed,
    openAbove: observed.atLeast,
    interval,
    evidence,
    atLimit: isEnough
      ? atLimit
      : evidenceOf(histogram.count, leastClustering(sliced, sliced.histogram.quantile(q), limit)),
    needed,
    unsettled,
  };
}

function readMean(sliced: Sliced, distribution: Distribution, isSliced: boolean): Reading {
  const observed = meanOf(distribution) as Observed;
  const slices = byStage(sliced.slices, slice => ({ sum: slice.sumUs, over: slice.samples }));
  const estimate = ratioEstimate(slices, confidence);
  const samples = distribution.histogram.count;
  const open = { state: 'estimate', observed, openAbove: false, needed: 0, unsettled: null } as const;
  if (estimate === null || estimate.standardError === null) {
    const evidence = evidenceOf(samples, 1);
    return { ...open, interval: null, evidence, atLimit: evidence };
  }
  const independent = sliced.histogram.standardDeviation ** 2 / sliced.histogram.count;
  const evidence = evidenceOf(
    samples,
    independent > 0 ? Math.max(1, estimate.standardError ** 2 / independent) : 1,
  );
  if (isSliced) {
    const { low, high } = estimate as { low: number; high: number };
    const interval = { low: inMillis(low), high: observed.atLeast ? null : inMillis(high), confidence };
    return { ...open, interval, evidence, atLimit: evidence };
  }
  const standardError = distribution.histogram.standardDeviation / Math.sqrt(evidence.effectiveSamples);
  const reach = inMillis(studentQuantile((1 + confidence) / 2, estimate.degreesOfFreedom) * standardError);
  const interval = {
    low: Math.max(0, observed.value - reach),
    high: observed.atLeast ? null : observed.value + reach,
    confidence,
  };
  return { ...open, interval, evidence, atLimit: evidence };
}

function inMillis(us: number): number {
  return microsToMillis(micros(us));
}

function clusteringAbove({ slices }: Sliced, time: Micros): Clustering {
  return clustering(byStage(slices, slice => ({ size: slice.samples, hits: slice.above(time) })));
}

/**
 * The least clustering of what lies above any time from one to another: a longer limit then never has less evidence than a
 * shorter one.
 */
function leastClustering(sliced: Sliced, from: Micros, to: Micros): number {
  const { tops } = sliced.histogram.occupied();
  const between = [...tops].filter(top => top > from && top <= to).map(micros);
  return Math.min(...[to, ...between].map(time => clusteringAbove(sliced, time).designEffect));
}
