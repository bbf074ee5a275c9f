import type { Metric, MetricComparison, MetricForm, OutcomeCounts } from '../../model/judgement/metric.ts';

/** A share of which two values are compared by their difference. */
export interface ShareMetric extends Metric {
  readonly form: Extract<MetricForm, { kind: 'share' }>;
  readonly comparison: Extract<MetricComparison, { as: 'difference' }>;
}

/** Whether a metric is such a share; two values of any other that is compared are compared by their ratio. */
export function isShare(metric: Metric): metric is ShareMetric {
  return metric.form.kind === 'share' && metric.comparison?.as === 'difference';
}

/** What counts against a share: its hits where few are wanted, else the trials that were none. */
export function badOf(
  { form, direction }: Pick<ShareMetric, 'form' | 'direction'>,
  counts: OutcomeCounts,
): { readonly hits: number; readonly trials: number } {
  const [hits, trials] = [form.hits(counts), form.trials(counts)];
  return { hits: direction === 'atMost' ? hits : trials - hits, trials };
}

/** What a change for the worse is multiplied with to be one of the metric's own value. */
export function worseSign({ direction }: Metric): 1 | -1 {
  return direction === 'atMost' ? 1 : -1;
}

/** A share as it was observed; null of no trials. */
export function shareOf({ form }: ShareMetric, counts: OutcomeCounts): number | null {
  const trials = form.trials(counts);
  return trials > 0 && form.told(counts) > 0 ? form.hits(counts) / trials : null;
}
