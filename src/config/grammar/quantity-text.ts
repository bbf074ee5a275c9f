import type { Bytes, Millis, PerSecond, Ratio } from '../../model/units.ts';

/** A duration with its unit: `500us`, `100ms`, `1.5s`, `2m` or `1h`. */
export type DurationText = `${number}${'us' | 'ms' | 's' | 'm' | 'h'}`;
/** A rate with its unit: `200/s`, `600/m` or `30/h`. */
export type RateText = `${number}/${'s' | 'm' | 'h'}`;
/** A percentage: `1%` or `0.5%`. */
export type PercentText = `${number}%`;
/** A size with its unit: `512B`, `30kB` or `64MiB`. */
export type SizeText = `${number}${'B' | 'kB' | 'MB' | 'GB' | 'KiB' | 'MiB' | 'GiB'}`;
/** One quantity, or a range of two: `200/s..400/s`. */
export type RangeText<Text extends string> = Text | `${Text}..${Text}`;
/** Method and path: `GET /api/bills?page=1`; the path may hold templates, `{{set.column}}` and `{{capture}}`. */
export type RequestText = `${string} /${string}`;

/** How a quantity is written, by the unit that it is read into. */
export type QuantityText<T extends number> = T extends Millis
  ? DurationText
  : T extends PerSecond
    ? RateText
    : T extends Ratio
      ? PercentText
      : T extends Bytes
        ? SizeText
        : never;
