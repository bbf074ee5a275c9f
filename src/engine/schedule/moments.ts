import type { Micros } from '../../model/units.ts';

/** The earlier of two moments, of which the second may not be planned at all. */
export function earlier(moment: Micros, other: Micros | null | undefined): Micros {
  return other !== null && other !== undefined && other < moment ? other : moment;
}
