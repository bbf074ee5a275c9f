import type { MetricTable } from '../../../src/analysis/metrics/table.ts';
import { chooseBaseline, namedBaseline } from '../../../src/judge/baseline/baseline-choice.ts';
import { basisOf } from '../../../src/judge/regression/basis.ts';
import { type Against, compareRuns } from '../../../src/judge/regression/compare.ts';
import type { BaselineSelection, StoredRun } from '../../../src/model/judgement/baseline.ts';
import type { ScenarioBudgets } from '../../../src/model/judgement/budget.ts';
import {
  type Comparison,
  type RegressionFinding,
  regressionsIn,
} from '../../../src/model/judgement/regression.ts';
import type { Fingerprint, RecordHeader, RunRecord } from '../../../src/model/run/record.ts';
import { uniform } from '../../../src/stats/random.ts';
import { indexEntryOf } from '../../../src/store/records/index-entry.ts';
import { normal } from '../stats/simulation.ts';
import { budgets } from './budgets.ts';
import { type RunShape, recordOf, type Sample } from './record-builder.ts';

/** A run record with another header. */
export function headed(
  record: RunRecord,
  header: Partial<RecordHeader>,
  machine: Partial<Fingerprint> = {},
): RunRecord {
  const fingerprint = { ...record.header.fingerprint, ...machine };
  return { ...record, header: { ...record.header, fingerprint, ...header } };
}

/** A run as a store lists it. */
export function stored(record: RunRecord): StoredRun {
  return { where: `${record.header.id}.json`, entry: indexEntryOf(record) };
}

/** Times around a median, in milliseconds, log-normal with the given spread. */
export interface Times {
  readonly medianMs: number;
  readonly spread?: number;
  readonly seed: number;
  readonly perSecond?: number;
  readonly seconds?: number;
  /** A share of requests that take so many times as long. */
  readonly tail?: { readonly share: number; readonly factor: number };
  /** How a request ends; ok where it says nothing. */
  readonly outcome?: (index: number) => Sample['outcome'];
  /** How late the generator takes a request up, which its response time includes. */
  readonly lateMs?: (index: number) => number;
  /** Whether an answer says that it came from a cache; none says anything where this is left out. */
  readonly cached?: (index: number) => boolean;
}

/** A run at a constant rate in slices of a second. */
export function runOf(
  { medianMs, spread = 0.3, seed, perSecond = 50, seconds = 20, tail, outcome, lateMs, cached }: Times,
  shape: RunShape = {},
): RunRecord {
  const samples = Array.from({ length: perSecond * seconds }, (_, index): Sample => {
    const ended = outcome?.(index);
    const late = lateMs?.(index) ?? 0;
    const isTail = tail !== undefined && uniform(seed, 2, index) < tail.share;
    return {
      dueMs: (index * 1_000) / perSecond,
      responseMs:
        ended === 'timeout'
          ? 10_000
          : late + medianMs * (isTail ? tail.factor : 1) * Math.exp(spread * normal(seed, 1, index)),
      ...(late === 0 ? {} : { lateMs: late }),
      ...(ended === undefined ? {} : { outcome: ended }),
      ...(cached === undefined ? {} : { cached: cached(index) }),
    };
  });
  const record = recordOf(samples, { stagesMs: [seconds * 1_000], blocks: seconds, ...shape });
  return headed(record, { id: `run-${seed}` });
}

/** Compares a run with earlier ones, newest first; the store's rules choose among them. */
export function compared(
  run: RunRecord,
  earlier: readonly RunRecord[],
  options: {
    readonly budgets?: ScenarioBudgets;
    readonly named?: boolean;
    readonly otherWorkload?: Against['otherWorkload'];
    readonly table?: MetricTable;
    readonly startSpread?: Against['startSpread'];
  } = {},
): Comparison {
  const runs = earlier.map(stored);
  const [first] = runs;
  const selection: BaselineSelection =
    options.named && first
      ? namedBaseline(run.header, first)
      : chooseBaseline(run.header, runs, { history: null });
  const basis = basisOf(selection);
  const reference = earlier.find(({ header }) => header.id === basis?.reference.entry.header.id);
  if (!basis || !reference) return { state: 'none', selection };
  const { otherWorkload = 'refuse', startSpread = null } = options;
  const against = { selection, basis, reference, otherWorkload, startSpread };
  return compareRuns(run, against, options.budgets ?? budgets(), options.table);
}

/** The finding of a metric. */
export function findingOf(comparison: Comparison, metric: string): RegressionFinding {
  const found = regressionsIn(comparison).find(finding => finding.metric.name === metric);
  if (!found) throw new Error(`no finding of ${metric}: ${JSON.stringify(comparison)}`);
  return found;
}
