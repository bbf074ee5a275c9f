import { uniform } from '../../../src/stats/random.ts';

/** A standard normal draw, by Box and Muller. */
export function normal(seed: number, stream: number, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, stream, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, stream, 2 * index + 1));
}

/** The share of trials, numbered from 0, in which something holds. */
export function shareOf(trials: number, holds: (trial: number) => boolean): number {
  let held = 0;
  for (let trial = 0; trial < trials; trial += 1) if (holds(trial)) held += 1;
  return held / trials;
}

/** Whether two values differ by at most `tolerance`, relative to the expected one. */
export function isClose(actual: number | null, expected: number, tolerance: number): boolean {
  return actual !== null && Math.abs(actual - expected) <= tolerance * Math.abs(expected);
}
