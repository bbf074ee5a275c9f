import { standingBudgets } from '../../analysis/metrics/table.ts';
import type { ScenarioBudgets } from '../../model/judgement/budget.ts';
import type { IdleStage, RareJourney, Shortfall } from '../../model/judgement/run-note.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Step } from '../../model/run/scenario.ts';
import { visitsOf } from '../../model/run/step-paths.ts';
import { journeysOf, secondsOf, stagesOf, wholesPerJourney } from './planned-load.ts';
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

/** What is known of the verdict from the plan alone. */
type Planned = Shortfall | RareJourney | IdleStage;

/**
 * The budgets that the plan is too short to settle, even if every request goes well: those that could come to nothing
 * better than `inconclusive`; and journeys that hardly any arrival makes, in place of what their endpoints lack. Of a closed
 * load, in which answers decide how many requests there are, only such journeys.
 */
export function foresee(plan: Plan, { budgets }: ScenarioBudgets): readonly Planned[] {
  const rare = rareJourneys(plan);
  const { load } = plan;
  if (load.model === 'closed') return rare;
  const isRare = new Set(rare.map(({ journey }) => journey));
  const usual = plan.journeys.filter(({ name }) => !isRare.has(name));
  const reached = new Set(usual.flatMap(({ steps }) => steps.flatMap(endpointOf)));
  const perJourney = requestsPerJourney(plan.journeys, plan.endpoints.length);
  const short = standingBudgets(budgets).flatMap(({ scope, metric, limit }): readonly Planned[] => {
    const stages = stagesOf(scope, load.stages);
    const indexes = plan.endpoints.flatMap(({ name }, index) =>
      scope.kind === 'endpoint' && scope.endpoint !== name ? [] : [index],
    );
    const wholes = wholesPerJourney(plan, scope);
    const each = wholes ?? indexes.reduce((sum, index) => sum + (perJourney[index] ?? 0), 0);
    const requests = journeysOf(stages) * each;
    // Nobody knows how many events an answer will have.
    if (metric.form.kind === 'time' && metric.form.of === 'gap') return [];
    const needed = samplesNeeded(metric, limit);
    if (scope.kind === 'stage' && requests === 0) return [{ kind: 'idleStage', stage: scope.stage }];
    const isRarelyReached = wholes === null && !indexes.some(index => reached.has(index));
    if (requests >= needed || isRarelyReached) return [];
    return [{ kind: 'shortfall', metric, scope, needed, requests, seconds: secondsOf(stages) }];
  });
  const isFirst = (one: Planned, index: number) =>
    one.kind !== 'idleStage' ||
    short.findIndex(other => other.kind === 'idleStage' && other.stage === one.stage) === index;
  return [...rare, ...short.filter(isFirst)];
}

/** A journey of a smaller share is rare; fewer of its kind than this are practically none. */
const rareShare = 1e-3;
const fewest = 0.1;
/** The same of a load that nobody can count beforehand. */
const smallestShare = 1e-5;

function rareJourneys({ load, journeys }: Plan): readonly RareJourney[] {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const planned = load.model === 'open' ? journeysOf(load.stages) : load.iterations;
  return journeys.flatMap(({ name, weight }) => {
    const share = weight / weights;
    const isRare = planned === null ? share < smallestShare : share < rareShare && share * planned < fewest;
    return isRare ? [{ kind: 'rareJourney', journey: name, weight, weights, planned }] : [];
  });
}

function endpointOf(step: Step): readonly number[] {
  return step.kind === 'request' ? [step.endpoint] : [];
}

/** Requests of each endpoint in an average journey, by weight. */
function requestsPerJourney(journeys: Plan['journeys'], endpoints: number): readonly number[] {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  const requests = new Array<number>(endpoints).fill(0);
  for (const { weight, steps } of journeys) {
    const visits = visitsOf(steps);
    for (const [index, step] of steps.entries()) {
      if (step.kind !== 'request') continue;
      const share = (weight / weights) * (visits[index] ?? 0);
      requests[step.endpoint] = (requests[step.endpoint] ?? 0) + share;
    }
  }
  return requests;
}
