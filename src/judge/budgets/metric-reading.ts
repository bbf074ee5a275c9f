import type { Figures } from '../../analysis/figures.ts';
import { observe } from '../../analysis/observe.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import { readLatency } from './latency-reading.ts';
import { readRate, readShare } from './rate-reading.ts';
import { evidenceOf, type Reading, samplesNeeded } from './reading.ts';

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

/** A value that another tool worked out: nothing tells how slow or failed requests clustered, so there is no interval. */
function readSummary(metric: Metric, figures: Figures, needed: number): Reading {
  const observed = observe(metric, figures);
  if (observed === null) return { state: 'empty' };
  const isCounted = figures.requests > 0;
  const evidence = evidenceOf(figures.requests, 1);
  return {
    state: 'estimate',
    observed,
    openAbove: false,
    interval: null,
    evidence,
    atLimit: evidence,
    // Of an endpoint whose requests nobody counted, none can be said to be too few.
    needed: isCounted ? needed : 0,
    unsettled: 'summary',
  };
}
