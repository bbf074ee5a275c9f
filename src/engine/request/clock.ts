import { performance } from 'node:perf_hooks';
import { type Micros, micros } from '../../model/units.ts';

/** Microseconds since the start of the run; negative before it. */
export type Clock = () => Micros;

/** Stands for a moment that has not come. */
export const never: Micros = micros(-1);

/** An instant on the machine's monotonic clock, which all threads share, in microseconds. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1_000;
}

/**
 * A clock that reads zero at the given shared instant. It reads `performance.now()`, which is cheaper than
 * `hrtime` but has an origin of its own in every thread, hence the offset; imported, since the global of that name is a
 * getter, which is not free.
 */
export function clockFrom(sharedStart: number): Clock {
  const offset = sharedNow() - performance.now() * 1_000 - sharedStart;
  return () => micros(performance.now() * 1_000 + offset);
}

/** The earlier of two moments, of which the second may not be planned at all. */
export function earlier(moment: Micros, other: Micros | null | undefined): Micros {
  return other !== null && other !== undefined && other < moment ? other : moment;
}
