import type { ClosedLoad } from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros } from '../../model/units.ts';

/** How many users a closed load wants at each moment, from the load alone. */
export interface Population {
  /** The most users at any moment. */
  readonly peak: number;
  /** Whether the user of this number, from 0, is wanted at this moment. */
  wants(user: number, at: Micros): boolean;
  /** The first moment from `at` on at which the user is wanted; null for never again. */
  nextWanted(user: number, at: Micros): Micros | null;
}

interface Stretch {
  readonly startUs: number;
  readonly endUs: number;
  readonly from: number;
  readonly to: number;
}

/** Users who are not paced start within so long of each other, for each user that there is. */
const staggerPerUserMs = 10;
const longestStaggerMs = 1_000;
/** Multiples of the golden ratio, less their whole parts, lie evenly however many there are: the hash of a user's number. */
const goldenRatio = 0.618_033_988_749_894_9;

/**
 * How long after the start of a load each user starts: all within their pacing, and at most half of the load, or, without
 * pacing, within a second or a tenth of the load, whichever is shorter. User 0 starts at once. Users who share a number of
 * journeys all start at once, since the first ones would else make those of the others.
 */
export function staggerOf(load: ClosedLoad, users: number): (user: number) => Micros {
  const isShared = load.iterations !== null && load.pacing === 0;
  if (load.stagger === 'none' || isShared) return () => micros(0);
  const totalMs = load.stages.reduce((sum, { duration }) => sum + duration, load.warmup as number);
  const spreadMs =
    load.pacing > 0
      ? Math.min(load.pacing, totalMs / 2)
      : Math.min(longestStaggerMs, staggerPerUserMs * (users - 1), totalMs / 10);
  return user => micros(Math.floor(1_000 * spreadMs * ((user * goldenRatio) % 1)));
}

/** The population of a load: warm-up at the first stage's start, then the stages; ramps round to the nearest user. */
export function populationOf(load: ClosedLoad): Population {
  const first = load.stages[0]?.from ?? 0;
  const stretches: Stretch[] = [];
  let startUs = 0;
  for (const { duration, from, to } of [{ duration: load.warmup, from: first, to: first }, ...load.stages]) {
    const endUs = startUs + millisToMicros(duration);
    if (endUs > startUs) stretches.push({ startUs, endUs, from, to });
    startUs = endUs;
  }
  const usersAt = (at: number): number => {
    for (const { startUs: start, endUs, from, to } of stretches) {
      if (at >= endUs) continue;
      return from === to
        ? from
        : Math.round(from + ((to - from) * Math.max(0, at - start)) / (endUs - start));
    }
    return 0;
  };
  return {
    peak: Math.max(0, ...stretches.flatMap(({ from, to }) => [Math.round(from), Math.round(to)])),
    wants: (user, at) => usersAt(at) > user,
    nextWanted(user, at) {
      if (usersAt(at) > user) return at;
      for (const { startUs: start, endUs, from, to } of stretches) {
        if (endUs <= at) continue;
        const since = Math.max(start, at);
        if (usersAt(since) > user) return micros(since);
        if (Math.round(to) <= user || to <= from) continue;
        const reached = start + ((user + 0.5 - from) / (to - from)) * (endUs - start);
        const moment = Math.ceil(Math.max(since, reached));
        if (moment < endUs) return micros(moment);
      }
      return null;
    },
  };
}
