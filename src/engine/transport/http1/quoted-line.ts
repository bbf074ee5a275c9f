import { isSecretName } from '../../../safety/secret.ts';
import { printable } from '../../../safety/untrusted-text.ts';

const CR = 0x0d;
const LF = 0x0a;
const longest = 80;

/**
 * The line that begins at `start`, or as much of it as there is, as a message quotes it: printable, bounded, and without
 * the value of a field that is named like a secret.
 */
export function quotedLine(bytes: Buffer, start: number, end: number): string {
  const lineFeed = bytes.subarray(start, end).indexOf(LF);
  let stop = lineFeed < 0 ? end : start + lineFeed + 1;
  // The usual end of a line says nothing; a line feed alone may be what is wrong.
  if (stop - start >= 2 && bytes[stop - 1] === LF && bytes[stop - 2] === CR) stop -= 2;
  const text = bytes.toString('latin1', start, Math.min(stop, start + 4 * longest));
  const colon = text.indexOf(':');
  const shown = colon > 0 && isSecretName(text.slice(0, colon)) ? `${text.slice(0, colon)}: …` : text;
  return `"${printable(shown, longest)}"`;
}
