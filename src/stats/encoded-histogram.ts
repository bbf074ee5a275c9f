import { inflateSync } from 'node:zlib';

/** More than a full histogram takes uncompressed: every bucket with a count of nine bytes. */
const mostExpanded = 256 * 1024;
/** What precedes the counts, expanded, and the marks of version 2 of the encoding, compressed and expanded. */
const headLength = 40;
const compressedCookie = 0x1c849314;
const cookie = 0x1c849313;

/** What an encoded histogram must say of itself. */
export interface HistogramLayout {
  readonly significantDigits: number;
  readonly shortest: number;
  readonly longest: number;
}

/**
 * Reads a histogram in HdrHistogram's V2 encoding, compressed and in base64: calls `add` with each bucket that holds something. A
 * small text can expand to much, or ask for much, so it is looked at before memory is given to it. Throws where it is none, or of
 * another layout. About five times as fast as the standard's own reader, which makes an array of all buckets first.
 *
 * Format: after the head, one signed number (ZigZag, LEB128 of at most nine bytes) after the other: a count of the next bucket, or,
 * negative, how many buckets hold nothing.
 */
export function readEncoded(
  encoded: string,
  { significantDigits, shortest, longest }: HistogramLayout,
  add: (bucket: number, count: number) => void,
): void {
  const compressed = Buffer.from(encoded, 'base64');
  const length = compressed.length < 8 ? 0 : compressed.readUInt32BE(4);
  const bytes = inflateSync(compressed.subarray(8, 8 + length), { maxOutputLength: mostExpanded });
  if (
    compressed.readUInt32BE(0) !== compressedCookie ||
    bytes.length < headLength ||
    bytes.readUInt32BE(0) !== cookie ||
    bytes.readUInt32BE(12) !== significantDigits ||
    bytes.readBigUInt64BE(16) !== BigInt(shortest) ||
    bytes.readBigUInt64BE(24) !== BigInt(longest)
  ) {
    throw new RangeError('not a histogram of 1 µs to 1 h with three significant digits');
  }
  const end = headLength + bytes.readUInt32BE(4);
  if (end > bytes.length) throw new RangeError('a histogram that breaks off');
  let bucket = 0;
  for (let at = headLength; at < end; ) {
    let value = 0;
    let factor = 1;
    for (let place = 0; ; place += 1) {
      if (at >= end) throw new RangeError('a histogram that breaks off');
      const byte = bytes[at++] as number;
      // The ninth byte has no mark of whether there is more.
      value += (place < 8 ? byte & 0x7f : byte) * factor;
      if (byte < 0x80 || place === 8) break;
      factor *= 128;
    }
    if (value % 2 === 1) bucket += (value + 1) / 2;
    else {
      if (value > 0) add(bucket, value / 2);
      bucket += 1;
    }
  }
}
