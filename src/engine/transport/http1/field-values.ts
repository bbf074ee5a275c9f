import { isDigit, spells } from './header-bytes.ts';

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

/** What a list names, in lower case. */
export function listed(bytes: Buffer, start: number, end: number): readonly string[] {
  return bytes
    .toString('latin1', start, end)
    .toLowerCase()
    .split(',')
    .map(item => item.trim());
}

/** Whether chunked is the last coding of a Transfer-Encoding's value. */
export function endsChunked(bytes: Buffer, start: number, end: number): boolean {
  if (end - start === chunked.length && spells(bytes, start, chunked)) return true;
  return /,[ \t]*chunked$/i.test(bytes.toString('latin1', start, end));
}
