import type { Bytes, Millis, PerSecond, Ratio } from '../../model/units.ts';

/** One unit: `n` of it are `n * times / per` of the quantity's own unit. */
export interface Unit {
  readonly symbol: string;
  readonly times: number;
  readonly per: number;
  /** The most decimals that are written with this unit; with more, the next unit is tried. */
  readonly decimals: number;
  /** What people write by mistake, in lower case and without spaces. */
  readonly slips: readonly string[];
}

/** A kind of number that is always written with its unit. */
export interface Quantity<T extends number> {
  /** What is expected, with examples. */
  readonly expected: string;
  /** In the order in which they are tried when a value is written. */
  readonly units: readonly Unit[];
  /** Whether several parts may follow each other, from the greatest unit to the least: `1m30s`. */
  readonly isCompound?: true;
  /** The unit of the number itself. */
  readonly base: string;
  /** What a number without a unit most likely meant. */
  readonly bare: (number: number) => readonly (readonly [number, string])[];
  readonly maximum: T;
  /** Where a text belongs that is another thing here; undefined of one that is not. */
  readonly aside?: (text: string) => string | undefined;
}

const unit = (symbol: string, times: number, per: number, decimals: number, ...slips: string[]): Unit => ({
  symbol,
  times,
  per,
  decimals,
  slips,
});

/** Durations, in milliseconds, up to a day. */
export const durationKind: Quantity<Millis> = {
  expected: 'a duration, such as 500us, 100ms, 1.5s, 2m or 1h30m',
  isCompound: true,
  base: 'ms',
  bare: number => [
    [number, 's'],
    [number, 'ms'],
  ],
  maximum: 86_400_000 as Millis,
  units: [
    unit('h', 3_600_000, 1, 0, 'hr', 'hrs', 'hour', 'hours'),
    unit('m', 60_000, 1, 0, 'min', 'mins', 'minute', 'minutes'),
    unit('s', 1_000, 1, 3, 'sec', 'secs', 'second', 'seconds'),
    unit('ms', 1, 1, 3, 'msec', 'msecs', 'millis', 'millisecond', 'milliseconds'),
    unit('us', 1, 1_000, 3, 'µs', 'μs', 'usec', 'micros', 'microsecond', 'microseconds'),
  ],
};

/** Durations as long as one request or one pause: a bare number is meant in milliseconds. */
export const shortDuration: Quantity<Millis> = {
  ...durationKind,
  expected: 'a duration, such as 100ms or 1.5s',
  bare: number => [[number, 'ms']],
};

/** Rates, in events per second, up to a million. */
export const rate: Quantity<PerSecond> = {
  expected: 'a rate, such as 200/s, 1.5/s or 600/m',
  base: '/s',
  bare: number => [[number, '/s']],
  maximum: 1_000_000 as PerSecond,
  units: [
    unit(
      '/s',
      1,
      1,
      3,
      'rps',
      'r/s',
      'req/s',
      'reqs/s',
      'requests/s',
      'hz',
      '/sec',
      '/second',
      'persecond',
      's',
    ),
    unit('/m', 1, 60, 0, 'rpm', 'r/m', 'req/m', '/min', '/minute', 'perminute', 'm'),
    unit('/h', 1, 3_600, 0, 'rph', 'req/h', '/hr', '/hour', 'perhour', 'h'),
  ],
};

/** Ratios, as shares from 0 to 1. */
export const percentage: Quantity<Ratio> = {
  expected: 'a percentage from 0% to 100%, such as 1% or 0.5%',
  base: '%',
  bare: number => [...(number < 1 ? [[trimmed(number * 100), '%'] as const] : []), [number, '%']],
  maximum: 1 as Ratio,
  units: [unit('%', 1, 100, 13, 'percent', 'pct', 'pc')],
};

/** Sizes, in bytes, up to a tebibyte. */
export const sizeKind: Quantity<Bytes> = {
  expected: 'a size, such as 512B, 30kB, 1MB or 64MiB',
  base: 'B',
  bare: number => [
    [number, 'kB'],
    [number, 'B'],
  ],
  maximum: 1_099_511_627_776 as Bytes,
  units: [
    unit('GB', 1e9, 1, 3, 'g', 'gb'),
    unit('GiB', 2 ** 30, 1, 3, 'gib'),
    unit('MB', 1e6, 1, 3, 'm', 'mb'),
    unit('MiB', 2 ** 20, 1, 3, 'mib'),
    unit('kB', 1e3, 1, 3, 'k', 'kb'),
    unit('KiB', 2 ** 10, 1, 3, 'kib'),
    unit('B', 1, 1, 3, 'b', 'byte', 'bytes'),
  ],
};

/** The value of a number of units. */
export function amountOf(number: number, { times, per }: Unit): number {
  return trimmed((number * times) / per);
}

/** A product or quotient without the last digits, which binary arithmetic made up. */
export function trimmed(value: number): number {
  return Number(value.toPrecision(15));
}

/** A number's shortest digits without an exponent. */
export function plainDecimal(value: number): string {
  const text = String(value);
  const [digits = '', exponent] = text.split('e-');
  return exponent === undefined ? text : `0.${'0'.repeat(Number(exponent) - 1)}${digits.replace('.', '')}`;
}
