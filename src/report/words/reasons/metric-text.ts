import { isShare, worseSign } from '../../../analysis/metrics/share-metric.ts';
import type { Metric } from '../../../model/judgement/metric.ts';

/** What one hit of a share is called: `error`, `cache hit`. */
export function hitsOf(metric: Metric): string {
  return isShare(metric) ? metric.form.noun : metric.prose;
}

/** What a change for the worse is called. */
export function worsening(metric: Metric): 'increase' | 'fall' {
  return worseSign(metric) > 0 ? 'increase' : 'fall';
}
