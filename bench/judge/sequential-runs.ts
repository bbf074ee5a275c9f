import { type OfBoth, sides } from '../../src/model/duet/duet.ts';
import { rankOf } from '../../src/stats/order-statistic.ts';
import { hash } from '../../src/stats/random.ts';
import type { DrawnUnit, Setting } from './drawn-restart.ts';
import { injected } from './injected.ts';
import type { RecordedPair, SlotRecording } from './slot-recording.ts';
import { troubleFactors } from './trouble.ts';

/** The sorted response times of a run, one list an endpoint. */
export type Run = readonly Float64Array[];

/**
 * Two runs one after the other, as people compare them: `pairs` slot pairs in a row for base and the next as many for
 * head, in the order in which one session recorded them, so that what drifted meanwhile lies between the runs. Of each
 * pair a coin takes one slot, so that either instance is in both runs. A run goes through as many starts as its pairs
 * reach over. Every place in every session where both runs fit is as likely; where there is none, the runs are cut to
 * half of the longest session.
 */
export function drawRuns(recording: SlotRecording, pairs: number, seed: number): OfBoth<Run> {
  const { header } = recording;
  const sessions = sessionsOf(recording);
  const length = Math.min(pairs, Math.floor(Math.max(...sessions.map(each => each.length)) / 2));
  const places = sessions.flatMap(session =>
    Array.from({ length: Math.max(0, session.length - 2 * length + 1) }, (_, from) => ({ session, from })),
  );
  const place = places[hash(seed, 1, 0) % places.length];
  const run = (skipped: number): Run => {
    const from = (place?.from ?? 0) + skipped;
    const slots = (place?.session ?? [])
      .slice(from, from + length)
      .map((pair, index) => (hash(seed, 2, skipped + index) % 2 === 0 ? pair.base : pair.head));
    return header.endpoints.map((_, endpoint) =>
      Float64Array.from(slots.flatMap(slot => slot[endpoint]?.timesUs ?? [])).sort(),
    );
  };
  return { base: run(0), head: run(length) };
}

/** The slot pairs of each session, as they followed one another. */
export function sessionsOf({ starts, sessions }: SlotRecording): readonly (readonly RecordedPair[])[] {
  return [...new Set(sessions)].map(session =>
    starts.filter((_, index) => sessions[index] === session).flat(),
  );
}

/** The runs in a setting, each of them one start; `changed` is the index of the endpoint that head may be slower on. */
export function runsIn(
  runs: OfBoth<Run>,
  starts: DrawnUnit['starts'],
  { spread, rule, trouble }: Setting,
  changed: number,
  duet = 0,
): OfBoth<Run> {
  // A run is one start: what befalls one restart of ten, or one start of some, befalls one run of as many.
  const troubled = troubleFactors(trouble, duet, 0);
  const [base = [], head = []] = sides.map(side => {
    const factor = troubled[side] * Math.exp(spread * starts[side]);
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
