import { isDigit } from './header-bytes.ts';

const CR = 0x0d;
const SP = 0x20;
const start = Buffer.from('HTTP/1.');

/** `HTTP/1.1 200` and the byte that follows it. */
export const leastStatusLine = 13;

/** Whether a byte may stand at this offset of a status line up to its status, which is at least 100. */
export function acceptsInStatusLine(byte: number, offset: number): boolean {
  if (offset < start.length) return byte === start[offset];
  if (offset === 7) return isDigit(byte);
  if (offset === 8) return byte === SP;
  return isDigit(byte) && (offset > 9 || byte !== 0x30);
}

/** Whether the bytes from `at` begin a status line of HTTP/1, any minor version, up to what follows its status. */
export function beginsStatusLine(bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < start.length; index += 1) if (bytes[at + index] !== start[index]) return false;
  return (
    isDigit(bytes[at + 7]) &&
    bytes[at + 8] === SP &&
    isDigit(bytes[at + 9]) &&
    bytes[at + 9] !== 0x30 &&
    isDigit(bytes[at + 10]) &&
    isDigit(bytes[at + 11]) &&
    (bytes[at + 12] === SP || bytes[at + 12] === CR)
  );
}

/** The status that a status line names. */
export function statusIn(bytes: Uint8Array, at: number): number {
  const digit = (offset: number) => (bytes[at + offset] as number) - 0x30;
  return digit(9) * 100 + digit(10) * 10 + digit(11);
}

const frameHeader = 9;
const settings = 4;
const goAway = 7;

/** Whether a server speaks HTTP/2 at once (RFC 9113, 3.4): a SETTINGS or GOAWAY frame of the connection comes first. */
export function beginsHttp2(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < frameHeader || bytes[at] !== 0) return false;
  const kind = bytes[at + 3];
  return (
    (kind === settings || kind === goAway) &&
    bytes.subarray(at + 5, at + frameHeader).every(byte => byte === 0)
  );
}
