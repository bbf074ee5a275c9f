import { inflateSync } from 'node:zlib';

/** More than a full histogram takes uncompressed: every bucket with a count of nine bytes. */
const mostExpanded = 256 * 1024;

/** What an encoded histogram must say of itself. */
export interface HistogramLayout {
  readonly significantDigits: number;
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Looks at what a histogram in base64 says of itself before it is decoded and memory is given to it: a small text can expand to
 * much, or ask for much. Throws a `RangeError` where it is of another layout or too large.
 */
export function assertHarmless(
  encoded: string,
  { significantDigits, shortest, longest }: HistogramLayout,
): void {
  const compressed = Buffer.from(encoded, 'base64');
  const length = compressed.length < 8 ? 0 : compressed.readUInt32BE(4);
  const head = inflateSync(compressed.subarray(8, 8 + length), { maxOutputLength: mostExpanded });
  if (
    head.length < 40 ||
    head.readUInt32BE(12) !== significantDigits ||
    head.readBigUInt64BE(16) !== BigInt(shortest) ||
    head.readBigUInt64BE(24) !== BigInt(longest)
  ) {
    throw new RangeError('not a histogram of 1 µs to 1 h with three significant digits');
  }
}
