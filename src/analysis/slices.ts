import type { Scope } from '../model/judgement/budget.ts';
import type { StreamTime, TimedCounts } from '../model/judgement/metric.ts';
import type { EncodedHistogram, EndpointWindow, Measurement } from '../model/run/record.ts';
import { addSignals, type SignalTotals } from '../model/run/signal.ts';
import type { Micros } from '../model/units.ts';
import type { SliceTimes } from '../stats/intervals/slice-bootstrap.ts';
import { type OccupiedBuckets, sumOf } from '../stats/occupied-buckets.ts';
import type { Decoder } from './decoder.ts';
import { eventsIn, measuredIn } from './figures.ts';

/** About one second of measurement in one scope: what intervals are drawn from. */
export interface Slice extends TimedCounts {
  /** The stage that it belongs to, from 1. */
  readonly stage: number;
  /** Response times: expected answers, timeouts and unfinished requests, or times of streams; their number and their sum. */
  readonly samples: number;
  readonly sumUs: number;
  /** How many of the response times, as the tops of their buckets, are longer. */
  above(time: Micros): number;
  /** The response times as bucket counts, in rising order. */
  times(): SliceTimes;
}

/** The fewest slices that a scope is cut into, where its blocks allow it. */
const fewest = 10;

/**
 * The slices of a scope over the stages, in order, warm-up apart: adjacent blocks joined to about one second, or to a
 * tenth of the scope where that is shorter. A slice spans one stage and every endpoint of the scope, with times of one kind.
 */
export function slicesOf(
  measurement: Measurement,
  scope: Scope,
  decoder: Decoder,
  of: 'response' | StreamTime = 'response',
): readonly Slice[] {
  const endpoints = measuredIn(measurement, scope);
  const chosen = measurement.windows.flatMap((window, index) => {
    if (window.kind !== 'stage' || (scope.kind === 'stage' && window.stage !== scope.stage)) return [];
    const parts = endpoints.flatMap(endpoint => endpoint.windows[index] ?? []);
    const blocks = Math.max(0, ...parts.map(part => part.blocks.length));
    const { stage, durationMs } = window;
    return blocks === 0 ? [] : [{ stage, parts, blocks, seconds: durationMs / 1_000 }];
  });
  const longest = Math.min(1, chosen.reduce((sum, { seconds }) => sum + seconds, 0) / fewest);
  return chosen.flatMap(({ stage, parts, blocks, seconds }) => {
    const joined = Math.max(1, Math.floor((blocks * longest) / seconds + 1e-9));
    const count = Math.ceil(blocks / joined);
    return Array.from({ length: count }, (_, index) => {
      const from = index * joined;
      const to = Math.min(blocks, from + joined);
      return { stage, seconds: (seconds * (to - from)) / blocks, ...contentOf(parts, from, to, decoder, of) };
    });
  });
}

/** What `pick` takes of each slice, stage by stage. */
export function byStage<Part>(
  slices: readonly Slice[],
  pick: (slice: Slice) => Part,
): readonly (readonly Part[])[] {
  const stages = new Map<number, Part[]>();
  for (const slice of slices) {
    const parts = stages.get(slice.stage) ?? [];
    parts.push(pick(slice));
    stages.set(slice.stage, parts);
  }
  return [...stages.values()];
}

function contentOf(
  parts: readonly EndpointWindow[],
  from: number,
  to: number,
  decoder: Decoder,
  of: 'response' | StreamTime,
): Omit<Slice, 'stage' | 'seconds'> {
  const buckets: OccupiedBuckets[] = [];
  let [requests, errors, completed, samples, sumUs] = [0, 0, 0, 0, 0];
  for (const part of parts) {
    const blocks = blocksOf(part, of);
    for (let block = from; block < to; block += 1) {
      requests += part.blockDue[block] ?? 0;
      errors += part.blockErrors[block] ?? 0;
      completed += part.blockCompleted[block] ?? 0;
      const encoded = blocks[block];
      const times = encoded === undefined ? undefined : decoder.buckets(encoded);
      if (times === undefined || times.tops.length === 0) continue;
      buckets.push(times);
      samples += times.counts.reduce((sum, count) => sum + count, 0);
      sumUs += sumOf(times);
    }
  }
  return {
    requests,
    errors,
    completed,
    signals: addSignals(parts.map(part => signalsIn(part, from, to))),
    events: eventsIn(parts.flatMap(({ stream }) => (stream ? [stream.blockEvents.slice(from, to)] : []))),
    samples,
    sumUs,
    above: time => buckets.reduce((sum, { tops, counts }) => sum + countAbove(tops, counts, time), 0),
    times: () => merged(buckets),
  };
}

function blocksOf(
  { blocks, stream }: EndpointWindow,
  of: 'response' | StreamTime,
): readonly EncodedHistogram[] {
  if (of === 'response') return blocks;
  return (of === 'gap' ? stream?.blockGaps : stream?.blockFirstEvents) ?? [];
}

function signalsIn({ signals }: EndpointWindow, from: number, to: number): SignalTotals | undefined {
  if (signals === undefined) return undefined;
  const sum = (values: readonly number[]) =>
    values.slice(from, to).reduce((total, value) => total + value, 0);
  return Object.fromEntries(
    Object.entries(signals).map(([name, { blockTold, blockSum }]) => [
      name,
      { told: sum(blockTold), sum: sum(blockSum) },
    ]),
  );
}

function merged(parts: readonly SliceTimes[]): SliceTimes {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const counts = new Map<number, number>();
  for (const part of parts) {
    part.tops.forEach((top, index) => {
      counts.set(top, (counts.get(top) ?? 0) + (part.counts[index] ?? 0));
    });
  }
  const tops = Float64Array.from(counts.keys()).sort();
  return { tops, counts: tops.map(top => counts.get(top) ?? 0) };
}

function countAbove(tops: Float64Array, counts: Float64Array, time: Micros): number {
  let above = 0;
  for (let index = tops.length - 1; index >= 0 && (tops[index] ?? 0) > time; index -= 1) {
    above += counts[index] ?? 0;
  }
  return above;
}
