import { quantileOf } from './median.ts';

/** How evenly requests arrived that were asked for at a constant rate. */
export interface Evenness {
  readonly perSecond: number;
  /** The most arrivals in any 10 ms, as a multiple of their share. */
  readonly busiest10Ms: number;
  /** How far arrivals lie behind a schedule of the rate through the earliest of them, in ms. */
  readonly behindMs: { readonly p50: number; readonly p99: number };
}

const windowMs = 10;

/**
 * Compares arrivals (ms, rising) with the schedule `start + i / rate`. The start is the latest one that no arrival
 * precedes, so a generator that is merely slow to start is not called uneven.
 */
export function evennessOf(arrivals: readonly number[], rate: number): Evenness {
  const [first = Number.NaN] = arrivals;
  const last = arrivals.at(-1) ?? Number.NaN;
  const scheduled = (index: number) => (index * 1_000) / rate;
  const start = arrivals.reduce(
    (least, moment, index) => Math.min(least, moment - scheduled(index)),
    Infinity,
  );
  const behind = arrivals.map((moment, index) => moment - scheduled(index) - start);
  let most = 0;
  for (let from = 0, to = 0; to < arrivals.length; to += 1) {
    while ((arrivals[to] ?? 0) - (arrivals[from] ?? 0) >= windowMs) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return {
    perSecond: ((arrivals.length - 1) * 1_000) / (last - first),
    busiest10Ms: most / ((rate * windowMs) / 1_000),
    behindMs: { p50: quantileOf(behind, 0.5), p99: quantileOf(behind, 0.99) },
  };
}
