import type { EndpointShift, MeasuredShift } from '../../model/calibration.ts';
import { studentQuantile } from '../../stats/mean-interval.ts';
import { effectsOf } from '../duet/effects.ts';
import { confidence } from '../reading.ts';
import type { Recorded, RecordedChange } from './recorded.ts';

/**
 * By how much an injection moved p50 and p95: the mean over starts of the log ratio with it, less that of the same start
 * without it, so that what the start itself differs by falls out.
 */
export function shiftsOf(
  { cells, endpoints, unchanged }: Recorded,
  { units }: RecordedChange,
): readonly EndpointShift[] {
  const without = unchanged.map(own => effectsOf(own, cells));
  const withIt = effectsOf(units, cells);
  const shiftOf = (endpoint: string, name: string): MeasuredShift | null => {
    const cell = cells.findIndex(one => one.endpoint === endpoint && one.metric.name === name);
    const moved = withIt.flatMap((unit, start) => {
      const value = unit[cell] ?? null;
      const usual = (without[start] ?? []).flatMap(own => own[cell] ?? []);
      return value === null || usual.length === 0 ? [] : [value - meanOf(usual)];
    });
    return relativeMean(moved);
  };
  return endpoints.map(endpoint => ({
    endpoint,
    p50: shiftOf(endpoint, 'p50'),
    p95: shiftOf(endpoint, 'p95'),
  }));
}

/** A mean of logarithms as a relative change, with Student's t interval; null of fewer than two. */
function relativeMean(logs: readonly number[]): MeasuredShift | null {
  const n = logs.length;
  if (n < 2) return null;
  const mean = meanOf(logs);
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1));
  const reach = (studentQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { value: Math.expm1(mean), low: Math.expm1(mean - reach), high: Math.expm1(mean + reach) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
