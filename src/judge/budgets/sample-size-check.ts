import { standingBudgets } from '../../analysis/metrics/table.ts';
import type { ScenarioBudgets, Scope } from '../../model/judgement/budget.ts';
import type { Shortfall } from '../../model/judgement/run-note.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { OpenSides } from '../../model/run/scenario.ts';
import { millisToSeconds } from '../../model/units.ts';
import { samplesNeeded } from './reading.ts';

/** The requests that a plan is expected to make of one endpoint over its stages. */
export interface ExpectedRequests {
  readonly endpoint: string;
  /** On average over the stages. */
  readonly perSecond: number;
  readonly requests: number;
}

/**
 * The requests that an open load is expected to make of each endpoint over its stages, warm-up apart, if no journey
 * ends early; null of a closed load, where answers decide how many there are.
 */
export function expectedRequests({ load, journeys, endpoints }: Plan): readonly ExpectedRequests[] | null {
  if (load.model === 'closed') return null;
  const seconds = secondsOf(load.stages);
  const started = journeysOf(load.stages);
  const perJourney = requestsPerJourney(journeys, endpoints.length);
  return endpoints.map(({ name }, index) => {
    const requests = started * (perJourney[index] ?? 0);
    return { endpoint: name, perSecond: seconds > 0 ? requests / seconds : 0, requests };
  });
}

/**
 * The budgets that the plan is too short to settle, even if every request goes well: those that could come to nothing
 * better than `inconclusive`. None of a closed load.
 */
export function foresee(plan: Plan, { budgets }: ScenarioBudgets): readonly Shortfall[] {
  const { load } = plan;
  if (load.model === 'closed') return [];
  const perJourney = requestsPerJourney(plan.journeys, plan.endpoints.length);
  return standingBudgets(budgets).flatMap(({ scope, metric, limit }) => {
    const stages = stagesOf(scope, load.stages);
    const each = plan.endpoints.reduce(
      (sum, { name }, index) =>
        scope.kind === 'endpoint' && scope.endpoint !== name ? sum : sum + (perJourney[index] ?? 0),
      0,
    );
    const requests = journeysOf(stages) * each;
    const needed = samplesNeeded(metric, limit);
    if (requests >= needed || requests === 0) return [];
    return [{ kind: 'shortfall', metric, scope, needed, requests, seconds: secondsOf(stages) }];
  });
}

function stagesOf(scope: Scope, stages: readonly OpenSides[]): readonly OpenSides[] {
  return scope.kind === 'stage' ? stages.filter((_, index) => index + 1 === scope.stage) : stages;
}

function secondsOf(stages: readonly OpenSides[]): number {
  return stages.reduce((sum, stage) => sum + millisToSeconds(stage.duration), 0);
}

/** Journeys started over linear ramps: the mean rate of each, for its duration. */
function journeysOf(stages: readonly OpenSides[]): number {
  return stages.reduce(
    (sum, { duration, from, to }) => sum + (millisToSeconds(duration) * (from + to)) / 2,
    0,
  );
}

/** Requests of each endpoint in an average journey, by weight. */
function requestsPerJourney(journeys: Plan['journeys'], endpoints: number): readonly number[] {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const requests = new Array<number>(endpoints).fill(0);
  for (const { weight, steps } of journeys) {
    for (const step of steps) {
      if (step.kind === 'request')
        requests[step.endpoint] = (requests[step.endpoint] ?? 0) + weight / weights;
    }
  }
  return requests;
}
