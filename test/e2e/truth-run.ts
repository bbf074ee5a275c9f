import assert from 'node:assert/strict';
import { join } from 'node:path';
import { decoder } from '../../src/analysis/decoder.ts';
import type { RunRecord } from '../../src/model/run/record.ts';
import type { Summary } from '../../src/report/summary/summary-schema.ts';
import { Histogram } from '../../src/stats/histogram.ts';
import { rankOf } from '../../src/stats/order-statistic.ts';
import { readRecord } from '../../src/store/records/record-reader.ts';
import type { ScriptedTarget } from '../target/target.ts';
import type { Ended, Workspace } from './plimsoll.ts';

type Run = Summary['runs'][number];

/** What Plimsoll says of a run against one path of a scripted target, and what the target says of it. */
export interface Held {
  readonly code: number | null;
  readonly run: Run;
  readonly record: RunRecord;
  /** When requests arrived, in ms, by the target's clock. */
  readonly arrivals: readonly number[];
  /** How long the target held each answer, in ms, shortest first. */
  readonly held: readonly number[];
  /** Connections that the target accepted. */
  readonly accepted: number;
  /** What generator and target own up to in lateness, which is nobody's fault but the machine's. */
  readonly lateMs: { readonly p99: number; readonly max: number };
}

/** Runs a command and holds what came of it against what the target saw meanwhile. */
export async function holdAgainst(
  target: ScriptedTarget,
  path: string,
  here: Workspace,
  command: () => Promise<Ended>,
): Promise<Held> {
  const before = await target.counts();
  const { code, stdout, stderr } = await command();
  const after = await target.counts();
  const { run, record } = await resultOf(here, stdout, stderr);
  const ofPath = (pick: 'arrivals' | 'held') =>
    after[pick][path]?.slice(before[pick][path]?.length ?? 0) ?? [];
  const lag = Histogram.decode(record.measurement.generator.sendLag);
  return {
    code,
    run,
    record,
    arrivals: ofPath('arrivals'),
    held: ofPath('held').toSorted((a, b) => a - b),
    accepted: after.connections - before.connections,
    lateMs: {
      p99: after.lateMs.p99 + lag.quantile(0.99) / 1_000,
      max: after.lateMs.max + lag.max / 1_000,
    },
  };
}

/** The one run of a command that ended; every request due is in exactly one of its counts. */
export async function resultOf(
  here: Workspace,
  stdout: string,
  stderr: string,
): Promise<{ run: Run; record: RunRecord }> {
  const file = /record +(\S+)/.exec(stdout)?.[1];
  assert.ok(file, `no record\n${stdout}\n${stderr}`);
  const record = await readRecord(join(here.folder, file));
  const [run] = (await here.summary()).runs;
  assert.ok(run, 'the summary has no run');
  const { requests, ok, failures, unfinished } = run.total;
  const failed = Object.values(failures).reduce((sum, count) => sum + (count ?? 0), 0);
  assert.equal(requests, ok + failed + unfinished, 'due = ok + failed + unfinished');
  return { run, record };
}

const quantiles = { min: 0, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 } as const;

/**
 * Asserts that the times measured are those that the target held its answers for. None can be shorter; up to the
 * median, what is longer by over 1 % or 1 ms must be owned up to as lateness; beyond it a busy machine has its say.
 */
export function assertFollows({ run, held, lateMs }: Held): void {
  assert.equal(run.total.ok, held.length, 'every answer that the target gave');
  for (const kind of ['latencyMs', 'serviceMs'] as const) {
    for (const [name, q] of Object.entries(quantiles)) {
      const measured = run.total[kind][name as keyof typeof quantiles];
      const truth = held[rankOf(q, held.length) - 1] as number;
      if (measured === null) continue;
      const told = `${kind}.${name} is ${measured} ms; held for ${truth} ms, ${JSON.stringify(lateMs)} late`;
      assert.ok(measured >= truth * 0.999 - 0.001, told);
      const allowance = q <= 0.5 ? lateMs.p99 : 2 * lateMs.max + 200;
      assert.ok(measured <= truth + Math.max(1, truth / 100) + allowance, told);
    }
  }
}

/** One kind of time over all windows of a run. */
export function timesOf({ measurement }: RunRecord, kind: 'response' | 'service' | 'firstByte'): Histogram {
  const windows = measurement.endpoints.flatMap(endpoint => endpoint.windows);
  return decoder().merged(windows.map(window => window.histograms[kind]));
}

/** How many of them are at least so long. */
export function countFrom(times: Histogram, ms: number): number {
  const { tops, counts } = times.occupied();
  return counts.reduce((sum, count, index) => sum + ((tops[index] ?? 0) >= ms * 1_000 ? count : 0), 0);
}
