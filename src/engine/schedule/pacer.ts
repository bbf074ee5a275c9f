import type { OpenLoad } from '../../model/run/scenario.ts';
import { type Micros, micros, millisToMicros, millisToSeconds } from '../../model/units.ts';
import { uniform } from '../../stats/random.ts';
import { stream } from '../draws/streams.ts';

interface Segment {
  readonly startUs: number;
  readonly seconds: number;
  /** Arrivals per second at the start, and by how much that changes a second. */
  readonly rate: number;
  readonly slope: number;
  /** Arrivals before and up to the end of the segment: the integral of the rate. */
  readonly before: number;
  readonly upTo: number;
}

/** Warm-up and stages in order; the warm-up holds the first stage's starting rate. */
function segmentsOf(load: OpenLoad): readonly Segment[] {
  const first = load.stages[0]?.from ?? 0;
  const stretches = [{ duration: load.warmup, from: first, to: first }, ...load.stages];
  const segments: Segment[] = [];
  let startUs = 0;
  let before = 0;
  for (const { duration, from, to } of stretches) {
    const seconds = millisToSeconds(duration);
    if (seconds === 0) continue;
    const upTo = before + ((from + to) / 2) * seconds;
    segments.push({ startUs, seconds, rate: from, slope: (to - from) / seconds, before, upTo });
    startUs += millisToMicros(duration);
    before = upTo;
  }
  return segments;
}

/**
 * When journeys are due, in rising order, from the load alone: there is no clock here. The n-th arrival is due where
 * the integral of the rate reaches n (constant arrivals) or the sum of n unit exponential gaps (Poisson arrivals), so
 * that ramps are exact. Within a segment `rate·t + slope·t²/2 = x` is solved in the form
 * `t = 2x / (rate + √(rate² + 2·slope·x))`, which has no cancellation and needs no case for a slope of zero.
 */
export function* arrivals(load: OpenLoad, seed: number): Generator<Micros, void, void> {
  let index = 0;
  let reached = load.arrivals === 'poisson' ? exponential(seed, 0) : 0;
  for (const { startUs, rate, slope, before, upTo } of segmentsOf(load)) {
    while (reached < upTo - 1e-9) {
      const x = reached - before;
      const seconds = x <= 0 ? 0 : (2 * x) / (rate + Math.sqrt(Math.max(0, rate * rate + 2 * slope * x)));
      yield micros(startUs + seconds * 1e6);
      index += 1;
      reached = load.arrivals === 'poisson' ? reached + exponential(seed, index) : index;
    }
  }
}

function exponential(seed: number, index: number): number {
  return -Math.log(1 - uniform(seed, stream.arrivals, index));
}
