import type { SubjectHeader } from '../../analysis/subject.ts';
import {
  type BudgetSubject,
  budgetsFor,
  type CheckedBudgets,
  checkBudgets,
  namesOthers,
  readBudgetsFile,
} from '../../config/budgets.ts';
import type { ApiDescription } from '../../config/description/api-description.ts';
import { strictest } from '../../config/gate.ts';
import type { LoadGuard } from '../../config/load-guard.ts';
import {
  type FlagRun,
  loadPlan,
  type PlanInput,
  planFromFlags,
  timeoutOf,
} from '../../config/scenario/plan.ts';
import { scenarioNamesBeside } from '../../config/scenario/scenario-names.ts';
import { gather } from '../../config/source/diagnostics.ts';
import type { SourceDocument } from '../../config/source/place.ts';
import { sampleRequestsOf } from '../../engine/aside.ts';
import { assertInstalled } from '../../engine/autocannon/installed.ts';
import { mostOffered } from '../../judge/budgets/planned-load.ts';
import { expectedRequests, foresee } from '../../judge/budgets/sample-size-check.ts';
import { unusedNotes } from '../../judge/notes.ts';
import type { GateReport } from '../../model/gate.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { DryRun } from '../../model/judgement/dry-run.ts';
import type { Foreseen } from '../../model/judgement/run-note.ts';
import type { Plan } from '../../model/run/plan.ts';
import { redactor } from '../../safety/secret.ts';
import { type Way, wayOf } from '../credentials/way.ts';
import { descriptionFrom } from '../description/coverage.ts';
import { cleaned } from '../gate/changes.ts';
import type { Gate } from '../gate/gate.ts';
import { ofBase } from '../gate/limits-of-base.ts';
import { scenarioUnder } from '../gate/scenarios.ts';

/** Where a run comes from: a scenario, or flags alone. */
export type RunSource = PlanInput | { readonly kind: 'flags'; readonly flags: FlagRun };

/** Where files are looked for and what may be loaded. */
export interface PrepareOptions {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** The budgets: a file, or what a program hands over; null for the default limits alone. */
  readonly budgets: string | SourceDocument | null;
  readonly allowHosts: readonly string[];
  /** What may not be sent wherever it goes; nothing is forbidden where it is left out. */
  readonly guard?: LoadGuard;
  /** True fails a run that is not compared, whatever the budgets say of that. */
  readonly requireBaseline?: boolean;
  /** A description of the API that runs are held against: a file or a URL. */
  readonly openapi?: string | undefined;
  /** True fails a run with answers that are not as it declares them. */
  readonly failsOnDrift?: boolean | undefined;
  /** The gate of the base, which judges in place of what the checkout says of that. */
  readonly gate?: Gate | null;
}

/** A run that is known to be right, before anything is sent. */
export interface PreparedRun extends Way {
  readonly plan: Plan;
  readonly budgets: ScenarioBudgets;
  /** The first request to each endpoint, without secrets. */
  readonly samples: Awaited<ReturnType<typeof sampleRequestsOf>>;
  /** Budgets that nobody uses, and those that the plan is too short to settle. */
  readonly foreseen: readonly Foreseen[];
  /** By whose gate it is judged; null for its own. */
  readonly gate: GateReport | null;
  /** What it is held against besides; null for nothing. */
  readonly description: ApiDescription | null;
  /** What earlier runs are known by that it is held against, where its own file says otherwise. */
  readonly knownAs: SubjectHeader | null;
}

/**
 * Reads and checks everything that the runs of a command need and resolves their targets; a name that does not resolve is
 * no mistake but a run that will be judged `invalid`. Throws a `PlimsollError` that names every mistake of all of them;
 * nothing was sent then.
 */
export async function prepareRuns(
  sources: readonly RunSource[],
  options: PrepareOptions,
): Promise<readonly PreparedRun[]> {
  const diagnostics = gather();
  const { cwd, env, budgets: file, gate = null, requireBaseline, failsOnDrift } = options;
  const policy = { ...(requireBaseline && { requireBaseline }), ...(failsOnDrift && { failsOnDrift }) };
  const budgets =
    typeof file === 'string'
      ? await diagnostics.attemptAsync(file, async () => await readBudgetsFile(file, cwd))
      : file && checkBudgets(file);
  diagnostics.add(...(budgets?.problems ?? []));
  const description = await diagnostics.attemptAsync('--openapi', () => descriptionFrom(options));
  const planned: Planned[] = [];
  for (const source of sources) {
    const where = source.kind === 'file' ? source.file : wordFor[source.kind];
    const one = await diagnostics.attemptAsync(where, () => plansOf(source, { cwd, env, gate }));
    if (one !== undefined) planned.push(one);
  }
  const prepared: PreparedRun[] = [];
  for (const { plan, own, knownAs, changes } of planned) {
    const scenarios = planned.map(one => one.plan.scenario);
    const limits = async (by: CheckedBudgets | null, of: Plan) => {
      const asksBeside = by !== null && namesOthers(by, scenarios);
      return budgetsFor(by, subjectOf(of, scenarios, asksBeside ? await othersBeside(of, cwd) : []));
    };
    const asked =
      budgets === undefined ? undefined : await diagnostics.attemptAsync('', () => limits(budgets, own));
    const standing =
      gate && (await diagnostics.attemptAsync('', () => ofBase(gate, limits(gate.budgets, plan))));
    const isOwnWritten = budgets != null && asked !== undefined;
    const chosen =
      standing && isOwnWritten ? strictest(standing, asked, isSameLoad(plan, own)) : (standing ?? asked);
    diagnostics.attempt(plan.scenario, () => assertInstalled(plan));
    const samples = await diagnostics.attemptAsync(plan.scenario, () => samplesOf(plan));
    const way = await diagnostics.attemptAsync(plan.target.url, () => wayOf(plan, options));
    if (standing === undefined || chosen === undefined || samples === undefined || way === undefined)
      continue;
    prepared.push({
      plan,
      budgets: { ...chosen, ...policy },
      description: description ?? null,
      samples,
      foreseen: [...unusedNotes(chosen), ...foresee(plan, chosen)],
      knownAs,
      gate: gate && { base: gate.base, changes: [...gate.changes, ...changes] },
      ...way,
    });
  }
  diagnostics.finish();
  return prepared;
}

const wordFor = { flags: '--url', input: 'standard input', value: 'scenario' } as const;

/** A run without a file has a name that nobody chose, and so knows of no others. */
async function othersBeside({ file }: Plan, cwd: string): Promise<readonly string[] | null> {
  return file === null ? null : await scenarioNamesBeside(file, cwd);
}

/** What budgets must fit. */
function subjectOf(
  plan: Plan,
  scenarios: readonly string[],
  beside: readonly string[] | null,
): BudgetSubject {
  const { scenario, file } = plan;
  return {
    scenario,
    endpoints: plan.endpoints.map(({ name }) => name),
    transactions: plan.transactions ?? [],
    stages: plan.load.stages.length,
    timeoutMs: timeoutOf(plan),
    mostOffered: scope => mostOffered(plan, scope),
    signals: plan.signals.map(({ name }) => name),
    file,
    others: beside && [...beside, ...scenarios],
  };
}

async function samplesOf(plan: Plan): Promise<PreparedRun['samples']> {
  const clean = redactor(plan.secrets);
  return (await sampleRequestsOf(plan)).map(({ endpoint, text }) => ({ endpoint, text: clean(text) }));
}

/** A run as it is made, and as its own file has it where that says other things of the gate. */
interface Planned {
  readonly plan: Plan;
  readonly own: Plan;
  readonly knownAs: SubjectHeader | null;
  readonly changes: GateReport['changes'];
}

async function plansOf(
  source: RunSource,
  { gate, ...surroundings }: Pick<PrepareOptions, 'cwd' | 'env'> & { readonly gate: Gate | null },
): Promise<Planned> {
  const own = await planOf(source, surroundings);
  if (gate === null || source.kind !== 'file') return { plan: own, own, knownAs: null, changes: [] };
  const { base, touchesGate, knownAs, changes } = await scenarioUnder(gate, source.file, surroundings);
  const plan = touchesGate ? await planOf({ ...source, base }, surroundings) : own;
  const clean = redactor([...own.secrets, ...plan.secrets]);
  const isElsewhere = source.target !== undefined;
  return {
    plan,
    own,
    knownAs: isElsewhere ? null : knownAs,
    changes: changes.map(change => cleaned(change, clean)),
  };
}

const isSameLoad = (one: Plan, other: Plan) => JSON.stringify(one.load) === JSON.stringify(other.load);

/** A target named beside the scenario is somebody else's to start: its own `serve` does not apply to it. */
async function planOf(source: RunSource, surroundings: Pick<PrepareOptions, 'cwd' | 'env'>): Promise<Plan> {
  if (source.kind === 'flags') return planFromFlags(source.flags, surroundings.env);
  const plan = await loadPlan(source, surroundings);
  return source.target === undefined ? plan : { ...plan, serve: null };
}

/** Describes a prepared run without sending anything. */
export function dryRun({ plan, budgets, foreseen, samples }: PreparedRun): DryRun {
  const budgeted = new Set(
    budgets.budgets.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])),
  );
  const { serve } = plan;
  const clean = redactor(plan.secrets);
  return {
    plan: {
      ...plan,
      target: { ...plan.target, url: clean(plan.target.url) },
      serve: serve && {
        ...serve,
        install: serve.install && clean(serve.install),
        build: serve.build && clean(serve.build),
        start: clean(serve.start),
      },
    },
    expected: expectedRequests(plan),
    unbudgeted: [...plan.endpoints.map(({ name }) => name), ...(plan.transactions ?? [])].filter(
      name => !budgeted.has(name),
    ),
    foreseen,
    budgetCount: budgets.budgets.length,
    samples,
  };
}
