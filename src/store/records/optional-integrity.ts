import type { EndpointWindow } from '../../model/run/record.ts';
import { bucketOf } from '../../stats/buckets.ts';
import type { Histogram } from '../../stats/histogram.ts';
import { countFaults, decoded } from './histogram-checks.ts';
import type { Fault } from './stored-record.ts';

/** What is told twice of the signals of a window must be told alike: blocks add up, and no more told than can have. */
export function* signalFaults({ signals, blocks, counts }: EndpointWindow, path: string): Generator<Fault> {
  for (const [name, { told, sum, blockTold, blockSum }] of Object.entries(signals ?? {})) {
    const at = `${path}.signals.${name}`;
    // Checks say something of failed answers too.
    const [most, whose] = name === 'checks' ? [counts.due, 'requests'] : [counts.ok, 'ok answers'];
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
