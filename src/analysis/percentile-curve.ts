import type { Observed } from '../model/judgement/evidence.ts';
import { type Distribution, quantileOf, valueAtRankOf } from './figures.ts';

/** A point of a percentile curve: so small a share of the times, one in `oneIn`, is longer. */
export interface CurvePoint {
  /** 1 / (1 − q), from 1. */
  readonly oneIn: number;
  readonly value: Observed;
}

/** Enough for a smooth line. */
const pointsPerDecade = 8;

/**
 * The quantiles of a distribution, evenly spaced by how rare longer times are, up to the longest one; none where its times are not
 * known one by one.
 */
export function percentileCurve(distribution: Distribution): readonly CurvePoint[] {
  const { count } = distribution.histogram;
  if (count === 0) return [];
  const last = Math.floor(Math.log10(count) * pointsPerDecade);
  const inner = Array.from({ length: last }, (_, index) => 10 ** ((index + 1) / pointsPerDecade));
  return [
    { oneIn: 1, value: valueAtRankOf(distribution, 1) },
    ...inner
      .filter(oneIn => oneIn < count)
      .flatMap(oneIn => {
        const value = quantileOf(distribution, 1 - 1 / oneIn);
        return value === null ? [] : [{ oneIn, value }];
      }),
    ...(count > 1 ? [{ oneIn: count, value: valueAtRankOf(distribution, count) }] : []),
  ];
}
