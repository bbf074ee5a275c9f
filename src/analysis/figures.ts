import type { Scope } from '../model/judgement/budget.ts';
import {
  isStreamTime,
  type LatencyKind,
  type StreamTime,
  type TimedCounts,
} from '../model/judgement/metric.ts';
import type { Observed } from '../model/judgement/verdict.ts';
import { type FailureKind, failureKinds } from '../model/run/failure.ts';
import type { EndpointMeasurement, EndpointWindow, Measurement } from '../model/run/record.ts';
import type { ScopeSummary, SummaryTimes } from '../model/run/results.ts';
import { addSignals } from '../model/run/signal.ts';
import { microsToMillis, millis, millisToSeconds } from '../model/units.ts';
import { Histogram } from '../stats/histogram.ts';
import { rankOf } from '../stats/order-statistic.ts';
import type { Decoder } from './decoder.ts';
import { lazily } from './lazily.ts';

/** The distribution of one kind of time in one scope. */
export interface Distribution {
  readonly histogram: Histogram;
  /** The least time that is only a lower bound; infinite where every time is known. */
  readonly censoredFromUs: number;
  /** How many times are only lower bounds. */
  readonly censoredCount: number;
  /** There in place of the times where only this is known of them; the histogram is empty then. */
  readonly summary?: SummaryTimes;
}

/** What happened in one scope over the stages, warm-up apart. */
export interface Figures extends TimedCounts {
  readonly ok: number;
  readonly failed: { readonly [kind in FailureKind]?: number };
  readonly unfinished: number;
  /** Null where nothing was due. */
  readonly errorRate: number | null;
  /** Ok answers completed per second of the scope's length; null where it has none. */
  readonly rps: number | null;
  readonly statuses: { readonly [status: string]: number };
  readonly bytes: number;
  /** There where a summary is all that is known: counts that it lacks read 0. */
  readonly summary?: ScopeSummary;
  /** Decoded on demand. */
  distribution(of: LatencyKind): Distribution;
  /** Requests of the response distribution that the generator itself took up more than a millisecond late. */
  late(): number;
  /** The response distribution with each request's own delay by the generator taken off. */
  onTime(): Distribution;
}

/** What a scope is made of: all endpoints, or the one of its name, which may be measured as a whole. */
export function measuredIn(
  { endpoints, transactions = [] }: Measurement,
  scope: Scope,
): readonly EndpointMeasurement[] {
  if (scope.kind !== 'endpoint') return endpoints;
  return [...endpoints, ...transactions].filter(({ name }) => name === scope.endpoint);
}

/** The windows and endpoints of a scope: the stages it spans, and each endpoint's windows in them. */
export function windowsOf(
  measurement: Measurement,
  scope: Scope,
): { readonly seconds: number; readonly parts: readonly EndpointWindow[] } {
  const chosen = measurement.windows.flatMap((window, index) =>
    window.kind === 'stage' && (scope.kind !== 'stage' || window.stage === scope.stage) ? [index] : [],
  );
  const durationMs = chosen.reduce((sum, index) => sum + (measurement.windows[index]?.durationMs ?? 0), 0);
  const parts = measuredIn(measurement, scope).flatMap(endpoint =>
    chosen.flatMap(index => endpoint.windows[index] ?? []),
  );
  return { seconds: millisToSeconds(millis(durationMs)), parts };
}

/** Adds up the figures of a scope. */
export function figuresOf(measurement: Measurement, scope: Scope, decoder: Decoder): Figures {
  const { seconds, parts } = windowsOf(measurement, scope);
  const sum = (pick: (part: EndpointWindow) => number) =>
    parts.reduce((total, part) => total + pick(part), 0);
  const failed: { [kind in FailureKind]?: number } = {};
  for (const kind of failureKinds) {
    const count = sum(part => part.counts.failed[kind] ?? 0);
    if (count > 0) failed[kind] = count;
  }
  const statuses: Record<string, number> = {};
  for (const part of parts) {
    for (const [status, count] of Object.entries(part.statuses)) {
      statuses[status] = (statuses[status] ?? 0) + count;
    }
  }
  const requests = sum(part => part.counts.due);
  const ok = sum(part => part.counts.ok);
  const completed = sum(part => part.completedOk);
  const censoredFromUs = parts.reduce(
    (least, { censored }) => (censored.count > 0 ? Math.min(least, censored.minUs) : least),
    Number.POSITIVE_INFINITY,
  );
  /**
   * Besides the ok answers a histogram holds censored times alone, so their number is known. Records tell only of
   * response times from where on they lie; of service times, the greatest are taken to be the censored ones.
   */
  const censoringOf = (of: LatencyKind, histogram: Histogram): Omit<Distribution, 'histogram'> => {
    const count = of === 'firstByte' ? 0 : Math.max(0, histogram.count - ok);
    if (count === 0) return { censoredFromUs: Number.POSITIVE_INFINITY, censoredCount: 0 };
    return {
      censoredFromUs: of === 'response' ? censoredFromUs : histogram.valueAtRank(histogram.count - count + 1),
      censoredCount: count,
    };
  };
  const streams = parts.flatMap(({ stream }) => (stream ? [stream] : []));
  const ofStreams = (of: StreamTime): Distribution => {
    const cut = streams.map(stream => stream.cut[of]).filter(({ count }) => count > 0);
    return {
      histogram: decoder.merged(streams.map(stream => stream[of])),
      censoredFromUs: Math.min(Number.POSITIVE_INFINITY, ...cut.map(({ minUs }) => minUs)),
      censoredCount: cut.reduce((total, { count }) => total + count, 0),
    };
  };
  const decoded = new Map<LatencyKind, Distribution>();
  const distribution = (of: LatencyKind): Distribution => {
    const known = decoded.get(of);
    if (known) return known;
    if (isStreamTime(of)) {
      decoded.set(of, ofStreams(of));
      return decoded.get(of) as Distribution;
    }
    const histogram = decoder.merged(parts.map(part => part.histograms[of]));
    const made = { histogram, ...censoringOf(of, histogram) };
    decoded.set(of, made);
    return made;
  };
  const lateParts = parts.flatMap(({ late }) => (late ? [late] : []));
  return {
    requests,
    ok,
    failed,
    unfinished: sum(part => part.counts.unfinished),
    errors: requests - ok,
    errorRate: requests > 0 ? (requests - ok) / requests : null,
    completed,
    rps: seconds > 0 ? completed / seconds : null,
    seconds,
    statuses,
    bytes: sum(part => part.bytes),
    signals: addSignals(parts.map(part => part.signals)),
    events: eventsIn(streams.map(({ blockEvents }) => blockEvents)),
    distribution,
    late: () => decoder.merged(lateParts.map(({ onTime }) => onTime)).count,
    onTime: lazily(() => onTimeOf(distribution('response'), lateParts, decoder)),
  };
}

/** Events of streams, by part and block; undefined where there is no part. */
export function eventsIn(parts: readonly (readonly number[])[]): number | undefined {
  return parts.length === 0 ? undefined : parts.flat().reduce((sum, count) => sum + count, 0);
}

/** The same figures with each request's own delay taken off its response time. */
export function onTimeFigures(figures: Figures): Figures {
  return {
    ...figures,
    distribution: of => (of === 'response' ? figures.onTime() : figures.distribution(of)),
  };
}

function onTimeOf(
  response: Distribution,
  late: readonly Required<EndpointWindow>['late'][],
  decoder: Decoder,
): Distribution {
  if (late.length === 0) return response;
  const histogram = new Histogram();
  histogram.merge(response.histogram);
  for (const { response: asSeen, onTime } of late) {
    histogram.add(decoder.buckets(asSeen), -1);
    histogram.add(decoder.buckets(onTime));
  }
  const least = late.map(({ censoredMinUs }) => censoredMinUs ?? Number.POSITIVE_INFINITY);
  return { ...response, histogram, censoredFromUs: Math.min(response.censoredFromUs, ...least) };
}

/**
 * The q-quantile of a distribution in milliseconds; null where fewer than one value would lie above it
 * (`n(1 − q) < 1`), since no such quantile was seen.
 */
export function quantileOf(distribution: Distribution, q: number): Observed | null {
  const { summary } = distribution;
  if (summary) return told(summary.quantiles.find(known => Math.abs(known.q - q) < 1e-9)?.ms);
  const { count } = distribution.histogram;
  return count * (1 - q) < 1 - 1e-9 ? null : valueAtRankOf(distribution, rankOf(q, count));
}

/**
 * The value of a rank, from 1, in milliseconds. A censored time may really be any longer one, so where such times can
 * lie at or below the rank, the value is that of the rank with all of them moved past it: an upper bound, off by no
 * more than their share of the whole. Where too few values are left above for that, it is a lower bound (`atLeast`).
 */
export function valueAtRankOf(distribution: Distribution, rank: number): Observed {
  const { histogram, censoredFromUs, censoredCount } = distribution;
  const recorded = histogram.valueAtRank(rank);
  if (recorded < censoredFromUs) return { value: microsToMillis(recorded), atLeast: false };
  return rank + censoredCount > histogram.count
    ? { value: microsToMillis(recorded), atLeast: true }
    : { value: microsToMillis(histogram.valueAtRank(rank + censoredCount)), atLeast: false };
}

/** The mean in milliseconds, a lower bound where any time is censored; null of no values. */
export function meanOf({ histogram, censoredFromUs, summary }: Distribution): Observed | null {
  if (summary) return told(summary.avg);
  if (histogram.count === 0) return null;
  return { value: microsToMillis(histogram.mean), atLeast: Number.isFinite(censoredFromUs) };
}

/** The least time in milliseconds; null of no values. */
export function minOf({ histogram, censoredFromUs, summary }: Distribution): Observed | null {
  if (summary) return told(summary.min);
  if (histogram.count === 0) return null;
  return { value: microsToMillis(histogram.min), atLeast: histogram.min >= censoredFromUs };
}

/** The greatest time in milliseconds; null of no values. */
export function maxOf({ histogram, censoredFromUs, summary }: Distribution): Observed | null {
  if (summary) return told(summary.max);
  if (histogram.count === 0) return null;
  return { value: microsToMillis(histogram.max), atLeast: histogram.max >= censoredFromUs };
}

function told(value: number | null | undefined): Observed | null {
  return typeof value === 'number' ? { value, atLeast: false } : null;
}
