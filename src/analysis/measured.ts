import type { Scope } from '../model/judgement/budget.ts';
import { type LatencyKind, type QuantileName, reportedQuantiles } from '../model/judgement/metric.ts';
import type { Observed } from '../model/judgement/verdict.ts';
import type { Measurement } from '../model/run/record.ts';
import { type Figures, figuresOf, maxOf, meanOf, minOf, quantileOf, windowsOf } from './figures.ts';

/** What a report shows of a distribution of times. */
export type StatisticName = 'avg' | 'min' | QuantileName | 'max';

/** Times in milliseconds by statistic; null where too few requests were answered to tell. */
export type Times = { readonly [name in StatisticName]: Observed | null };

/** The figures of one scope as reports show them. */
export interface Measured {
  readonly figures: Figures;
  readonly response: Times;
  readonly service: Times;
  /** Requests whose time is only known to be at least the recorded one. */
  readonly censored: number;
}

/** Gathers what reports show of a scope, warm-up apart. */
export function measuredOf(measurement: Measurement, scope: Scope): Measured {
  const figures = figuresOf(measurement, scope);
  const { parts } = windowsOf(measurement, scope);
  return {
    figures,
    response: timesOf(figures, 'response'),
    service: timesOf(figures, 'service'),
    censored: parts.reduce((sum, part) => sum + part.censored.count, 0),
  };
}

/** No statistic is shown of requests of which none was answered as expected. */
function timesOf(figures: Figures, kind: LatencyKind): Times {
  const distribution = figures.distribution(kind);
  const wasAnswered = figures.ok > 0;
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
