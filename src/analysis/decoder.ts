import type { EncodedHistogram } from '../model/run/record.ts';
import { Histogram } from '../stats/histogram.ts';
import type { OccupiedBuckets } from '../stats/occupied-buckets.ts';

/** Decodes the histograms of one measurement, each of them once. */
export interface Decoder {
  /** The buckets of a histogram that hold values: a small part of its memory, so that they can be kept. */
  buckets(encoded: EncodedHistogram): OccupiedBuckets;
  /** One histogram that holds the values of all. */
  merged(encoded: Iterable<EncodedHistogram>): Histogram;
}

/** A decoder that has decoded nothing yet; equal texts, such as those of empty histograms, are decoded once as well. */
export function decoder(): Decoder {
  const known = new Map<EncodedHistogram, OccupiedBuckets>();
  const buckets = (encoded: EncodedHistogram): OccupiedBuckets => {
    const found = known.get(encoded);
    if (found) return found;
    const decoded = Histogram.decode(encoded).occupied();
    known.set(encoded, decoded);
    return decoded;
  };
  return {
    buckets,
    merged(encoded) {
      const merged = new Histogram();
      for (const one of encoded) merged.add(buckets(one));
      return merged;
    },
  };
}
