declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** A duration or an instant in microseconds. */
export type Micros = Unit<'µs'>;
/** A duration in milliseconds. */
export type Millis = Unit<'ms'>;
/** A rate: events per second. */
export type PerSecond = Unit<'/s'>;
/** A size in bytes. */
export type Bytes = Unit<'B'>;
/** A share, 0 to 1. */
export type Ratio = Unit<'ratio'>;

/** Marks a number as microseconds. */
export const micros = (value: number): Micros => value as Micros;
/** Marks a number as milliseconds. */
export const millis = (value: number): Millis => value as Millis;
/** Marks a number as a rate per second. */
export const perSecond = (value: number): PerSecond => value as PerSecond;
/** Marks a number as bytes. */
export const bytes = (value: number): Bytes => value as Bytes;
/** Marks a number as a share, 0 to 1. */
export const ratio = (value: number): Ratio => value as Ratio;

/** Microseconds of a duration in milliseconds. */
export const millisToMicros = (value: Millis): Micros => (value * 1_000) as Micros;
/** Milliseconds of a duration in microseconds. */
export const microsToMillis = (value: Micros): Millis => (value / 1_000) as Millis;
/** Seconds, as a plain number, of a duration in milliseconds. */
export const millisToSeconds = (value: Millis): number => value / 1_000;
