import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { analyse } from '../../analysis/analysis.ts';
import { type CapacityFlags, capacityTerms } from '../../config/capacity-flags.ts';
import type { LoadGuard } from '../../config/load-guard.ts';
import { outcomeOf } from '../../judge/capacity/outcome.ts';
import { nextProbe } from '../../judge/capacity/search.ts';
import { capacityStanding } from '../../judge/capacity/standing.ts';
import type { Capacity, CapacityEnd, MeasuredProbe } from '../../model/capacity/capacity.ts';
import { type PlimsollError, problem } from '../../model/error.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import { type ExitCode, exitCodeOf } from '../../model/judgement/exit-code.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RecordHeader } from '../../model/run/record.ts';
import { earlierCapacity, writeCapacity } from '../../store/baselines/capacity-file.ts';
import { keepRecord } from '../../store/files/kept-record.ts';
import type { RunEvent } from '../run/attempt.ts';
import type { PreparedRun } from '../run/prepare.ts';
import { type RunOptions, runPrepared, type SavedRun } from '../run/run.ts';
import { heldBudgets, probePlan } from './probe.ts';

/** What happens during a search, for people who watch it. */
export type CapacityEvent =
  | { readonly kind: 'probing'; readonly level: number; readonly confirms: boolean; readonly number: number }
  | { readonly kind: 'probed'; readonly probe: MeasuredProbe }
  | { readonly kind: 'run'; readonly event: RunEvent };

/** What a search needs besides the prepared run; `out` is the folder for records and logs. */
export interface CapacityOptions extends Omit<RunOptions, 'baseline' | 'onEvent'> {
  readonly flags: CapacityFlags;
  /** What caps the load; nothing where it is left out. */
  readonly guard?: LoadGuard;
  readonly onEvent?: (event: CapacityEvent) => void;
}

/** A search and the file that holds it. */
export interface SavedCapacity {
  readonly capacity: Capacity;
  /** Null where it could not be written. */
  readonly file: string | null;
  readonly problems: readonly PlimsollError[];
}

/** Between two probes, so that connections close and queues empty. */
const restMs = 500;

/**
 * Finds the highest steady load at which the budgets hold. Each load is a run of its own, with a fresh start of the API
 * where the scenario serves it. Throws `command.invalid-value` of flags and `budgets.other-load`, before anything is sent, and the
 * interrupt's reason where it comes before the first probe was measured.
 */
export async function searchCapacity(
  prepared: PreparedRun,
  { flags, guard, onEvent, ...options }: CapacityOptions,
): Promise<SavedCapacity> {
  const { plan, budgets } = prepared;
  const limit = limitFor(plan, budgets);
  const terms = capacityTerms(flags, plan, limit, guard);
  const id = randomUUID();
  const out = join(capacitiesFolder(options.out), id);
  const { held, unheld } = heldBudgets(budgets.budgets);
  const startedAt = new Date();
  const began = performance.now();
  const probes: MeasuredProbe[] = [];
  const problems: PlimsollError[] = [];
  let first: RecordHeader | null = null;
  let end: CapacityEnd | null = null;
  while (end === null) {
    const next = nextProbe(probes, terms);
    if (next.kind === 'end') {
      end = next.end;
      break;
    }
    if (probes.length > 0) await pause(restMs);
    const { level, confirms } = next;
    onEvent?.({ kind: 'probing', level, confirms, number: probes.length + 1 });
    const run = await runPrepared(
      {
        ...prepared,
        plan: probePlan(plan, level, confirms, terms),
        budgets: { ...budgets, budgets: held },
      },
      { ...options, out, ...(onEvent && { onEvent: event => onEvent({ kind: 'run', event }) }) },
    ).catch((error: unknown) => {
      if (probes.length === 0 || error !== options.interrupt?.reason) throw error;
      return null;
    });
    if (run === null) {
      end = { kind: 'interrupted', heldAt: Math.max(...heldIn(probes)) };
      break;
    }
    first ??= run.record.header;
    problems.push(...run.problems);
    const probe = measured(run, level, confirms);
    probes.push(probe);
    onEvent?.({ kind: 'probed', probe });
  }
  const header: RecordHeader = {
    ...(first as RecordHeader),
    id,
    digest: plan.digest,
    startedAt: startedAt.toISOString(),
    durationMs: performance.now() - began,
  };
  const folder = capacitiesFolder(options.out);
  const earlier = await earlierCapacity(folder, { ...header, unit: terms.unit });
  const standing = capacityStanding(end, probes, limit);
  const capacity: Capacity = { header, terms, probes, end, limit, standing, unheld, earlier };
  const kept = await keepRecord(folder, place => writeCapacity(place, capacity));
  return { capacity, ...kept, problems: [...problems, ...kept.problems] };
}

/** The exit code of a search; that of an interrupt is the command's to add. */
export function exitCodeOfCapacity(
  { standing: { verdict } }: Capacity,
  onInconclusive: ScenarioBudgets['onInconclusive'],
): ExitCode {
  return exitCodeOf(verdict, { state: 'complete' }, onInconclusive);
}

/** The folder in which searches keep what they found. */
const capacitiesFolder = (out: string): string => join(out, 'capacities');

function heldIn(probes: readonly MeasuredProbe[]): readonly number[] {
  return [0, ...probes.filter(({ outcome }) => outcome.kind === 'held').map(({ level }) => level)];
}

function limitFor({ load, scenario }: Plan, { capacity, file }: ScenarioBudgets): number | null {
  if (capacity === undefined) return null;
  const unit = load.model === 'open' ? 'perSecond' : 'users';
  if (capacity.unit === unit) return capacity.least;
  throw problem('budgets.other-load', {
    where: `${file ?? 'budgets'}, scenarios.${scenario}.capacity`,
    found: capacity.unit === 'users' ? `${capacity.least} users` : `${capacity.least}/s`,
    expected: unit === 'users' ? 'a number of users: the load is closed' : 'a rate: the load is open',
    instead: unit === 'users' ? '"50 users"' : '"150/s"',
  });
}

function measured(run: SavedRun, level: number, confirms: boolean): MeasuredProbe {
  const { figures, response } = analyse(run.record).of({ kind: 'total' });
  const { requests, rps, errorRate } = figures;
  const at = (name: 'p50' | 'p95' | 'p99') => response[name]?.value ?? null;
  return {
    ...{ level, confirms, outcome: outcomeOf(run), requests, rps, errorRate, file: run.file },
    ...{ p50: at('p50'), p95: at('p95'), p99: at('p99') },
  };
}
