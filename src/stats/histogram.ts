import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type JsHistogram,
} from 'hdr-histogram-js';
import type { EncodedHistogram } from '../model/record.ts';
import { type Micros, micros } from '../model/units.ts';

/** The shortest time that a histogram tells apart. */
export const shortest: Micros = micros(1);
/** The longest time that a histogram holds: one hour. */
export const longest: Micros = micros(3_600_000_000);
/** Significant decimal digits: a value read back differs from the recorded one by at most 0.1 %. */
export const significantDigits = 3;

/**
 * A high dynamic range histogram of times in microseconds, 1 µs to 1 h with three significant digits
 * (http://hdrhistogram.org). Values outside are clamped and counted. Merging is exact: merged histograms equal one
 * histogram of all the values.
 */
export class Histogram {
  readonly #counts: JsHistogram;
  #clamped = 0;

  constructor(counts?: JsHistogram) {
    this.#counts =
      counts ??
      (build({
        bitBucketSize: 32,
        autoResize: false,
        lowestDiscernibleValue: shortest,
        highestTrackableValue: longest,
        numberOfSignificantValueDigits: significantDigits,
        useWebAssembly: false,
      }) as JsHistogram);
  }

  /** Reads what `encode` wrote; throws where the text is not such a histogram. */
  static decode(encoded: EncodedHistogram): Histogram {
    const counts = decodeFromCompressedBase64(encoded, 32, false, longest) as JsHistogram;
    if (
      counts.numberOfSignificantValueDigits !== significantDigits ||
      counts.lowestDiscernibleValue !== shortest ||
      counts.highestTrackableValue !== longest
    ) {
      throw new RangeError('not a histogram of 1 µs to 1 h with three significant digits');
    }
    return new Histogram(counts);
  }

  /** How many values were recorded. */
  get count(): number {
    return this.#counts.totalCount;
  }

  /** How many recorded values lay outside 1 µs to 1 h by more than rounding. */
  get clamped(): number {
    return this.#clamped;
  }

  /** Adds one value, rounded to the microsecond. */
  record(value: Micros): void {
    const rounded = Math.round(value);
    if (rounded >= shortest && rounded <= longest) {
      this.#counts.recordValue(rounded);
      return;
    }
    if (!(value >= 0 && rounded < shortest)) this.#clamped += 1;
    this.#counts.recordValue(rounded > longest ? longest : shortest);
  }

  /** Adds every value of another histogram. */
  merge(other: Histogram): void {
    if (other.count === 0) return;
    this.#counts.add(other.#counts);
    this.#clamped += other.#clamped;
  }

  /** The value of the given rank, counted from 1 in rising order, as the top of its bucket; 0 where there is none. */
  valueAtRank(rank: number): Micros {
    const counts = this.#counts;
    let seen = 0;
    for (let index = 0; index < counts.countsArrayLength; index += 1) {
      seen += counts.getCountAtIndex(index);
      if (seen >= rank && seen > 0)
        return micros(counts.highestEquivalentValue(counts.valueFromIndex(index)));
    }
    return micros(0);
  }

  /** The q-quantile by nearest rank, `ceil(q · n)`; 0 where nothing was recorded. */
  quantile(q: number): Micros {
    return this.valueAtRank(rankOf(q, this.count));
  }

  /** The arithmetic mean, from bucket middles; 0 where nothing was recorded. */
  get mean(): Micros {
    return micros(this.#sumOver(middle => middle) / Math.max(1, this.count));
  }

  /** The population standard deviation, from bucket middles; 0 where nothing was recorded. */
  get standardDeviation(): Micros {
    const { mean } = this;
    return micros(Math.sqrt(this.#sumOver(middle => (middle - mean) ** 2) / Math.max(1, this.count)));
  }

  #sumOver(term: (middle: number) => number): number {
    const { tops, counts } = this.occupied();
    return tops.reduce(
      (sum, top, index) => sum + term(this.#counts.medianEquivalentValue(top)) * (counts[index] ?? 0),
      0,
    );
  }

  /** The least value, as the bottom of its bucket; 0 where nothing was recorded. */
  get min(): Micros {
    if (this.count === 0) return micros(0);
    return micros(this.#counts.lowestEquivalentValue(this.valueAtRank(1)));
  }

  /** The greatest value, as the top of its bucket; 0 where nothing was recorded. */
  get max(): Micros {
    return this.count === 0 ? micros(0) : this.valueAtRank(this.count);
  }

  /** How many values lie in buckets above the one that holds `value`. */
  countAbove(value: Micros): number {
    const counts = this.#counts;
    const clampedValue = Math.min(Math.max(Math.round(value), 0), longest);
    let above = 0;
    for (
      let index = counts.countsArrayIndex(clampedValue) + 1;
      index < counts.countsArrayLength;
      index += 1
    ) {
      above += counts.getCountAtIndex(index);
    }
    return above;
  }

  /** The buckets that hold values, in rising order: the top of each and how many values it holds. */
  occupied(): { readonly tops: Float64Array; readonly counts: Float64Array } {
    const tops: number[] = [];
    const held: number[] = [];
    const counts = this.#counts;
    for (let index = 0, left = this.count; left > 0 && index < counts.countsArrayLength; index += 1) {
      const count = counts.getCountAtIndex(index);
      if (count === 0) continue;
      tops.push(counts.highestEquivalentValue(counts.valueFromIndex(index)));
      held.push(count);
      left -= count;
    }
    return { tops: Float64Array.from(tops), counts: Float64Array.from(held) };
  }

  /** The standard V2 compressed encoding, in base64. */
  encode(): EncodedHistogram {
    return encodeIntoCompressedBase64(this.#counts) as EncodedHistogram;
  }
}

/** The rank, from 1, of the q-quantile of n values: `ceil(q · n)`, guarded against rounding just above an integer. */
export function rankOf(q: number, n: number): number {
  return Math.max(1, Math.ceil(q * n - 1e-9 * n));
}

/** One histogram that holds the values of all. */
export function mergeHistograms(encoded: Iterable<EncodedHistogram>): Histogram {
  const merged = new Histogram();
  for (const one of encoded) merged.merge(Histogram.decode(one));
  return merged;
}
