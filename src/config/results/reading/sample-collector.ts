import type { FailureKind } from '../../../model/run/failure.ts';
import type { EndpointMeasurement, EndpointWindow, Window } from '../../../model/run/record.ts';
import { micros } from '../../../model/units.ts';
import { Histogram, longest } from '../../../stats/histogram.ts';

/** One request of another tool. */
export interface ForeignSample {
  readonly endpoint: string;
  /** When it was sent, in milliseconds of any clock. */
  readonly startMs: number;
  readonly durationMs: number;
  /** `ok`, or how it failed; null where it failed in a way that the results do not name. */
  readonly ended: 'ok' | FailureKind | null;
  /** Null where there was no answer. */
  readonly status: number | null;
  readonly bytes: number;
}

/** What samples come to. */
export interface CollectedSamples {
  readonly windows: readonly Window[];
  readonly endpoints: readonly EndpointMeasurement[];
  readonly requests: number;
  /** When the first of them was sent, by the clock of the samples. */
  readonly startMs: number;
}

/** Slices of a run: their width doubles until there are no more, so that memory does not grow with the length of a run. */
const mostBlocks = 60;
const firstWidthMs = 10;
/** No request lasts longer than a histogram can tell. */
const longestMs = longest / 1_000;
/** Endpoints that are told apart; more are kept together, those that the budgets name apart from it. */
const mostEndpoints = 100;
/** What the requests of further endpoints are counted under. */
const otherEndpoints = 'other requests';

interface Block {
  readonly times: Histogram;
  due: number;
  errors: number;
  ok: number;
}

interface Tally {
  ok: number;
  due: number;
  bytes: number;
  censored: number;
  censoredMinUs: number;
  readonly failed: Map<FailureKind, number>;
  readonly statuses: Map<string, number>;
  readonly failedTimes: Histogram;
  blocks: Map<number, Block>;
}

/**
 * Records samples in bounded memory, in whatever order they come. By Plimsoll's rule expected answers make the latency, and so
 * do timeouts, which lasted at least as long as was waited; other failures only count.
 */
export function sampleCollector(known: readonly string[]): {
  add(sample: ForeignSample): void;
  finish(): CollectedSamples;
} {
  const tallies = new Map<string, Tally>();
  const isKnown = new Set(known);
  let width = firstWidthMs;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let requests = 0;
  let unknown = 0;

  const tallyOf = (endpoint: string): Tally => {
    const found = tallies.get(endpoint);
    if (found) return found;
    const isOther = !isKnown.has(endpoint) && unknown >= mostEndpoints && endpoint !== otherEndpoints;
    if (isOther) return tallyOf(otherEndpoints);
    if (!isKnown.has(endpoint)) unknown += 1;
    const made: Tally = {
      ok: 0,
      due: 0,
      bytes: 0,
      censored: 0,
      censoredMinUs: 0,
      failed: new Map(),
      statuses: new Map(),
      failedTimes: new Histogram(),
      blocks: new Map(),
    };
    tallies.set(endpoint, made);
    return made;
  };

  const widen = () => {
    while (Math.floor(last / width) - Math.floor(first / width) >= mostBlocks) {
      width *= 2;
      for (const tally of tallies.values()) tally.blocks = halved(tally.blocks);
    }
  };

  return {
    add({ endpoint, startMs, durationMs, ended, status, bytes }) {
      const tally = tallyOf(endpoint);
      requests += 1;
      const isEarlier = startMs < first;
      if (isEarlier) first = startMs;
      const end = startMs + Math.min(durationMs, longestMs);
      if (end > last) last = end;
      if (Math.floor(last / width) - Math.floor(first / width) >= mostBlocks) widen();
      const block = blockAt(tally.blocks, Math.floor(startMs / width));
      const time = micros(durationMs * 1_000);
      tally.due += 1;
      if (Number.isSafeInteger(bytes)) tally.bytes += bytes;
      block.due += 1;
      if (status !== null) increase(tally.statuses, String(status));
      if (ended === 'ok') {
        tally.ok += 1;
        block.ok += 1;
        block.times.record(time);
        return;
      }
      block.errors += 1;
      if (ended !== null) increase(tally.failed, ended);
      if (ended !== 'timeout') {
        tally.failedTimes.record(time);
        return;
      }
      block.times.record(time);
      const us = Math.max(1, Math.round(time));
      tally.censoredMinUs = tally.censored === 0 ? us : Math.min(tally.censoredMinUs, us);
      tally.censored += 1;
    },
    finish() {
      const start = Number.isFinite(first) ? first : 0;
      const from = Math.floor(start / width);
      const blocks = Number.isFinite(last) ? Math.floor(last / width) - from + 1 : 0;
      const durationMs = Math.max(0, last - start) || 0;
      return {
        windows: [{ kind: 'stage', stage: 1, startMs: 0, durationMs }],
        endpoints: [...tallies].map(([name, tally]) => ({
          name,
          windows: [windowOf(tally, from, blocks)],
          seconds: { requests: [], errors: [], p50Us: [], p95Us: [], p99Us: [], maxUs: [] },
        })),
        requests,
        startMs: start,
      };
    },
  };
}

function windowOf(tally: Tally, from: number, count: number): EndpointWindow {
  const blocks = Array.from({ length: count }, (_, index) => tally.blocks.get(from + index));
  const response = new Histogram();
  for (const block of blocks) if (block) response.merge(block.times);
  const encoded = response.encode();
  const pick = (key: 'due' | 'errors' | 'ok') => blocks.map(block => block?.[key] ?? 0);
  return {
    counts: { due: tally.due, ok: tally.ok, failed: Object.fromEntries(tally.failed), unfinished: 0 },
    statuses: Object.fromEntries(tally.statuses),
    bytes: tally.bytes,
    completedOk: tally.ok,
    censored: { count: tally.censored, minUs: tally.censoredMinUs },
    histograms: {
      response: encoded,
      service: encoded,
      firstByte: Histogram.nothing(),
      failed: tally.failedTimes.encode(),
    },
    blocks: blocks.map(block => block?.times.encode() ?? Histogram.nothing()),
    blockDue: pick('due'),
    blockErrors: pick('errors'),
    blockCompleted: pick('ok'),
  };
}

function blockAt(blocks: Map<number, Block>, index: number): Block {
  const found = blocks.get(index);
  if (found) return found;
  const made: Block = { times: new Histogram(), due: 0, errors: 0, ok: 0 };
  blocks.set(index, made);
  return made;
}

function halved(blocks: ReadonlyMap<number, Block>): Map<number, Block> {
  const joined = new Map<number, Block>();
  for (const [index, { times, due, errors, ok }] of blocks) {
    const block = blockAt(joined, Math.floor(index / 2));
    block.times.merge(times);
    block.due += due;
    block.errors += errors;
    block.ok += ok;
  }
  return joined;
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
