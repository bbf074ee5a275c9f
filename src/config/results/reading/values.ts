import { problem } from '../../../model/error.ts';
import { inWords } from '../../../words/value-text.ts';
import { formatPath, type Path, valueAt } from '../../source/place.ts';

/** A number that measures something: finite and not negative. Throws `results.invalid-value`; `where` is only asked then. */
export function amount(value: unknown, where: () => string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && number >= 0) return number;
  throw problem('results.invalid-value', {
    where: where(),
    found: typeof value === 'number' ? String(value) : inWords(value),
    expected: 'a number that is not negative',
  });
}

/** The last moment that a date can tell, in milliseconds since 1970. */
const lastMoment = 8.64e15;

/** The same of a moment, in milliseconds since 1970 or since the start of a run. */
export function moment(value: unknown, where: () => string): number {
  const ms = amount(value, where);
  if (ms <= lastMoment) return ms;
  throw problem('results.invalid-value', {
    where: where(),
    found: String(ms),
    expected: 'a moment within the range of dates',
  });
}

/** What tools write where there is no value. */
const absent: readonly unknown[] = [undefined, null, '', '-', 'N/A'];

/** A JSON document of another tool. */
export interface Values {
  /** The number at a path; null where the document says that there is none. */
  number(...path: Path): number | null;
  /** The same, in milliseconds, of a number in another unit. */
  ms(perUnit: number, ...path: Path): number | null;
  /** The text at a path; null of anything else. */
  text(...path: Path): string | null;
  /** The members of the object at a path, which may be none. */
  members(...path: Path): readonly (readonly [name: string, value: unknown])[];
}

/** Reads numbers out of a document; what is none is an error that names its place. */
export function valuesIn(document: unknown, shown: string): Values {
  const number = (...path: Path): number | null => {
    const value = valueAt(document, path);
    return absent.includes(value) ? null : amount(value, () => `${shown}: ${formatPath(path)}`);
  };
  return {
    number,
    ms(perUnit, ...path) {
      const value = number(...path);
      return value === null ? null : value * perUnit;
    },
    text(...path) {
      const value = valueAt(document, path);
      return typeof value === 'string' ? value : null;
    },
    members(...path) {
      const value = valueAt(document, path);
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value)
        : [];
    },
  };
}

/** A quantile, of a share such as 0.95, in milliseconds. */
export function quantile(percent: number, ms: number): { readonly q: number; readonly ms: number } {
  return { q: percent / 100, ms };
}

/** Quantiles in rising order, without what is no quantile: the 0th and the 100th percentile are the least and greatest value. */
export function risingQuantiles(
  found: readonly { readonly q: number; readonly ms: number | null }[],
): readonly { readonly q: number; readonly ms: number }[] {
  return found
    .flatMap(({ q, ms }) => (ms !== null && q > 0 && q < 1 ? [{ q, ms }] : []))
    .sort((one, other) => one.q - other.q);
}

/** The counts of a map, added up. */
export function addedUp(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whether a status is a failure by Plimsoll's rule, where nobody says what was expected: anything but 2xx and 3xx. */
export function isFailure(status: number): boolean {
  return status < 200 || status >= 400;
}

/** Whether a value of JSON is an object, and no list. */
export function isMembers(value: unknown): value is { readonly [member: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
