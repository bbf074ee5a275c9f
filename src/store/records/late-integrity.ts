import type { EndpointWindow } from '../../model/run/record.ts';
import { bucketOf } from '../../stats/buckets.ts';
import type { Histogram } from '../../stats/histogram.ts';
import { countFaults, decoded } from './histogram-checks.ts';
import type { Fault } from './stored-record.ts';

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
