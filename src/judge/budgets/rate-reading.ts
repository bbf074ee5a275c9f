import type { ScopeData } from '../../analysis/scope-data.ts';
import { byStage } from '../../analysis/slices.ts';
import { clopperPearson } from '../../stats/intervals/binomial.ts';
import { clustering } from '../../stats/intervals/design-effect.ts';
import { ratioEstimate } from '../../stats/intervals/mean-interval.ts';
import { confidence, evidenceOf, neededForErrorRate, type Reading } from './reading.ts';

/** Reads the share of requests that failed or never ended, to be held against a limit from 0 to 1. */
export function readErrorRate({ figures, slices }: ScopeData, limit: number): Reading {
  if (figures.errorRate === null) return { state: 'empty' };
  const shares = byStage(slices(), slice => ({ size: slice.requests, hits: slice.errors }));
  const evidence = evidenceOf(figures.requests, clustering(shares));
  const interval = clopperPearson(
    figures.errors / evidence.designEffect,
    evidence.effectiveSamples,
    confidence,
  );
  return {
    state: 'estimate',
    observed: { value: figures.errorRate, atLeast: false },
    interval: { ...interval, confidence },
    evidence,
    atLimit: evidence,
    needed: neededForErrorRate(limit),
  };
}

/** Reads the ok answers completed per second. */
export function readRps({ figures, slices }: ScopeData): Reading {
  if (figures.rps === null || figures.requests === 0) return { state: 'empty' };
  const perSlice = byStage(slices(), slice => ({ sum: slice.completed, over: slice.seconds }));
  const estimate = ratioEstimate(perSlice, confidence);
  const error = estimate?.standardError ?? null;
  const completed = Math.round(figures.rps * figures.seconds);
  const evidence = evidenceOf(
    completed,
    error !== null && figures.rps > 0 ? Math.max(1, (error ** 2 * figures.seconds) / figures.rps) : 1,
  );
  return {
    state: 'estimate',
    observed: { value: figures.rps, atLeast: false },
    interval: estimate && error !== null ? { low: estimate.low, high: estimate.high, confidence } : null,
    evidence,
    atLimit: evidence,
    needed: 0,
  };
}
