import type { Scope } from '../../model/judgement/budget.ts';
import type { Plan } from '../../model/run/plan.ts';
import {
  type Journey,
  mostRedirects,
  type OpenLoad,
  type OpenSides,
  type RequestStep,
} from '../../model/run/scenario.ts';
import { visitsOf } from '../../model/run/step-paths.ts';
import { millisToSeconds } from '../../model/units.ts';

/** The stages that a scope spans. */
export function stagesOf(scope: Scope, stages: readonly OpenSides[]): readonly OpenSides[] {
  return scope.kind === 'stage' ? stages.filter((_, index) => index + 1 === scope.stage) : stages;
}

/** How long stages last, in seconds. */
export function secondsOf(stages: readonly OpenSides[]): number {
  return stages.reduce((sum, stage) => sum + millisToSeconds(stage.duration), 0);
}

/** Journeys started over linear ramps: the mean rate of each, for its duration. */
export function journeysOf(stages: readonly OpenSides[]): number {
  return stages.reduce(
    (sum, { duration, from, to }) => sum + (millisToSeconds(duration) * (from + to)) / 2,
    0,
  );
}

/** So many standard deviations no random choice goes beyond. */
const deviations = 6;

/**
 * The most requests of a scope that an open load can bring, over its seconds: a later step may belong to a journey that
 * started before the scope's stages did, and where choices are random, more may come than on average. Null of a closed
 * load, where answers decide how many there are.
 */
export function mostOffered(
  plan: Plan,
  scope: Scope,
): { readonly requests: number; readonly seconds: number } | null {
  const { load, journeys, endpoints } = plan;
  if (load.model === 'closed' || wholesPerJourney(plan, scope) !== null) return null;
  const stages = stagesOf(scope, load.stages);
  const counts = (step: RequestStep) =>
    scope.kind !== 'endpoint' || endpoints[step.endpoint]?.name === scope.endpoint;
  const first = chosen(journeys, requests => mostIn(requests.slice(0, 1).filter(counts)));
  const later = chosen(journeys, requests => mostIn(requests.slice(1).filter(counts)));
  const isPoisson = load.arrivals === 'poisson';
  const requests =
    most(journeysOf(stages), first, isPoisson) + most(journeysOf(before(scope, load)), later, isPoisson);
  return { requests, seconds: secondsOf(stages) };
}

/** How often an average journey is, or makes, what a scope measures as a whole; null of a scope of requests. */
export function wholesPerJourney({ journeys, transactions = [] }: Plan, scope: Scope): number | null {
  const index = scope.kind === 'endpoint' ? transactions.indexOf(scope.endpoint) : -1;
  if (index < 0) return null;
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  return journeys.reduce((sum, { weight, steps, transaction }) => {
    const visits = visitsOf(steps);
    const groups = steps.reduce((count, step, at) => {
      const isBegun = step.kind === 'begin' && step.transaction === index;
      return count + (isBegun ? (visits[at] ?? 0) : 0);
    }, 0);
    return sum + (weight / weights) * (groups + (transaction === index ? 1 : 0));
  }, 0);
}

/** Each redirect that a step follows is a request of its own. */
function mostIn(steps: readonly RequestStep[]): number {
  return steps.reduce((sum, { redirects }) => sum + (redirects === undefined ? 1 : 1 + mostRedirects), 0);
}

/** The load from its beginning to the end of a scope. */
function before(scope: Scope, { warmup, stages }: OpenLoad): readonly OpenSides[] {
  const from = stages[0]?.from;
  const warm = from === undefined ? [] : [{ duration: warmup, from, to: from }];
  return [...warm, ...(scope.kind === 'stage' ? stages.slice(0, scope.stage) : stages)];
}

interface PerJourney {
  readonly mean: number;
  readonly meanSquare: number;
}

function chosen(
  journeys: readonly Journey[],
  requestsIn: (requests: readonly RequestStep[]) => number,
): PerJourney {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  let [mean, meanSquare] = [0, 0];
  for (const { weight, steps } of journeys) {
    const requests = requestsIn(steps.filter(step => step.kind === 'request'));
    mean += (weight / weights) * requests;
    meanSquare += (weight / weights) * requests ** 2;
  }
  return { mean, meanSquare };
}

/** Constant arrivals vary only in which journey each makes, Poisson arrivals in their number too. */
function most(journeys: number, { mean, meanSquare }: PerJourney, isPoisson: boolean): number {
  const count = Math.ceil(journeys - 1e-9);
  const variance = isPoisson ? meanSquare : Math.max(0, meanSquare - mean ** 2);
  const reach = variance > 1e-9 ? deviations * Math.sqrt(count * variance) : 0;
  return count * mean + reach;
}
