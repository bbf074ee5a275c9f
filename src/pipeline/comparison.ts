import { basisOf } from '../judge/regression/basis.ts';
import { compareRuns } from '../judge/regression/compare.ts';
import type { BaselineSelection, StoredRun } from '../model/baseline.ts';
import type { ScenarioBudgets } from '../model/budget.ts';
import { PlimsollError } from '../model/error.ts';
import type { RunRecord } from '../model/record.ts';
import { type Comparison, notCompared } from '../model/regression.ts';
import { redactor } from '../model/secret.ts';
import { type Baselines, baselineFor } from './baselines.ts';
import { type NamedRuns, namedSelection } from './named-runs.ts';

/** Which earlier runs a run is held against. */
export interface ComparisonOptions {
  readonly baselines: Baselines;
  /** The runs that the user named; chosen by the run's commit where it is left out. */
  readonly named?: NamedRuns | undefined;
  /** The branch that the run's commit is meant for; found out where it is left out. */
  readonly targetBranch?: string | undefined;
}

/**
 * Compares a run with earlier ones. Baselines that cannot be looked at are said to be so: what was measured is worth
 * its report without them. A damaged record is passed over for another.
 */
export async function comparisonFor(
  record: RunRecord,
  budgets: ScenarioBudgets,
  { baselines, named, targetBranch }: ComparisonOptions,
): Promise<Comparison> {
  const { header, measurement } = record;
  if (measurement.completion.state !== 'complete') return notCompared;
  try {
    if (named) {
      const runs = named.runs.filter(
        ({ stored: { outline } }) =>
          outline.header.scenario === header.scenario && outline.header.id !== header.id,
      );
      return await compareWithNamed(record, budgets, { ...named, runs }, 'refuse');
    }
    const mayFetch = header.fingerprint.ci !== null;
    const selection = await baselineFor(header, baselines, { targetBranch, mayFetch });
    return await compareWith(record, budgets, selection, run => baselines.store.read(run), 'refuse');
  } catch (error) {
    return { state: 'refused', selection: null, because: 'unreadable', reason: firstLine(error) };
  }
}

/** Compares a run with those that somebody named, newest first. */
export async function compareWithNamed(
  record: RunRecord,
  budgets: ScenarioBudgets,
  { runs, skipped }: NamedRuns,
  otherWorkload: 'refuse' | 'weak',
): Promise<Comparison> {
  const selection = namedSelection(
    record.header,
    runs.map(({ stored }) => stored),
    skipped,
  );
  const read = async (run: StoredRun) => {
    const found = runs.find(({ stored }) => stored === run);
    if (!found) throw new Error(`${run.where} was not named`);
    return await found.read();
  };
  return await compareWith(record, budgets, selection, read, otherWorkload);
}

async function compareWith(
  record: RunRecord,
  budgets: ScenarioBudgets,
  selection: BaselineSelection,
  read: (run: StoredRun) => Promise<RunRecord>,
  otherWorkload: 'refuse' | 'weak',
): Promise<Comparison> {
  const damaged = selection.skipped.map(({ error }) => passedOverNote(error));
  for (let { alike } = selection; ; ) {
    const basis = basisOf({ ...selection, alike });
    if (basis === null) return { state: 'none', selection };
    const { reference } = basis;
    try {
      const against = { selection, basis, reference: await read(reference), otherWorkload };
      const compared = compareRuns(record, against, budgets);
      return compared.state === 'compared'
        ? { ...compared, notes: [...damaged, ...compared.notes] }
        : compared;
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      if (!alike.includes(reference)) {
        return { state: 'refused', selection, because: 'unreadable', reason: firstLine(error) };
      }
      damaged.push(passedOverNote(error));
      alike = alike.filter(run => run !== reference);
    }
  }
}

const passedOverNote = (error: unknown) => `A stored run was passed over: ${firstLine(error)}.`;

/** The first line of what an error says, without secrets; an interrupt is no error but a signal's name. */
function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return `the comparison was interrupted (${String(error)})`;
  const [line = ''] = error.message.split('\n', 1);
  return redactor([])(line.replace(/\.$/, ''));
}
