import type { EndpointShift, MeasuredShift } from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import { studentQuantile } from '../../stats/intervals/mean-interval.ts';
import { confidence } from '../budgets/reading.ts';
import { effectsOf } from '../duet/effects.ts';
import type { Recorded } from './recorded.ts';

/** By how much an injection moved a quantile, as a log ratio with its 95 % interval. */
export interface LogShift {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * By how much a rule moved each cell, parallel to the cells; null of cells that fewer than two starts tell of. A start's log
 * ratio without delay is taken from that with it, so that what the start itself differs by falls out.
 *
 * All rules of a kind are taken together: each start gives the slope of the least squares line through the origin,
 * `Σ dx / Σ x²`, of what was seen, d, against what a delay of the whole answer would do, x = log(1 + factor), and the shift
 * is x times the mean slope, with Student's t interval over starts. It holds where a delay moves times by one share of what
 * it is, whatever its factor.
 */
export function logShiftsOf(
  { cells, unchanged, changed }: Recorded,
  rule: DelayRule,
): readonly (LogShift | null)[] {
  const without = unchanged.map(own => effectsOf(own, cells));
  const alike = changed
    .filter(change => change.rule.kind === rule.kind)
    .map(change => ({ nominal: nominalOf(change.rule), effects: effectsOf(change.restarts, cells) }));
  return cells.map((_, cell) => {
    const slopes = without.flatMap((own, start) => {
      const usual = own.flatMap(restart => restart[cell] ?? []);
      if (usual.length === 0) return [];
      const seen = alike.flatMap(({ nominal, effects }) => {
        const value = effects[start]?.[cell] ?? null;
        return value === null ? [] : [{ nominal, moved: value - meanOf(usual) }];
      });
      return seen.length === 0 ? [] : [slopeOf(seen)];
    });
    return scaledMean(slopes, nominalOf(rule));
  });
}

/** The shifts of p50 and p95 of each endpoint as relative changes, from those of the cells. */
export function shiftsOf(
  { cells, endpoints }: Recorded,
  shifts: readonly (LogShift | null)[],
): readonly EndpointShift[] {
  const shiftOf = (endpoint: string, name: string): MeasuredShift | null => {
    const cell = cells.findIndex(one => one.endpoint === endpoint && one.metric.name === name);
    const shift = shifts[cell] ?? null;
    if (shift === null) return null;
    return { value: Math.expm1(shift.mean), low: Math.expm1(shift.low), high: Math.expm1(shift.high) };
  };
  return endpoints.map(endpoint => ({
    endpoint,
    p50: shiftOf(endpoint, 'p50'),
    p95: shiftOf(endpoint, 'p95'),
  }));
}

function nominalOf(rule: DelayRule): number {
  return rule.kind === 'none' ? 0 : Math.log1p(rule.factor);
}

function slopeOf(seen: readonly { readonly nominal: number; readonly moved: number }[]): number {
  const both = seen.reduce((sum, { nominal, moved }) => sum + nominal * moved, 0);
  return both / seen.reduce((sum, { nominal }) => sum + nominal ** 2, 0);
}

function scaledMean(slopes: readonly number[], nominal: number): LogShift | null {
  const n = slopes.length;
  if (n < 2) return null;
  const mean = meanOf(slopes);
  const deviation = Math.sqrt(slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0) / (n - 1));
  const reach = (studentQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { mean: nominal * mean, low: nominal * (mean - reach), high: nominal * (mean + reach) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
