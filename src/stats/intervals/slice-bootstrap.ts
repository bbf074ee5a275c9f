import { rankOf } from '../order-statistic.ts';
import { uniform } from '../random.ts';
import { studentQuantile } from './mean-interval.ts';
import { normalTail } from './normal.ts';
import { strataOf } from './strata.ts';

/** The times of one slice as sparse bucket counts, in µs, as `Histogram.occupied` gives them. */
export interface SliceTimes {
  readonly tops: Float64Array;
  readonly counts: Float64Array;
}

/** How an interval is drawn; the same seed gives the same interval. */
export interface Resampling {
  readonly confidence: number;
  readonly seed: number;
  /** 999 unless given. */
  readonly resamples?: number;
}

/** A natural logarithm (of a quantile in µs, or of a ratio of two) with its two-sided interval. */
export interface LogInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

const fewestSlices = 10;
const fewestAbove = 5;

/**
 * The interval of the logarithm of a run's q-quantile, in ln µs, from resampled blocks of consecutive slices; null of
 * fewer than ten slices that hold anything, or fewer than five times above the quantile.
 *
 * Within each stage of S slices, blocks of ⌈∛S⌉ consecutive ones (the last followed by the first) are drawn with
 * replacement until S slices are there, merged, and the quantile read; over all resamples the interval is that of
 * percentiles, widened as an interval of means of as many values as there are blocks is: tails of Φ(−√(B/(B − 1)) ·
 * t) with B blocks and Student's t of B − 1 degrees of freedom. Where such a tail is beyond the resamples (999 of fewer
 * than 16 slices), it is √(B/(B − 1)) · t of their deviations from the estimate (root mean square) to either side.
 *
 * Source: circular block bootstrap, D. N. Politis and J. P. Romano (in "Exploring the Limits of Bootstrap", 1992);
 * block length n^(1/3), P. Hall, J. L. Horowitz and B.-Y. Jing, Biometrika 82 (1995) 561–574; the widening, T. C.
 * Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69 (2015) 371–386. Valid
 * where requests forget one another within a block or two: of 60 slices whose levels correlate with the next by 0.5
 * it covered 92 to 95 % of the time, by 0.8 81 %; of 10 to 15 independent ones 98 % or more. It tells how well this run's own quantile is known, and nothing of
 * what the next run of the same code would show.
 */
export function quantileBootstrap(
  stages: readonly (readonly SliceTimes[])[],
  q: number,
  resampling: Resampling,
): LogInterval | null {
  const drawn = resampledLogs(stages, q, resampling, 1);
  return drawn && intervalOf(drawn.estimate, drawn.logs, drawn.blocks, resampling.confidence);
}

/**
 * The interval of ln(head's q-quantile / base's), both runs resampled by themselves as in `quantileBootstrap`, whose
 * limits of validity are its own; B is the smaller of their numbers of blocks. Null where either is too thin.
 */
export function logRatioBootstrap(
  base: readonly (readonly SliceTimes[])[],
  head: readonly (readonly SliceTimes[])[],
  q: number,
  resampling: Resampling,
): LogInterval | null {
  const from = resampledLogs(base, q, resampling, 1);
  const to = resampledLogs(head, q, resampling, 2);
  if (!from || !to) return null;
  const ratios = to.logs.map((log, index) => log - (from.logs[index] ?? 0));
  const blocks = Math.min(from.blocks, to.blocks);
  return intervalOf(to.estimate - from.estimate, ratios, blocks, resampling.confidence);
}

function resampledLogs(
  stages: readonly (readonly SliceTimes[])[],
  q: number,
  { seed, resamples = 999 }: Resampling,
  stream: number,
): { readonly estimate: number; readonly logs: Float64Array; readonly blocks: number } | null {
  const strata = strataOf(stages, () => true);
  const table = tableOf(strata.flat());
  const whole = new Float64Array(table.slices).fill(1);
  const total = table.sizes.reduce((sum, size) => sum + size, 0);
  if (table.sizes.filter(size => size > 0).length < fewestSlices) return null;
  if (total * (1 - q) < fewestAbove - 1e-9) return null;
  const estimate = Math.log(weightedQuantile(table, whole, q));
  const weights = new Float64Array(table.slices);
  const logs = Float64Array.from({ length: resamples }, (_, resample) => {
    drawBlocks(strata, weights, index => uniform(seed, stream, resample * table.slices + index));
    return Math.log(weightedQuantile(table, weights, q));
  });
  return {
    estimate,
    logs,
    blocks: strata.reduce((sum, { length }) => sum + length / blockLength(length), 0),
  };
}

function blockLength(slices: number): number {
  return Math.ceil(Math.cbrt(slices) - 1e-9);
}

/** Sets how often each slice is drawn. */
function drawBlocks(
  strata: readonly { readonly length: number }[],
  weights: Float64Array,
  draw: (index: number) => number,
): void {
  weights.fill(0);
  let first = 0;
  for (const { length } of strata) {
    const block = blockLength(length);
    for (let drawn = 0; drawn < length; drawn += block) {
      const start = Math.floor(draw(first + drawn) * length);
      for (let index = 0; index < Math.min(block, length - drawn); index += 1) {
        const slice = first + ((start + index) % length);
        weights[slice] = (weights[slice] as number) + 1;
      }
    }
    first += length;
  }
}

/** For each occupied bucket, in rising order, how many times of each slice lie in it or below. */
interface CumulativeTable {
  readonly tops: Float64Array;
  readonly slices: number;
  readonly sizes: Float64Array;
  /** Bucket by bucket, slice by slice. */
  readonly atOrBelow: Float64Array;
}

function tableOf(all: readonly SliceTimes[]): CumulativeTable {
  const tops = Float64Array.from(new Set(all.flatMap(slice => [...slice.tops]))).sort();
  const slices = all.length;
  const atOrBelow = new Float64Array(tops.length * slices);
  const sizes = new Float64Array(slices);
  all.forEach((times, slice) => {
    let [next, below] = [0, 0];
    for (let bucket = 0; bucket < tops.length; bucket += 1) {
      if (times.tops[next] === tops[bucket]) {
        below += times.counts[next] ?? 0;
        next += 1;
      }
      atOrBelow[bucket * slices + slice] = below;
    }
    sizes[slice] = below;
  });
  return { tops, slices, sizes, atOrBelow };
}

/** The quantile by nearest rank of the slices, each counted as often as its weight says, by bisection of the table. */
function weightedQuantile(table: CumulativeTable, weights: Float64Array, q: number): number {
  const { tops, slices, atOrBelow } = table;
  let total = 0;
  for (let slice = 0; slice < slices; slice += 1) {
    total += (weights[slice] as number) * (table.sizes[slice] as number);
  }
  const rank = rankOf(q, total);
  let [low, high] = [0, tops.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    let seen = 0;
    for (let slice = 0; slice < slices; slice += 1) {
      seen += (weights[slice] as number) * (atOrBelow[middle * slices + slice] as number);
    }
    if (seen >= rank) high = middle;
    else low = middle + 1;
  }
  return tops[low] ?? 0;
}

function intervalOf(estimate: number, logs: Float64Array, blocks: number, confidence: number): LogInterval {
  const sorted = logs.toSorted();
  const t = studentQuantile((1 + confidence) / 2, blocks - 1);
  const widened = Math.sqrt(blocks / (blocks - 1)) * t;
  const rank = Math.floor((sorted.length + 1) * normalTail(widened)) - 1;
  if (rank < 0) {
    const reach = widened * deviationFrom(estimate, logs);
    return { estimate, low: estimate - reach, high: estimate + reach };
  }
  return { estimate, low: sorted[rank] ?? estimate, high: sorted[sorted.length - 1 - rank] ?? estimate };
}

function deviationFrom(centre: number, values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
}
