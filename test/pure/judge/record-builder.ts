import type { FailureKind } from '../../../src/model/run/failure.ts';
import type {
  Completion,
  ConnectionCounts,
  EndpointMeasurement,
  EndpointSeconds,
  EndpointWindow,
  GeneratorHealth,
  LoadCounts,
  RunRecord,
  ServerEnd,
  Window,
} from '../../../src/model/run/record.ts';
import { micros } from '../../../src/model/units.ts';
import { Histogram } from '../../../src/stats/histogram.ts';

/** One request as it went: when it was due, how long it took, and how it ended. */
export interface Sample {
  readonly endpoint?: string;
  /** From the start of the run. */
  readonly dueMs: number;
  /** Until the last byte, the failure, or the interrupt. */
  readonly responseMs: number;
  /** The same as `responseMs` unless said. */
  readonly serviceMs?: number;
  /** How late the generator took it up; not late unless said. */
  readonly lateMs?: number;
  readonly outcome?: 'ok' | 'unfinished' | FailureKind;
  /** Whether its answer said that it came from a cache; it said nothing where this is left out. */
  readonly cached?: boolean;
  /** Received of its answer; 100 of a whole one and none else unless said. */
  readonly bytes?: number;
}

/** What the run was like; each field has an ordinary default. */
export interface RunShape {
  readonly warmupMs?: number;
  /** Lengths of the stages. */
  readonly stagesMs?: readonly number[];
  readonly endpoints?: readonly string[];
  readonly blocks?: number;
  readonly completion?: Completion;
  readonly load?: Partial<LoadCounts>;
  readonly generator?: Partial<Omit<GeneratorHealth, 'sendLag'>>;
  /** How late each request was sent. */
  readonly lagMs?: readonly number[];
  readonly connections?: Partial<ConnectionCounts>;
  readonly serverEnd?: ServerEnd;
}

/** The endpoint of samples that name none. */
export const onlyEndpoint = 'GET /bills';

/** A run record made of raw samples, with real histograms, as the engine would make it. */
export function recordOf(samples: readonly Sample[], shape: RunShape = {}): RunRecord {
  const windows = windowsOf(shape);
  const names = shape.endpoints ?? [onlyEndpoint];
  const endpoints = names.map((name): EndpointMeasurement => {
    const own = samples.filter(sample => (sample.endpoint ?? onlyEndpoint) === name);
    return {
      name,
      windows: windows.map(window => windowOf(own, window, shape.blocks ?? 120)),
      seconds: secondsOf(own, windows),
    };
  });
  return {
    schemaVersion: 1,
    header: {
      id: 'r1',
      scenario: 'browse-bills',
      digest: 'd'.repeat(64),
      file: null,
      startedAt: '2026-11-21T10:00:00.000Z',
      durationMs: windows.reduce((sum, window) => sum + window.durationMs, 0),
      target: 'http://127.0.0.1:4010',
      command: 'plimsoll run',
      timeoutMs: 10_000,
      fingerprint: {
        cpu: 'test',
        cores: 2,
        memoryMb: 4_096,
        os: 'linux',
        node: 'v20.20.2',
        plimsoll: '0.1.0',
        ci: null,
        targetHost: '127.0.0.1',
        git: null,
      },
    },
    measurement: {
      completion: shape.completion ?? { state: 'complete' },
      windows,
      endpoints,
      load: {
        model: 'open',
        offered: samples.length,
        delivered: samples.length,
        abandoned: 0,
        sent: samples.length,
        ...shape.load,
      },
      connections: {
        attempts: 10,
        errors: {},
        closedIdle: 0,
        peak: 10,
        queued: 0,
        max: 1_000,
        connect: encode([]),
        tls: encode([]),
        insecure: false,
        ...shape.connections,
      },
      generator: {
        engine: 'http',
        busy: 0.1,
        pacing: 'precise',
        workers: 1,
        exhausted: {},
        sharesMachine: false,
        ...shape.generator,
        sendLag: encode(shape.lagMs ?? samples.map(({ lateMs = 0.1 }) => lateMs)),
      },
      ...(shape.serverEnd ? { serverEnd: shape.serverEnd } : {}),
      slowest: [],
      failureSamples: [],
      drain: { durationMs: 0, completed: 0 },
    },
  };
}

function lateIn(timed: readonly Sample[]): Pick<EndpointWindow, 'late'> {
  const late = timed.filter(({ lateMs = 0 }) => lateMs > 1);
  if (late.length === 0) return {};
  const response = encode(late.map(({ responseMs }) => responseMs));
  const onTime = encode(late.map(({ responseMs, lateMs = 0 }) => responseMs - lateMs));
  return { late: { response, onTime, censoredMinUs: null } };
}

/** Requests at a constant rate, each with the time that `responseMs` gives it. */
export function constantRate(
  perSecond: number,
  seconds: number,
  responseMs: (index: number, dueMs: number) => number,
): readonly Sample[] {
  return Array.from({ length: perSecond * seconds }, (_, index) => {
    const dueMs = (index * 1_000) / perSecond;
    return { dueMs, responseMs: responseMs(index, dueMs) };
  });
}

function windowsOf({ warmupMs = 0, stagesMs = [10_000] }: RunShape): readonly Window[] {
  const windows: Window[] = [];
  let startMs = 0;
  if (warmupMs > 0) windows.push({ kind: 'warmup', stage: 0, startMs, durationMs: warmupMs });
  startMs += warmupMs;
  for (const [index, durationMs] of stagesMs.entries()) {
    windows.push({ kind: 'stage', stage: index + 1, startMs, durationMs });
    startMs += durationMs;
  }
  return windows;
}

function secondsOf(samples: readonly Sample[], windows: readonly Window[]): EndpointSeconds {
  const endMs = Math.max(0, ...windows.map(({ startMs, durationMs }) => startMs + durationMs));
  const inside = samples.filter(({ dueMs }) => dueMs >= 0 && dueMs < endMs);
  const perSecond = Array.from({ length: Math.ceil(endMs / 1_000) }, () => [] as Sample[]);
  for (const sample of inside) perSecond[Math.floor(sample.dueMs / 1_000)]?.push(sample);
  const timesUs = perSecond.map(due => due.map(one => one.responseMs * 1_000).sort((a, b) => a - b));
  const quantile = (q: number) => timesUs.map(times => times[Math.ceil(q * times.length) - 1] ?? null);
  return {
    requests: perSecond.map(due => due.length),
    errors: perSecond.map(due => due.filter(({ outcome = 'ok' }) => outcome !== 'ok').length),
    p50Us: quantile(0.5),
    p95Us: quantile(0.95),
    p99Us: quantile(0.99),
    maxUs: quantile(1),
  };
}

function windowOf(all: readonly Sample[], { startMs, durationMs }: Window, blocks: number): EndpointWindow {
  const blockOf = (atMs: number) => Math.floor(((atMs - startMs) / durationMs) * blocks);
  const inside = (atMs: number) => atMs >= startMs && blockOf(atMs) < blocks;
  const samples = all.filter(sample => inside(sample.dueMs));
  const outcomeOf = (sample: Sample) => sample.outcome ?? 'ok';
  const isOk = (sample: Sample) => outcomeOf(sample) === 'ok';
  const isAnswered = (sample: Sample) => ['ok', 'status', 'check'].includes(outcomeOf(sample));
  const isCensored = (sample: Sample) => ['timeout', 'unfinished'].includes(outcomeOf(sample));
  const timed = samples.filter(sample => isOk(sample) || isCensored(sample));
  const censored = samples.filter(isCensored);
  const failed: { [kind in FailureKind]?: number } = {};
  for (const outcome of samples.map(outcomeOf)) {
    if (outcome !== 'ok' && outcome !== 'unfinished') failed[outcome] = (failed[outcome] ?? 0) + 1;
  }
  const count = (outcome: string) => samples.filter(sample => outcomeOf(sample) === outcome).length;
  const statuses = { '200': count('ok'), '500': count('status') };
  const completed = all.filter(sample => isOk(sample) && inside(sample.dueMs + sample.responseMs));
  const perBlock = (chosen: readonly Sample[], atMs: (sample: Sample) => number) => {
    const counts = new Array<number>(blocks).fill(0);
    for (const sample of chosen) {
      const block = blockOf(atMs(sample));
      counts[block] = (counts[block] ?? 0) + 1;
    }
    return counts;
  };
  const byBlock = Array.from({ length: blocks }, () => [] as number[]);
  for (const sample of timed) byBlock[blockOf(sample.dueMs)]?.push(sample.responseMs);
  const said = samples.filter(sample => isOk(sample) && sample.cached !== undefined);
  const hits = said.filter(({ cached }) => cached);
  const cache = {
    told: said.length,
    sum: hits.length,
    blockTold: perBlock(said, ({ dueMs }) => dueMs),
    blockSum: perBlock(hits, ({ dueMs }) => dueMs),
  };
  return {
    ...(all.some(({ cached }) => cached !== undefined) ? { signals: { cache } } : {}),
    counts: { due: samples.length, ok: count('ok'), failed, unfinished: count('unfinished') },
    statuses: Object.fromEntries(Object.entries(statuses).filter(([, answers]) => answers > 0)),
    bytes: samples.reduce((sum, sample) => sum + (sample.bytes ?? (isAnswered(sample) ? 100 : 0)), 0),
    completedOk: completed.length,
    censored: {
      count: censored.length,
      minUs: censored.length === 0 ? 0 : Math.min(...censored.map(sample => sample.responseMs * 1_000)),
    },
    ...lateIn(timed),
    histograms: {
      response: encode(timed.map(sample => sample.responseMs)),
      service: encode(timed.map(sample => sample.serviceMs ?? sample.responseMs)),
      firstByte: encode(samples.filter(isOk).map(sample => sample.serviceMs ?? sample.responseMs)),
      failed: encode(samples.filter(one => !isOk(one) && !isCensored(one)).map(one => one.responseMs)),
    },
    blocks: byBlock.map(encode),
    blockDue: perBlock(samples, sample => sample.dueMs),
    blockErrors: perBlock(
      samples.filter(sample => !isOk(sample)),
      sample => sample.dueMs,
    ),
    blockCompleted: perBlock(completed, sample => sample.dueMs + sample.responseMs),
  };
}

function encode(timesMs: readonly number[]) {
  const histogram = new Histogram();
  for (const time of timesMs) histogram.record(micros(time * 1_000));
  return histogram.encode();
}
