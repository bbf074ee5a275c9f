import { isBlank, isDigit, spells } from './header-bytes.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const COMMA = 0x2c;
const chunked = Buffer.from('chunked');

/** The number of bytes that a Content-Length's value declares; not a safe integer where it is malformed. */
export function declaredLength(bytes: Buffer, start: number, end: number): number {
  let length = start < end ? 0 : Number.NaN;
  for (let at = start; at < end; at += 1) {
    length = isDigit(bytes[at]) ? length * 10 + (bytes[at] as number) - 0x30 : Number.NaN;
  }
  return length;
}

/** The seconds that a Keep-Alive's value promises; -1 where it names no timeout. */
export function promisedSeconds(bytes: Buffer, start: number, end: number): number {
  const timeout = /(?:^|[\s,])timeout\s*=\s*(\d{1,9})/i.exec(bytes.toString('latin1', start, end));
  return timeout ? Number(timeout[1]) : -1;
}

/** Whether a Keep-Alive's value lets no further request follow. */
export function allowsNoMore(bytes: Buffer, start: number, end: number): boolean {
  return /(?:^|[\s,])max\s*=\s*0+(?!\d)/i.test(bytes.toString('latin1', start, end));
}

/** What a list names, in lower case. */
export function listedOptions(bytes: Buffer, start: number, end: number): readonly string[] {
  return bytes
    .toString('latin1', start, end)
    .toLowerCase()
    .split(',')
    .map(item => item.trim());
}

/** Whether a list has no members but empty ones, which do not count (RFC 9110, section 5.6.1). */
export function isEmptyList(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== COMMA && !isBlank(bytes[at])) return false;
  return true;
}

/** A copy of a field's line in which each fold is a row of blanks. */
export function unfolded(bytes: Buffer, start: number, end: number): Buffer {
  return Buffer.from(bytes.subarray(start, end)).map(byte =>
    byte === CR || byte === LF ? SP : byte,
  ) as Buffer;
}

/** Whether chunked is the last coding of a Transfer-Encoding's value. */
export function endsChunked(bytes: Buffer, start: number, end: number): boolean {
  if (end - start === chunked.length && spells(bytes, start, chunked)) return true;
  return /(?:^|,)[ \t]*chunked[ \t,]*$/i.test(bytes.toString('latin1', start, end));
}
