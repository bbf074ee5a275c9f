import type { Figures } from '../../analysis/figures.ts';
import { observe } from '../../analysis/observe.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Observed } from '../../model/judgement/evidence.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import { readLatency } from './latency-reading.ts';
import { readRate, readShare } from './rate-reading.ts';
import { confidence, evidenceOf, type Reading, samplesNeeded } from './reading.ts';

/** Reads a metric in a scope, in the metric's unit; the limit decides how much evidence there is on it. */
export function readMetric(metric: Metric, data: ScopeData, limit: number): Reading {
  const { form } = metric;
  if (data.figures.summary) return readSummary(metric, data.figures, samplesNeeded(metric, limit));
  switch (form.kind) {
    case 'time':
      return readLatency(data, form.of, form.statistic, limit);
    case 'share':
      return readShare(form, data, samplesNeeded(metric, limit));
    case 'rate':
      return readRate(form, data);
  }
}

/**
 * A value that another tool worked out: nothing tells how slow or failed requests clustered, so there is no interval. As of
 * Plimsoll's own runs, a quantile was not seen where fewer than one request would lie above it.
 */
function readSummary(metric: Metric, figures: Figures, needed: number): Reading {
  const evidence = evidenceOf(figures.requests, 1);
  const observed = observe(metric, figures) ?? leastOf(metric, figures);
  if (observed === null) return { state: 'empty' };
  const { form } = metric;
  if (form.kind === 'time' && form.statistic.kind === 'quantile' && !isSeen(form.statistic.q, figures)) {
    const overShare = { low: null, high: null, confidence };
    return { state: 'unseen', evidence, needed, over: 0, allowed: 1 - form.statistic.q, overShare };
  }
  return {
    state: 'estimate',
    observed,
    openAbove: false,
    interval: null,
    evidence,
    atLimit: evidence,
    // Of an endpoint whose requests nobody counted, none can be said to be too few.
    needed: figures.requests > 0 ? needed : 0,
    unsettled: 'summary',
  };
}

/** What a quantile that a summary does not hold is at least: the greatest of the lower ones that it holds, or its least time. */
export function leastOf({ form }: Metric, figures: Figures): Observed | null {
  const { summary } = figures;
  if (summary === undefined || form.kind !== 'time' || form.of === 'firstByte') return null;
  const { statistic } = form;
  if (statistic.kind !== 'quantile') return null;
  const lower = summary.times.quantiles.filter(({ q }) => q < statistic.q && isSeen(q, figures));
  const value = lower.at(-1)?.ms ?? summary.times.min;
  return value === null ? null : { value, atLeast: true };
}

function isSeen(q: number, { requests }: Figures): boolean {
  return requests === 0 || requests * (1 - q) >= 1 - 1e-9;
}
