import type { EncodedHistogram } from '../../model/run/record.ts';
import { Histogram } from '../../stats/histogram.ts';
import type { Fault } from './stored-record.ts';

/** A histogram must hold so many values. */
export function* countFaults(
  { count }: Histogram,
  least: number,
  most: number,
  which: string,
  path: string,
): Generator<Fault> {
  if (count >= least && count <= most) return;
  const expected = `${least === most ? least : `${least} to ${most}`}: ${which}`;
  yield { path, found: `a histogram of ${count} values`, expected };
}

/** A histogram must decode; null where it does not. */
export function* decoded(encoded: EncodedHistogram, path: string): Generator<Fault, Histogram | null> {
  try {
    return Histogram.decode(encoded);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    yield { path, found: `a histogram that does not decode (${why})`, expected: 'a whole HDR histogram' };
    return null;
  }
}
