/**
 * The buckets of an HDR histogram of 1 µs to 1 h with three significant digits (http://hdrhistogram.org): 2,048 of one
 * microsecond, then 1,024 of twice the width of those before, and so on. It is the arithmetic of hdr-histogram-js
 * without its powers and logarithms, which took longer than everything else that recording does.
 */
const halfBits = 10;
const half = 1 << halfBits;
const highest = 3_600_000_000;

/** The bucket of a whole number of microseconds up to one hour. */
export function bucketOf(value: number): number {
  const shift = Math.max(0, 31 - halfBits - Math.clz32(value));
  return (shift << halfBits) + (value >>> shift);
}

/** How many buckets there are, as hdr-histogram-js counts them. */
export const bucketCount = ((bucketOf(highest) >>> halfBits) + 1) << halfBits;

/** The least value of a bucket. */
export function bottomOf(bucket: number): number {
  const shift = (bucket >>> halfBits) - 1;
  return shift <= 0 ? bucket : ((bucket & (half - 1)) + half) * 2 ** shift;
}

/** The greatest value of a bucket. */
export function topOf(bucket: number): number {
  return bottomOf(bucket + 1) - 1;
}

/** The value that stands for a bucket in a mean: just above its middle, as HDR histograms have it. */
export function middleOf(bucket: number): number {
  return bottomOf(bucket) + Math.floor((topOf(bucket) - bottomOf(bucket) + 1) / 2);
}
