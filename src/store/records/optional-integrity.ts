import type { EndpointWindow } from '../../model/run/record.ts';
import { micros } from '../../model/units.ts';
import { bottomOf, bucketOf } from '../../stats/buckets.ts';
import { Histogram, longest, shortest } from '../../stats/histogram.ts';
import { countFaults, decoded } from './histogram-checks.ts';
import type { Fault } from './stored-record.ts';

/** What is told twice of the signals of a window must be told alike: blocks add up, and no more told than can have. */
export function* signalFaults({ signals, blocks, counts }: EndpointWindow, path: string): Generator<Fault> {
  for (const [name, { told, sum, blockTold, blockSum }] of Object.entries(signals ?? {})) {
    const at = `${path}.signals.${name}`;
    // Checks and streams say something of failed answers too.
    const isOfAll = name === 'checks' || name === 'stream';
    const [most, whose] = isOfAll ? [counts.due, 'requests'] : [counts.ok, 'ok answers'];
    if (told > most) {
      yield { path: `${at}.told`, found: String(told), expected: `at most the ${most} ${whose}` };
    }
    for (const [key, total, values] of [
      ['blockTold', told, blockTold],
      ['blockSum', sum, blockSum],
    ] as const) {
      const inside = `${at}.${key}`;
      if (values.length !== blocks.length) {
        const expected = `${blocks.length}: one for each block`;
        yield { path: inside, found: `${values.length} values`, expected };
      }
      const all = values.reduce((partial, value) => partial + value, 0);
      // What is added up need not be whole, and binary fractions lose a little.
      if (Math.abs(all - total) > 1e-6 * Math.max(1, total)) {
        yield { path: inside, found: `${all} in all`, expected: `the ${total} of the window` };
      }
    }
  }
}

/** Blocks of streamed answers add up, and no more was cut than there is. */
export function* streamFaults({ stream, blocks }: EndpointWindow, path: string): Generator<Fault> {
  if (!stream) return;
  const { firstEvent, gap, cut, blockFirstEvents, blockGaps, blockEvents } = stream;
  const at = `${path}.stream`;
  for (const [key, values] of Object.entries({ blockFirstEvents, blockGaps, blockEvents })) {
    if (values.length === blocks.length) continue;
    const expected = `${blocks.length}: one for each block`;
    yield { path: `${at}.${key}`, found: `${values.length} values`, expected };
  }
  for (const [name, encoded, parts, key] of [
    ['firstEvent', firstEvent, blockFirstEvents, 'blockFirstEvents'],
    ['gap', gap, blockGaps, 'blockGaps'],
  ] as const) {
    const times = yield* decoded(encoded, `${at}.${name}`);
    const all = new Histogram();
    let isSound = times !== null;
    for (const [index, part] of parts.entries()) {
      const block = yield* decoded(part, `${at}.${key}[${index}]`);
      isSound &&= block !== null;
      if (block) all.merge(block);
    }
    if (!times || !isSound) continue;
    if (!all.equals(times)) {
      yield { path: `${at}.${key}`, found: 'other times', expected: `those of stream.${name}` };
    }
    const most = cut[name].count === 0 ? 0 : countFrom(times, cut[name].minUs);
    if (cut[name].count > most) {
      const expected = `at most the ${most} times from minUs on`;
      yield { path: `${at}.cut.${name}.count`, found: String(cut[name].count), expected };
    }
  }
}

/** How many values are at least so long, as far as buckets tell. */
export function countFrom(times: Histogram, us: number): number {
  const bucket = bucketOf(Math.floor(Math.min(Math.max(us, shortest), longest)));
  return times.countAbove(micros(bottomOf(bucket) - 1));
}

/** Both histograms of late requests hold the same ones, all of which the response histogram holds. */
export function* lateFaults({ late }: EndpointWindow, all: Histogram | null, path: string): Generator<Fault> {
  if (!late) return;
  const response = yield* decoded(late.response, `${path}.late.response`);
  const onTime = yield* decoded(late.onTime, `${path}.late.onTime`);
  if (!response || !onTime || !all) return;
  yield* countFaults(onTime, response.count, response.count, 'those of late.response', `${path}.late.onTime`);
  if (!holds(all, response)) {
    const expected = 'times that the response histogram holds';
    yield { path: `${path}.late.response`, found: `${response.count} others`, expected };
  }
}

function holds(all: Histogram, some: Histogram): boolean {
  const { tops, counts } = all.occupied();
  const held = new Map([...tops].map((top, index) => [bucketOf(top), counts[index] ?? 0]));
  const part = some.occupied();
  return part.tops.every((top, index) => (held.get(bucketOf(top)) ?? 0) >= (part.counts[index] ?? 0));
}
