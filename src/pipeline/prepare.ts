import { budgetsFor, readBudgets } from '../config/budgets.ts';
import { type FlagRun, loadPlan, planFromFlags, timeoutOf } from '../config/plan.ts';
import { resolveTarget } from '../config/target.ts';
import { sampleRequests } from '../engine/sample-request.ts';
import { expectedRequests, foresee } from '../judge/foresight.ts';
import type { ScenarioBudgets } from '../model/budget.ts';
import type { Plan } from '../model/plan.ts';

/** Where a run comes from: a scenario file, or flags alone. */
export type RunSource =
  | { readonly kind: 'file'; readonly file: string; readonly target?: string }
  | { readonly kind: 'flags'; readonly flags: FlagRun };

/** Where files are looked for and what may be loaded. */
export interface PrepareOptions {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** The budgets file; null for the default limits alone. */
  readonly budgets: string | null;
  readonly allowHosts: readonly string[];
}

/** A run that is known to be right, before anything is sent. */
export interface PreparedRun {
  readonly plan: Plan;
  readonly budgets: ScenarioBudgets;
  readonly addresses: readonly string[];
  /** What the plan is too short to settle, a sentence each. */
  readonly foreseen: readonly string[];
}

/**
 * Reads and checks everything that a run needs and resolves its target. Throws a `PlimsollError` that names every
 * mistake; nothing was sent then.
 */
export async function prepareRun(source: RunSource, options: PrepareOptions): Promise<PreparedRun> {
  const { cwd, env } = options;
  const plan = await planOf(source, { cwd, env });
  const budgets = budgetsFor(options.budgets === null ? null : await readBudgets(options.budgets, cwd), {
    scenario: plan.scenario,
    endpoints: plan.endpoints.map(({ name }) => name),
    stages: plan.load.stages.length,
    timeoutMs: timeoutOf(plan),
  });
  const addresses = await resolveTarget(plan.target, { allowHosts: options.allowHosts });
  return { plan, budgets, addresses, foreseen: foresee(plan, budgets) };
}

/** A target named beside the scenario is somebody else's to start: its own `serve` does not apply to it. */
async function planOf(source: RunSource, surroundings: Pick<PrepareOptions, 'cwd' | 'env'>): Promise<Plan> {
  if (source.kind === 'flags') return planFromFlags(source.flags);
  const { file, target } = source;
  if (target === undefined) return await loadPlan({ file }, surroundings);
  return { ...(await loadPlan({ file, target }, surroundings)), serve: null };
}

/** What a run would do, for people who look before they leap. */
export interface Rehearsal {
  readonly plan: Plan;
  /** Null of a closed load, where answers decide how many requests there are. */
  readonly expected: ReturnType<typeof expectedRequests>;
  readonly unbudgeted: readonly string[];
  readonly foreseen: readonly string[];
  readonly budgetCount: number;
  readonly samples: ReturnType<typeof sampleRequests>;
}

/** Describes a prepared run without sending anything. */
export function rehearse({ plan, budgets, foreseen }: PreparedRun): Rehearsal {
  const budgeted = new Set(
    budgets.budgets.flatMap(({ scope }) => (scope.kind === 'endpoint' ? [scope.endpoint] : [])),
  );
  return {
    plan,
    expected: expectedRequests(plan),
    unbudgeted: plan.endpoints.map(({ name }) => name).filter(name => !budgeted.has(name)),
    foreseen,
    budgetCount: budgets.budgets.length,
    samples: sampleRequests(plan).map(({ endpoint, text }) => ({ endpoint, text: hide(text, plan.secrets) })),
  };
}

function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), text);
}
