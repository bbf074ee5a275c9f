import { createRequire } from 'node:module';
import type { JsHistogram } from 'hdr-histogram-js';
import type { EncodedHistogram } from '../model/run/record.ts';
import { type Micros, micros } from '../model/units.ts';
import { bottomOf, bucketCount, bucketOf, middleOf, topOf } from './buckets.ts';
import { readEncoded } from './encoded-histogram.ts';
import type { OccupiedBuckets } from './occupied-buckets.ts';
import { rankOf } from './order-statistic.ts';

/** The shortest time that a histogram tells apart. */
export const shortest: Micros = micros(1);
/** The longest time that a histogram holds: one hour. */
export const longest: Micros = micros(3_600_000_000);
/** Significant decimal digits: a value read back differs from the recorded one by at most 0.1 %. */
export const significantDigits = 3;

/** The standard's implementation, loaded when the first histogram is encoded: a sending thread does not. */
function standard(): typeof import('hdr-histogram-js') {
  return require('hdr-histogram-js');
}

const require = createRequire(import.meta.url);
/** A page holds half of the buckets of one width: 4 kB. */
const pageBits = 10;
const pageMask = 1_023;
const mostInBucket = 2 ** 32 - 1;
/** Encoded once, since many blocks hold nothing. */
let encodedNothing: EncodedHistogram | undefined;
let encoder: JsHistogram | undefined;

/** Encodes one histogram after another: the standard's own is 90 kB. */
function emptyEncoder(): JsHistogram {
  encoder ??= standard().build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: shortest,
    highestTrackableValue: longest,
    numberOfSignificantValueDigits: significantDigits,
    useWebAssembly: false,
  }) as JsHistogram;
  encoder.reset();
  return encoder;
}

/**
 * A high dynamic range histogram of times in microseconds, 1 µs to 1 h with three significant digits
 * (http://hdrhistogram.org). Values outside are clamped. Merging is exact: merged histograms equal one
 * histogram of all the values.
 */
export class Histogram {
  /** Counts by bucket, in pages that are made when a value first falls into them: most distributions need only a few. */
  readonly #pages: (Uint32Array | undefined)[] = new Array(bucketCount >>> pageBits).fill(undefined);
  #count = 0;
  /** The lowest and the highest bucket that hold a value. */
  #first = bucketCount;
  #last = -1;

  /** Reads what `encode` wrote; throws where the text is not such a histogram. */
  static decode(encoded: EncodedHistogram): Histogram {
    const histogram = new Histogram();
    readEncoded(encoded, { significantDigits, shortest, longest }, (bucket, count) => {
      if (bucket >= bucketCount || count > mostInBucket) throw new RangeError('a histogram of too much');
      histogram.#add(bucket, count);
    });
    return histogram;
  }

  /** A histogram that holds what these buckets hold. */
  static of(buckets: OccupiedBuckets): Histogram {
    const histogram = new Histogram();
    histogram.add(buckets);
    return histogram;
  }

  /** A histogram of nothing, encoded. */
  static nothing(): EncodedHistogram {
    encodedNothing ??= new Histogram().#encode();
    return encodedNothing;
  }

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Adds one value, rounded to the microsecond. */
  record(value: Micros): void {
    const rounded = Math.round(value);
    if (rounded >= shortest && rounded <= longest) {
      this.#add(bucketOf(rounded), 1);
      return;
    }
    this.#add(bucketOf(rounded > longest ? longest : shortest), 1);
  }

  #add(bucket: number, count: number): void {
    const page = this.#pages[bucket >>> pageBits] ?? this.#newPage(bucket >>> pageBits);
    page[bucket & pageMask] = (page[bucket & pageMask] as number) + count;
    this.#count += count;
    if (bucket < this.#first) this.#first = bucket;
    if (bucket > this.#last) this.#last = bucket;
  }

  #newPage(number: number): Uint32Array {
    const page = new Uint32Array(pageMask + 1);
    this.#pages[number] = page;
    return page;
  }

  #at(bucket: number): number {
    return this.#pages[bucket >>> pageBits]?.[bucket & pageMask] ?? 0;
  }

  /** The next bucket from here on that may hold a value. */
  #skip(bucket: number): number {
    let at = bucket;
    while (at <= this.#last && this.#pages[at >>> pageBits] === undefined)
      at = ((at >>> pageBits) + 1) << pageBits;
    return at;
  }

  /** Forgets every value. */
  clear(): void {
    for (const page of this.#pages) page?.fill(0);
    this.#count = 0;
    this.#first = bucketCount;
    this.#last = -1;
  }

  /** Adds every value of another histogram. */
  merge(other: Histogram): void {
    for (let bucket = other.#skip(other.#first); bucket <= other.#last; bucket = other.#skip(bucket + 1)) {
      const count = other.#at(bucket);
      if (count > 0) this.#add(bucket, count);
    }
  }

  /** Adds every value that these buckets hold, or takes them away again. */
  add({ tops, counts }: OccupiedBuckets, times: 1 | -1 = 1): void {
    for (let index = 0; index < tops.length; index += 1) {
      this.#add(bucketOf(tops[index] as number), times * (counts[index] as number));
    }
  }

  /** Whether both hold the same values, as far as buckets tell. */
  equals(other: Histogram): boolean {
    if (this.#count !== other.#count || this.#first !== other.#first) return false;
    for (let bucket = this.#skip(this.#first); bucket <= this.#last; bucket = this.#skip(bucket + 1)) {
      if (this.#at(bucket) !== other.#at(bucket)) return false;
    }
    return true;
  }

  /** The value of the given rank, counted from 1 in rising order, as the top of its bucket; 0 where there is none. */
  valueAtRank(rank: number): Micros {
    let seen = 0;
    for (let bucket = this.#skip(this.#first); bucket <= this.#last; bucket = this.#skip(bucket + 1)) {
      seen += this.#at(bucket);
      if (seen >= rank) return micros(topOf(bucket));
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
    let sum = 0;
    for (let bucket = this.#skip(this.#first); bucket <= this.#last; bucket = this.#skip(bucket + 1)) {
      const count = this.#at(bucket);
      if (count > 0) sum += term(middleOf(bucket)) * count;
    }
    return sum;
  }

  /** The least value, as the bottom of its bucket; 0 where nothing was recorded. */
  get min(): Micros {
    return micros(this.#count === 0 ? 0 : bottomOf(this.#first));
  }

  /** The greatest value, as the top of its bucket; 0 where nothing was recorded. */
  get max(): Micros {
    return micros(this.#count === 0 ? 0 : topOf(this.#last));
  }

  /** How many values lie in buckets above the one that holds `value`. */
  countAbove(value: Micros): number {
    const from = bucketOf(Math.min(Math.max(Math.round(value), 0), longest)) + 1;
    let above = 0;
    for (
      let bucket = this.#skip(Math.max(from, this.#first));
      bucket <= this.#last;
      bucket = this.#skip(bucket + 1)
    ) {
      above += this.#at(bucket);
    }
    return above;
  }

  /** The buckets that hold values. */
  occupied(): OccupiedBuckets {
    const tops: number[] = [];
    const held: number[] = [];
    for (let bucket = this.#skip(this.#first); bucket <= this.#last; bucket = this.#skip(bucket + 1)) {
      const count = this.#at(bucket);
      if (count === 0) continue;
      tops.push(topOf(bucket));
      held.push(count);
    }
    return { tops: Float64Array.from(tops), counts: Float64Array.from(held) };
  }

  /** The standard V2 compressed encoding, in base64. */
  encode(): EncodedHistogram {
    return this.#count === 0 ? Histogram.nothing() : this.#encode();
  }

  #encode(): EncodedHistogram {
    const codec = emptyEncoder();
    for (let bucket = this.#skip(this.#first); bucket <= this.#last; bucket = this.#skip(bucket + 1)) {
      const count = this.#at(bucket);
      if (count > 0) codec.recordValueWithCount(bottomOf(bucket), count);
    }
    return standard().encodeIntoCompressedBase64(codec) as EncodedHistogram;
  }
}
