import { bucketOf, middleOf } from './buckets.ts';

/** The buckets of a histogram that hold values, in rising order: the top of each, in µs, and how many values it holds. */
export interface OccupiedBuckets {
  readonly tops: Float64Array;
  readonly counts: Float64Array;
}

/** The sum of the values in buckets, by their middles, as `mean` has it. */
export function sumOf({ tops, counts }: OccupiedBuckets): number {
  let sum = 0;
  for (let index = 0; index < tops.length; index += 1) {
    sum += middleOf(bucketOf(tops[index] as number)) * (counts[index] as number);
  }
  return sum;
}
