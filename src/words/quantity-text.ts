import type { MetricUnit } from '../model/judgement/metric.ts';
import type { Interval, Observed } from '../model/judgement/verdict.ts';

/** How many significant digits a reader gets: as many as a histogram keeps. */
const usualDigits = 3;
/** Past this many digits two values are shown as equal. */
const mostDigits = 7;

/** So many digits nobody writes: fewer, and a limit might read unlike what was written. */
const writtenDigits = 12;

/** What stands where there is no value. */
export const none = '–';

/** A number with thousands separators, rounded to significant digits, though never within its integer part. */
export function number(value: number, digits = usualDigits): string {
  if (!Number.isFinite(value)) return none;
  const decimals = value === 0 ? 0 : digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  return formatOf(Math.min(Math.max(decimals, 0), 12)).format(value);
}

/** By the most decimals: to make a format takes far longer than to use it. */
const formats = new Map<number, Intl.NumberFormat>();

function formatOf(maximumFractionDigits: number): Intl.NumberFormat {
  const known = formats.get(maximumFractionDigits);
  if (known) return known;
  const format = new Intl.NumberFormat('en-US', { maximumFractionDigits });
  formats.set(maximumFractionDigits, format);
  return format;
}

/** A time in the unit that reads best: `850 µs`, `12.3 ms`, `1.5 s`. */
export function duration(ms: number, digits = usualDigits): string {
  if (ms === 0) return '0 ms';
  const units = [
    { name: 'µs', value: ms * 1_000 },
    { name: 'ms', value: ms },
    { name: 's', value: ms / 1_000 },
  ];
  // What rounds to a thousand is one of the next unit.
  const fitting = units.find(({ value }) => Number(value.toPrecision(digits)) < 1_000) ?? units[2];
  return fitting ? `${number(fitting.value, digits)} ${fitting.name}` : none;
}

/** A stretch of time as a person says it: `30 s`, `1 min 30 s`, `2 h 5 min`. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (ms === 0) return '0 s';
  if (seconds < 60) return duration(ms);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words([minutes, 'min'], [seconds % 60, 's']);
  return words([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
}

function words(...parts: readonly (readonly [amount: number, unit: string])[]): string {
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** A share as a percentage: `0.25%`. */
export function percent(ratio: number, digits = usualDigits): string {
  return `${number(ratio * 100, digits)}%`;
}

/** A number of bytes in decimal units: `12.3 kB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1_000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${number(bytes / 1_000 ** power)} ${units[power]}`;
}

/** A count and what is counted: `1 request`, `1,200 requests`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A value in its metric's unit. */
export function quantity(value: number, unit: MetricUnit, digits = usualDigits): string {
  if (unit === 'ms') return duration(value, digits);
  return unit === 'ratio' ? percent(value, digits) : `${number(value, digits)}/s`;
}

/** A limit with every digit that its user wrote. */
export function limitQuantity(limit: number, unit: MetricUnit): string {
  return quantity(limit, unit, writtenDigits);
}

/** An observed value, `≥ 10 s` where it is a lower bound; with digits enough to tell it from the limit it is held against. */
export function observation(
  observed: Observed | null,
  unit: MetricUnit,
  limit: number | null = null,
): string {
  if (observed === null) return none;
  const { value, atLeast } = observed;
  let digits = usualDigits;
  const shown = () => quantity(value, unit, digits);
  while (limit !== null && value !== limit && digits < mostDigits && shown() === quantity(limit, unit)) {
    digits += 1;
  }
  return atLeast ? `≥ ${shown()}` : shown();
}

/** A confidence interval: `126–139 ms`, or `≥ 126 ms` where one side has too few samples for a bound. */
export function range(interval: Interval | null, unit: MetricUnit): string {
  if (interval === null) return none;
  const { low, high } = interval;
  if (low === null) return high === null ? none : `≤ ${quantity(high, unit)}`;
  if (high === null) return `≥ ${quantity(low, unit)}`;
  const [from, to] = [quantity(low, unit), quantity(high, unit)];
  const suffix = /\s?[^\d\s]{1,20}$/.exec(to)?.[0] ?? '';
  return from.endsWith(suffix) ? `${from.slice(0, from.length - suffix.length)}–${to}` : `${from} – ${to}`;
}
