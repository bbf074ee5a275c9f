import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import { readLatency } from './latency-reading.ts';
import { readRate, readShare } from './rate-reading.ts';
import { type Reading, samplesNeeded } from './reading.ts';

/** Reads a metric in a scope, in the metric's unit; the limit decides how much evidence there is on it. */
export function readMetric(metric: Metric, data: ScopeData, limit: number): Reading {
  const { form } = metric;
  switch (form.kind) {
    case 'time':
      return readLatency(data, form.of, form.statistic, limit);
    case 'share':
      return readShare(form, data, samplesNeeded(metric, limit));
    case 'rate':
      return readRate(form, data);
  }
}
