import {
  type BudgetSubject,
  budgetsFor,
  checkBudgets,
  namesOthers,
  readBudgetsFile,
} from '../../config/budgets.ts';
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
import { sampleRequests } from '../../engine/request/sample-request.ts';
import { mostOffered } from '../../judge/budgets/planned-load.ts';
import { expectedRequests, foresee } from '../../judge/budgets/sample-size-check.ts';
import { unusedNotes } from '../../judge/notes.ts';
import { PlimsollError } from '../../model/error.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { DryRun } from '../../model/judgement/dry-run.ts';
import type { Foreseen } from '../../model/judgement/run-note.ts';
import type { Plan } from '../../model/run/plan.ts';
import { redactor } from '../../safety/secret.ts';
import { resolveTarget } from '../../safety/target.ts';

/** Where a run comes from: a scenario, or flags alone. */
export type RunSource = PlanInput | { readonly kind: 'flags'; readonly flags: FlagRun };

/** Where files are looked for and what may be loaded. */
export interface PrepareOptions {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** The budgets: a file, or what a program hands over; null for the default limits alone. */
  readonly budgets: string | SourceDocument | null;
  readonly allowHosts: readonly string[];
  /** True fails a run that is not compared, whatever the budgets say of that. */
  readonly requireBaseline?: boolean;
}

/** A run that is known to be right, before anything is sent. */
export interface PreparedRun {
  readonly plan: Plan;
  readonly budgets: ScenarioBudgets;
  /** The target's; none where its name does not resolve, nor of a Unix socket. */
  readonly addresses: readonly string[];
  /** Why the target's name does not resolve; null where it does. */
  readonly unresolved: PlimsollError | null;
  /** The first request to each endpoint, without secrets. */
  readonly samples: ReturnType<typeof sampleRequests>;
  /** Budgets that nobody uses, and those that the plan is too short to settle. */
  readonly foreseen: readonly Foreseen[];
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
  const { cwd, env, budgets: file } = options;
  const budgets =
    typeof file === 'string'
      ? await diagnostics.attemptAsync(file, async () => await readBudgetsFile(file, cwd))
      : file && checkBudgets(file);
  diagnostics.add(...(budgets?.problems ?? []));
  const plans: Plan[] = [];
  for (const source of sources) {
    const where = source.kind === 'file' ? source.file : wordFor[source.kind];
    const plan = await diagnostics.attemptAsync(where, () => planOf(source, { cwd, env }));
    if (plan !== undefined) plans.push(plan);
  }
  const prepared: PreparedRun[] = [];
  for (const plan of plans) {
    const scenarios = plans.map(({ scenario }) => scenario);
    const asksBeside = budgets != null && namesOthers(budgets, scenarios);
    const subject = subjectOf(plan, scenarios, asksBeside ? await othersBeside(plan, cwd) : []);
    const chosen =
      budgets === undefined ? undefined : diagnostics.attempt('', () => budgetsFor(budgets, subject));
    const samples = diagnostics.attempt(plan.scenario, () => samplesOf(plan));
    const way = await diagnostics.attemptAsync(plan.target.url, () => resolve(plan, options));
    if (chosen === undefined || samples === undefined || way === undefined) continue;
    prepared.push({
      plan,
      budgets: options.requireBaseline ? { ...chosen, requireBaseline: true } : chosen,
      samples,
      foreseen: [...unusedNotes(chosen), ...foresee(plan, chosen)],
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
    stages: plan.load.stages.length,
    timeoutMs: timeoutOf(plan),
    mostOffered: scope => mostOffered(plan, scope),
    signals: plan.signals.map(({ name }) => name),
    file,
    others: beside && [...beside, ...scenarios],
  };
}

function samplesOf(plan: Plan): PreparedRun['samples'] {
  const clean = redactor(plan.secrets);
  return sampleRequests(plan).map(({ endpoint, text }) => ({ endpoint, text: clean(text) }));
}

async function resolve(
  { target }: Plan,
  { allowHosts }: PrepareOptions,
): Promise<Pick<PreparedRun, 'addresses' | 'unresolved'>> {
  try {
    return { addresses: await resolveTarget(target, { allowHosts }), unresolved: null };
  } catch (error) {
    const isMistake = !(error instanceof PlimsollError) || error.exitCode === 2;
    if (isMistake) throw error;
    return { addresses: [], unresolved: error };
  }
}

/** A target named beside the scenario is somebody else's to start: its own `serve` does not apply to it. */
async function planOf(source: RunSource, surroundings: Pick<PrepareOptions, 'cwd' | 'env'>): Promise<Plan> {
  if (source.kind === 'flags') return planFromFlags(source.flags);
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
    plan:
      serve === null
        ? plan
        : {
            ...plan,
            serve: {
              ...serve,
              install: serve.install && clean(serve.install),
              build: serve.build && clean(serve.build),
              start: clean(serve.start),
            },
          },
    expected: expectedRequests(plan),
    unbudgeted: plan.endpoints.map(({ name }) => name).filter(name => !budgeted.has(name)),
    foreseen,
    budgetCount: budgets.budgets.length,
    samples,
  };
}
