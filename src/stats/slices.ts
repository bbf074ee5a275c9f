import type { Scope } from '../model/budget.ts';
import type { EndpointWindow, Measurement } from '../model/record.ts';
import { type Micros, micros } from '../model/units.ts';
import { Histogram } from './histogram.ts';

/** About one second of measurement in one scope: what intervals are drawn from. */
export interface Slice {
  readonly seconds: number;
  /** Requests due, however they ended. */
  readonly requests: number;
  /** Failed and unfinished requests. */
  readonly errors: number;
  /** Ok answers completed. */
  readonly completed: number;
  /** Response times: expected answers, timeouts and unfinished requests; their number and their sum. */
  readonly samples: number;
  readonly sumUs: number;
  /** How many of the response times, as the tops of their buckets, are longer. */
  above(time: Micros): number;
}

/** The fewest slices that a scope is cut into, where its blocks allow it. */
const fewest = 10;

/**
 * The slices of a scope over the stages, in order, warm-up apart: adjacent blocks joined to about one second, or to a
 * tenth of the scope where that is shorter. A slice spans one stage and every endpoint of the scope.
 */
export function slicesOf(measurement: Measurement, scope: Scope): readonly Slice[] {
  const endpoints = measurement.endpoints.filter(
    endpoint => scope.kind !== 'endpoint' || endpoint.name === scope.endpoint,
  );
  const chosen = measurement.windows.flatMap((window, index) => {
    if (window.kind !== 'stage' || (scope.kind === 'stage' && window.stage !== scope.stage)) return [];
    const parts = endpoints.flatMap(endpoint => endpoint.windows[index] ?? []);
    const blocks = Math.max(0, ...parts.map(part => part.blocks.length));
    return blocks === 0 ? [] : [{ parts, blocks, seconds: window.durationMs / 1_000 }];
  });
  const longest = Math.min(1, chosen.reduce((sum, { seconds }) => sum + seconds, 0) / fewest);
  return chosen.flatMap(({ parts, blocks, seconds }) => {
    const joined = Math.max(1, Math.floor((blocks * longest) / seconds + 1e-9));
    const count = Math.ceil(blocks / joined);
    return Array.from({ length: count }, (_, index) => {
      const from = index * joined;
      const to = Math.min(blocks, from + joined);
      return sliceOf(parts, from, to, (seconds * (to - from)) / blocks);
    });
  });
}

function sliceOf(parts: readonly EndpointWindow[], from: number, to: number, seconds: number): Slice {
  const buckets: ReturnType<Histogram['occupied']>[] = [];
  let [requests, errors, completed, samples, sumUs] = [0, 0, 0, 0, 0];
  for (const part of parts) {
    for (let block = from; block < to; block += 1) {
      const failed = part.blockErrors[block] ?? 0;
      errors += failed;
      completed += part.blockCompleted[block] ?? 0;
      const encoded = part.blocks[block];
      const times = encoded === undefined ? undefined : Histogram.decode(encoded);
      requests += requestsOf(part, times, failed);
      if (times === undefined || times.count === 0) continue;
      buckets.push(times.occupied());
      samples += times.count;
      sumUs += times.count * times.mean;
    }
  }
  return {
    seconds,
    requests,
    errors,
    completed,
    samples,
    sumUs,
    above: time => buckets.reduce((sum, { tops, counts }) => sum + countAbove(tops, counts, time), 0),
  };
}

/**
 * Requests due in a block: its response times and its errors, less the timeouts and unfinished requests, which are
 * among both. Those are told by their times; in an interrupted run, whose unfinished requests may have waited for
 * less than others took, this can miss by the number of other failures.
 */
function requestsOf({ censored }: EndpointWindow, times: Histogram | undefined, errors: number): number {
  if (times === undefined) return errors;
  const inBoth = censored.count === 0 ? 0 : times.countAbove(micros(censored.minUs * 0.998));
  return times.count + errors - Math.min(errors, inBoth, censored.count);
}

function countAbove(tops: Float64Array, counts: Float64Array, time: Micros): number {
  let above = 0;
  for (let index = tops.length - 1; index >= 0 && (tops[index] ?? 0) > time; index -= 1) {
    above += counts[index] ?? 0;
  }
  return above;
}
