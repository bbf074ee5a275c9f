import { type OfBoth, sides } from '../../src/model/duet.ts';
import { rankOf } from '../../src/stats/histogram.ts';
import { hash } from '../../src/stats/random.ts';
import type { DrawnUnit, Setting } from './drawn-unit.ts';
import { injected } from './injected.ts';
import type { RecordedPair, SlotRecording } from './slot-recording.ts';

/** The sorted response times of a run, one list an endpoint. */
export type Run = readonly Float64Array[];

/**
 * Two runs one after the other, as people compare them: `pairs` recorded slots for the one and the next as many for the
 * other, in the order in which they were recorded, so that what drifted meanwhile lies between them. Of each pair a
 * coin takes one slot. Runs longer than half the recording are cut to it.
 */
export function drawRuns({ header, starts }: SlotRecording, pairs: number, seed: number): OfBoth<Run> {
  const all = starts.flat();
  const length = Math.min(pairs, Math.floor(all.length / 2));
  const from = hash(seed, 1, 0) % all.length;
  const run = (first: number): Run => {
    const slots = Array.from({ length }, (_, index) => {
      const pair = all[(first + index) % all.length] as RecordedPair;
      return hash(seed, 2, first + index) % 2 === 0 ? pair.base : pair.head;
    });
    return header.endpoints.map((_, endpoint) =>
      Float64Array.from(slots.flatMap(slot => slot[endpoint]?.timesUs ?? [])).sort(),
    );
  };
  return { base: run(from), head: run(from + length) };
}

/** The runs in a setting, each of them one start; `changed` is the index of the endpoint that head may be slower on. */
export function runsIn(
  runs: OfBoth<Run>,
  starts: DrawnUnit['starts'],
  { spread, rule }: Setting,
  changed: number,
): OfBoth<Run> {
  const [base = [], head = []] = sides.map(side => {
    const factor = Math.exp(spread * starts[side]);
    return runs[side].map((times, endpoint) => {
      const p90 = quantileIn(times, 0.9);
      const isSlowed = side === 'head' && endpoint === changed;
      return times.map(time => factor * (isSlowed ? injected(time, rule, p90) : time));
    });
  });
  return { base, head };
}

/** The q-quantile of sorted times. */
export function quantileIn(times: Float64Array, q: number): number {
  return times[rankOf(q, times.length) - 1] ?? Number.NaN;
}
