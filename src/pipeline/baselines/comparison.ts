import type { SubjectHeader } from '../../analysis/subject.ts';
import { basisOf, othersOf } from '../../judge/regression/basis.ts';
import { type Against, compareRuns } from '../../judge/regression/compare.ts';
import { validityOf } from '../../judge/validity/validity.ts';
import { PlimsollError } from '../../model/error.ts';
import type { StoredRun } from '../../model/judgement/baseline.ts';
import { isOfOneRun } from '../../model/judgement/baseline.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { ComparisonNote } from '../../model/judgement/comparison-note.ts';
import { type Comparison, notCompared, type RegressionFinding } from '../../model/judgement/regression.ts';
import type { Refusal, Unfit } from '../../model/judgement/regression-reason.ts';
import type { Acceptance, RunRecord } from '../../model/run/record.ts';
import { inOneGo } from '../../safety/critical-section.ts';
import { redactor } from '../../safety/secret.ts';
import { acceptTrailers, metricsAccepted } from '../../store/git/accept-trailers.ts';
import { startSpreadIn } from '../../store/records/calibration-file.ts';
import { indexEntryOf } from '../../store/records/index-entry.ts';
import { type BaselineChooser, type Baselines, baselineChooser } from './baselines.ts';
import { type NamedRuns, namedSelection } from './named-runs.ts';

/** Which earlier runs a run is held against. */
export interface ComparisonOptions {
  /** Null where the runs are named; an error where git does not tell what is there. */
  readonly baselines: Baselines | PlimsollError | null;
  /** The runs that the user named; chosen by the run's commit where it is left out. */
  readonly named?: NamedRuns | undefined;
  /** The branch that the run's commit is meant for; found out where it is left out. */
  readonly targetBranch?: string | undefined;
  /** The commit whose gate judges: what later commits accept does not count. */
  readonly gate?: string | undefined;
  /** What earlier runs are known by, where the run itself says otherwise. */
  readonly knownAs?: SubjectHeader | undefined;
}

/**
 * Compares a run with earlier ones. Baselines that cannot be looked at are said to be so: what was measured is worth
 * its report without them. A record that is damaged, or of a run that was no measurement, is passed over for another.
 */
export async function comparisonFor(
  record: RunRecord,
  budgets: ScenarioBudgets,
  { baselines, named, targetBranch, gate, knownAs }: ComparisonOptions,
): Promise<Comparison> {
  const { measurement } = record;
  const header = { ...record.header, ...knownAs };
  if (measurement.completion.state !== 'complete') return notCompared;
  const known = baselines === null || baselines instanceof PlimsollError ? null : baselines;
  const startSpread = known === null ? null : await startSpreadIn(known.calibrations, header);
  try {
    if (named) {
      const others = named.runs.filter(({ stored }) => stored.entry.header.id !== header.id);
      const ofName = others.filter(({ stored }) => stored.entry.header.scenario === header.scenario);
      const renamed = others.filter(({ stored }) => stored.entry.header.digest === header.digest);
      const runs = ofName.length > 0 ? ofName : renamed;
      const terms = { otherWorkload: 'refuse', startSpread } as const;
      return await compareWithNamed(record, budgets, { ...named, runs }, terms);
    }
    if (baselines === null) return notCompared;
    if (baselines instanceof PlimsollError) throw baselines;
    const mayFetch = header.fingerprint.ci !== null;
    const p95 = indexEntryOf(record).total.metrics.p95 ?? null;
    const choose = await baselineChooser(header, baselines, { targetBranch, mayFetch, p95 });
    const terms = { otherWorkload: 'refuse', startSpread } as const;
    const compared = await compareWith(record, budgets, choose, run => baselines.store.read(run), terms);
    return await withTrailers(compared, record, baselines, gate);
  } catch (error) {
    return { state: 'refused', selection: null, reason: whyUnreadable(error) };
  }
}

/** The same, where what a commit since the baseline accepts only warns; of a gate its own commits alone. */
async function withTrailers(
  comparison: Comparison,
  { header }: RunRecord,
  { repository }: Baselines,
  gate: string | undefined,
): Promise<Comparison> {
  if (comparison.state !== 'compared') return comparison;
  const base = comparison.basis.reference.entry.header.fingerprint.git?.commit;
  const head = header.fingerprint.git?.commit;
  if (repository === null || base === undefined || head === undefined) return comparison;
  const trailers = await acceptTrailers(repository, base, gate ?? head);
  const own = gate === undefined ? [] : await acceptTrailers(repository, gate, head);
  const trailerOf = ({ status, metric }: RegressionFinding) =>
    isWorse(status)
      ? trailers.find(one => metricsAccepted(one, header.scenario).includes(metric.name.toLowerCase()))
      : undefined;
  const worse = comparison.findings.filter(({ status }) => isWorse(status));
  const accepted = worse.filter(finding => trailerOf(finding) !== undefined);
  const heeded = trailers.filter(trailer => accepted.some(finding => trailerOf(finding) === trailer));
  const rest = worse.filter(finding => finding.status === 'fail' && !accepted.includes(finding));
  const idle = rest.length === 0 ? [] : trailers.filter(trailer => !heeded.includes(trailer));
  const metrics = [...new Set(rest.map(({ metric }) => metric.name))];
  const notes: readonly ComparisonNote[] = [
    ...own.map(({ commit, value }) => ({ kind: 'ownAcceptance', commit, value }) as const),
    ...idle.map(
      ({ commit, value }) =>
        ({ kind: 'acceptsNothing', commit, value, scenario: header.scenario, metrics }) as const,
    ),
    ...comparison.notes,
  ];
  const [newest] = heeded;
  if (newest === undefined) return { ...comparison, notes };
  const { author, at, subject: reason, commit } = newest;
  const isPartial = rest.length > 0;
  const acceptance: Acceptance = {
    reason,
    author,
    at,
    findings: accepted.flatMap(acceptedIn),
    commit,
    ...(isPartial ? { isPartial } : {}),
  };
  const commits = [...new Set(heeded.map(trailer => trailer.commit))];
  return {
    ...comparison,
    findings: comparison.findings.map(finding =>
      accepted.includes(finding) ? { ...finding, status: 'warn' as const } : finding,
    ),
    notes: [{ kind: 'accepted', commits, acceptance }, ...notes],
  };
}

/** Be it by the delay of the generator alone, which only makes a regression that was accepted look greater. */
function isWorse(status: RegressionFinding['status']): boolean {
  return status === 'fail' || status === 'warn' || status === 'invalid';
}

/** A finding as an acceptance names it. */
export function acceptedIn({ scope, metric }: RegressionFinding): Acceptance['findings'] {
  return scope.kind === 'endpoint' ? [{ endpoint: scope.endpoint, metric: metric.name }] : [];
}

/** How a run is held against whatever it is compared with. */
type PairTerms = Pick<Against, 'otherWorkload' | 'startSpread'>;

/** Compares a run with those that somebody named, newest first. */
export async function compareWithNamed(
  record: RunRecord,
  budgets: ScenarioBudgets,
  { runs, skipped }: NamedRuns,
  terms: PairTerms,
): Promise<Comparison> {
  const choose = (without: ReadonlySet<StoredRun>) =>
    namedSelection(
      record.header,
      runs.map(({ stored }) => stored).filter(stored => !without.has(stored)),
      skipped,
    );
  const read = async (run: StoredRun) => {
    const found = runs.find(({ stored }) => stored === run);
    if (!found) throw new Error(`${run.where} was not named`);
    return await found.read();
  };
  return await compareWith(record, budgets, choose, read, terms);
}

/** Compares with the strongest basis of which every run can be read and is a measurement. */
async function compareWith(
  record: RunRecord,
  budgets: ScenarioBudgets,
  choose: BaselineChooser,
  read: (run: StoredRun) => Promise<RunRecord>,
  terms: PairTerms,
): Promise<Comparison> {
  const fit = new Map<StoredRun, RunRecord>();
  const unfit = new Map<StoredRun, Unfit>();
  const chosen = choose(new Set());
  for (let selection = chosen; ; selection = choose(new Set(unfit.keys()))) {
    const basis = basisOf(selection);
    if (basis === null) {
      const [first] = unfit.values();
      return first ? { state: 'refused', selection: chosen, reason: first } : { state: 'none', selection };
    }
    const examine = async (run: StoredRun) => {
      const look = () => reliableRecord(run, read, () => budgets);
      const found = fit.get(run) ?? (await inOneGo(run.entry.recordBytes, look));
      if ('kind' in found) unfit.set(run, found);
      else fit.set(run, found);
    };
    await examine(basis.reference);
    for (const run of othersOf(basis)) await examine(run);
    const reference = fit.get(basis.reference);
    if (!reference || othersOf(basis).some(run => unfit.has(run))) continue;
    const compare = () => compareRuns(record, { selection, basis, reference, ...terms }, budgets);
    const compared = await inOneGo(basis.reference.entry.recordBytes, compare);
    if (compared.state !== 'compared') return compared;
    const skipped = selection.skipped.map(({ error }) => unreadable(error));
    const passedOver = [...skipped, ...unfit.values()].map(why => ({ kind: 'passedOver', why }) as const);
    const used = [...fit].filter(([run]) => run === basis.reference || othersOf(basis).includes(run));
    return { ...compared, notes: [...passedOver, ...newerNotes(used), ...compared.notes] };
  }
}

/** The record of a stored run, or why it is none to rely on; what did not complete is for the judge to refuse. */
export async function reliableRecord(
  run: StoredRun,
  read: (run: StoredRun) => Promise<RunRecord>,
  budgetsOf: (record: RunRecord) => ScenarioBudgets | Promise<ScenarioBudgets>,
): Promise<RunRecord | Unfit> {
  try {
    const record = await read(run);
    if (record.measurement.completion.state !== 'complete') return record;
    const { budgets } = await budgetsOf(record);
    const validity = validityOf(record, budgets);
    if (validity.state === 'valid') return record;
    return { kind: 'noMeasurement', of: 'stored', where: run.where, reasons: validity.reasons };
  } catch (error) {
    if (!isOfOneRun(error)) throw error;
    return unreadable(error);
  }
}

/** One note for all earlier runs of which something is not known here. */
function newerNotes(looked: readonly (readonly [StoredRun, RunRecord])[]): readonly ComparisonNote[] {
  const known = looked.flatMap(([{ where }, { newer }]) => (newer ? [{ where, newer }] : []));
  const [first] = known;
  return first ? [{ kind: 'newer', ...first, others: known.length - 1 }] : [];
}

/** An interrupt is no error but a signal's name. */
function whyUnreadable(error: unknown): Refusal {
  return error instanceof Error ? unreadable(error) : { kind: 'interrupted', by: String(error) };
}

/** The first line of what an error says, and what git said, without secrets. */
function unreadable(error: Error): Unfit {
  const [line = ''] = error.message.split('\n', 1);
  const [first] = error instanceof PlimsollError ? error.problems : [];
  const said = first?.code === 'store.git-failed' && first.found ? `: ${first.found}` : '';
  return { kind: 'unreadable', what: redactor([])(`${line}${said}`.replace(/\.$/, '')) };
}
