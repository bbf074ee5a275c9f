import type { LatencyStatistic, Metric } from '../model/judgement/metric.ts';
import type { Observed } from '../model/judgement/verdict.ts';
import { type Distribution, type Figures, maxOf, meanOf, minOf, quantileOf } from './figures.ts';

/** The value of a metric in a scope, in the metric's unit; null where none was seen. */
export function observe({ form }: Metric, figures: Figures): Observed | null {
  switch (form.kind) {
    case 'time':
      return statisticOf(form.statistic, figures.distribution(form.of));
    case 'share':
      return form.told(figures) === 0 ? null : quotient(form.hits(figures), form.trials(figures));
    case 'rate':
      return quotient(form.sum(figures), form.per(figures));
  }
}

function quotient(of: number, by: number): Observed | null {
  return by > 0 ? { value: of / by, atLeast: false } : null;
}

function statisticOf(statistic: LatencyStatistic, distribution: Distribution): Observed | null {
  switch (statistic.kind) {
    case 'quantile':
      return quantileOf(distribution, statistic.q);
    case 'avg':
      return meanOf(distribution);
    case 'min':
      return minOf(distribution);
    case 'max':
      return maxOf(distribution);
  }
}
