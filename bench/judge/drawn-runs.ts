import { basisOf } from '../../src/judge/regression/basis.ts';
import { compareRuns } from '../../src/judge/regression/compare.ts';
import type { StartSpread } from '../../src/model/duet/duet.ts';
import type { IndexEntry, StoredRun } from '../../src/model/judgement/baseline.ts';
import { type RegressionFinding, regressionsIn } from '../../src/model/judgement/regression.ts';
import { usualRegression } from '../../src/model/judgement/regression-policy.ts';
import type { RunRecord } from '../../src/model/run/record.ts';
import { hash, uniform } from '../../src/stats/random.ts';
import { indexEntryOf } from '../../src/store/records/index-entry.ts';
import { recordOf } from '../../test/pure/judge/record-builder.ts';
import { normal } from './trouble.ts';

/** Runs of one build, and a new one that may be slower or fail more often. */
export interface StoredSetting {
  readonly runs: number;
  /** How far the level of all times differs from run to run: the standard deviation of its log. */
  readonly spread: number;
  /** By what the new run's times are multiplied. */
  readonly factor: number;
  /** The same of error rates; null where no request fails. */
  readonly errors: { readonly rate: number; readonly spread: number; readonly factor: number } | null;
  /** What a calibration tells; null where there is none. */
  readonly startSpread: StartSpread | null;
}

/** What a new run is held against and what came of it. */
export interface DrawnComparison {
  readonly findings: readonly RegressionFinding[];
  /** p95 and the error rate of the stored runs, newest first, and of the new one. */
  readonly stored: readonly { readonly p95: number; readonly errorRate: number }[];
  readonly run: { readonly p95: number; readonly errorRate: number };
  readonly requests: number;
}

const [perSecond, seconds, withinSpread] = [100, 12, 0.15];

const budgets = {
  budgets: [],
  regression: usualRegression,
  onInconclusive: 'warn',
  file: null,
  unused: [],
} as const;

/** Draws stored runs and a new one, and compares it; the same of the same trial. Each run has one level for all of its times. */
export function drawComparison(setting: StoredSetting, trial: number): DrawnComparison {
  const { errors, spread, startSpread } = setting;
  const drawnOf = (number: number) => {
    const seed = hash(trial, 31, number);
    const isNew = number === 0;
    const level = Math.exp(spread * normal(seed, 1)) * (isNew ? setting.factor : 1);
    const varied = errors === null ? 0 : errors.rate * Math.exp(errors.spread * normal(seed, 2));
    return { seed, level, rate: isNew ? varied * (errors?.factor ?? 1) : varied };
  };
  const [run, newest] = [0, 1].map(number => runOf(drawnOf(number))) as [RunRecord, RunRecord];
  const own = entryOf(newest, `${trial}-1`);
  // Of the runs behind the newest only the index entries are read: those of one run, moved to their level and rate.
  const others = Array.from({ length: setting.runs - 1 }, (_, index) =>
    moved(drawnOf(index + 2), `${trial}-${index + 2}`),
  );
  const entries = [own, ...others];
  const alike = entries.map((entry): StoredRun => ({ where: entry.header.id, entry }));
  const [first] = alike;
  if (!first) throw new Error('no run is stored');
  const selection = {
    choice: { kind: 'latest', run: first },
    mismatch: { workload: false, machine: [] },
    alike,
    passedOver: {},
    skipped: [],
  } as const;
  const basis = basisOf(selection);
  if (basis === null) throw new Error('no basis');
  const reference = { ...newest, header: own.header };
  const against = { selection, basis, reference, otherWorkload: 'refuse', startSpread } as const;
  const seen = ({ endpoints }: IndexEntry) => ({
    p95: endpoints[0]?.metrics.p95 ?? Number.NaN,
    errorRate: endpoints[0]?.metrics.errorRate ?? 0,
  });
  return {
    findings: regressionsIn(compareRuns(run, against, budgets)),
    stored: entries.map(seen),
    run: seen(entryOf(run, 'new')),
    requests: perSecond * seconds,
  };
}

/** The level of a drawn run, and the share of its requests that fail. */
interface Drawn {
  readonly seed: number;
  readonly level: number;
  readonly rate: number;
}

function runOf({ seed, level, rate }: Drawn): RunRecord {
  const samples = Array.from({ length: perSecond * seconds }, (_, index) => ({
    dueMs: (index * 1_000) / perSecond,
    responseMs: 20 * level * Math.exp(withinSpread * normal(hash(seed, 3, index), 1)),
    ...(uniform(seed, 4, index) < rate ? { outcome: 'status' as const } : {}),
  }));
  return recordOf(samples, { stagesMs: [seconds * 1_000], blocks: seconds });
}

function entryOf(record: RunRecord, id: string): IndexEntry {
  return indexEntryOf({ ...record, header: { ...record.header, id } });
}

const pool = new Map<number, IndexEntry>();
const poolSize = 100;

/** One of a hundred runs on the level 1, which differ by what sampling scatters alone. */
function poolOf(seed: number): IndexEntry {
  const index = hash(seed, 5, 0) % poolSize;
  const known = pool.get(index) ?? entryOf(runOf({ seed: index, level: 1, rate: 0 }), 'pool');
  pool.set(index, known);
  return known;
}

/** The share of the requests of a run that fail, each by itself. */
function failedShare(seed: number, rate: number): number {
  let count = 0;
  for (let index = 0; index < perSecond * seconds; index += 1) if (uniform(seed, 4, index) < rate) count += 1;
  return count / (perSecond * seconds);
}

/** A run of the pool on another level, and with other failures. */
function moved({ seed, level, rate }: Drawn, id: string): IndexEntry {
  const entry = poolOf(seed);
  const errorRate = failedShare(seed, rate);
  return {
    ...entry,
    header: { ...entry.header, id },
    endpoints: entry.endpoints.map(endpoint => ({
      ...endpoint,
      metrics: Object.fromEntries(
        Object.entries(endpoint.metrics).map(([metric, value]) => [
          metric,
          metric === 'errorRate' ? errorRate : value === null ? null : value * level,
        ]),
      ),
    })),
  };
}
