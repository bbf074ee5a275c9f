import { type LatencyKind, type QuantileName, reportedQuantiles } from '../model/judgement/metric.ts';
import type { Observed } from '../model/judgement/verdict.ts';
import { type Figures, maxOf, meanOf, minOf, quantileOf } from './figures.ts';

/** What a report shows of a distribution of times. */
export type StatisticName = 'avg' | 'min' | QuantileName | 'max';

/** Times in milliseconds by statistic; null where too few requests were answered to tell. */
export type Times = { readonly [name in StatisticName]: Observed | null };

/** What reports show of one kind of time. No statistic is shown of requests of which none was answered as expected. */
export function timesOf(figures: Figures, kind: LatencyKind): Times {
  const distribution = figures.distribution(kind);
  const wasAnswered = figures.ok > 0 || figures.summary !== undefined;
  const quantiles = Object.fromEntries(
    reportedQuantiles.map(name => [
      name,
      wasAnswered ? quantileOf(distribution, Number(name.slice(1)) / 100) : null,
    ]),
  ) as { readonly [name in QuantileName]: Observed | null };
  return {
    avg: wasAnswered ? meanOf(distribution) : null,
    min: wasAnswered ? minOf(distribution) : null,
    ...quantiles,
    max: wasAnswered ? maxOf(distribution) : null,
  };
}
