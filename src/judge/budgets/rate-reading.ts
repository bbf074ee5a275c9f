import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import type { MetricForm } from '../../model/judgement/metric.ts';
import { clopperPearson } from '../../stats/intervals/binomial.ts';
import { clustering } from '../../stats/intervals/design-effect.ts';
import { ratioEstimate } from '../../stats/intervals/mean-interval.ts';
import { confidence, evidenceOf, type Reading } from './reading.ts';

/** Reads a share, with a binomial interval of counts that are deflated for clustering. */
export function readShare(
  { hits, trials, told }: Extract<MetricForm, { kind: 'share' }>,
  { figures, slices }: ScopeData,
  needed: number,
): Reading {
  const of = trials(figures);
  if (of === 0 || told(figures) === 0) return { state: 'empty' };
  const shares = byStage(slices(), slice => ({ size: trials(slice), hits: hits(slice) }));
  const { designEffect, forShare, unsettled } = clustering(shares);
  const evidence = evidenceOf(of, designEffect);
  const interval = clopperPearson(hits(figures) / forShare, of / forShare, confidence);
  return {
    state: 'estimate',
    observed: { value: hits(figures) / of, atLeast: false },
    openAbove: false,
    interval: { ...interval, confidence },
    evidence,
    atLimit: evidence,
    needed,
    unsettled,
  };
}

/** Reads a quotient of two sums; as many samples are behind it as its first sum counts. */
export function readRate(
  { sum, per }: Extract<MetricForm, { kind: 'rate' }>,
  { figures, slices }: ScopeData,
): Reading {
  const by = per(figures);
  if (by === 0 || figures.requests === 0) return { state: 'empty' };
  const value = sum(figures) / by;
  const perSlice = byStage(slices(), slice => ({ sum: sum(slice), over: per(slice) }));
  const estimate = ratioEstimate(perSlice, confidence);
  const error = estimate?.standardError ?? null;
  const evidence = evidenceOf(
    sum(figures),
    error !== null && value > 0 ? Math.max(1, (error ** 2 * by) / value) : 1,
  );
  return {
    state: 'estimate',
    observed: { value, atLeast: false },
    openAbove: false,
    interval: estimate && error !== null ? { low: estimate.low, high: estimate.high, confidence } : null,
    evidence,
    atLimit: evidence,
    needed: 0,
    unsettled: null,
  };
}
