import type { DuetLayout, UnitKind } from '../model/duet.ts';
import type { Plan } from '../model/plan.ts';
import type { ClosedStage, Journey, Load, OpenStage } from '../model/scenario.ts';
import { type Millis, millis, millisToSeconds, perSecond } from '../model/units.ts';
import { duetLooks } from '../stats/sequential-test.ts';

const slotMs = 250;
const fewestPairs = 18;
const mostPairs = 36;
/** Of the rarest endpoint a side: 17 of them are slower than its p95. */
const requestsWanted = 340;
/** How long an answer is taken to last where a closed load's rate hangs on it. */
const guessedAnswerSeconds = 0.01;

/**
 * How a duet of a plan is laid out: slots of 250 ms, the plan's mean load over its measured stages, and from 18 to 36
 * pairs of slots a unit, the least for which the rarest endpoint is expected to get 340 requests a side. The rate of a
 * closed load is guessed, as if each answer took 10 ms.
 */
export function layoutOf(plan: Plan, unit: UnitKind): DuetLayout {
  const load = steadyLoad(plan.load, millis(0));
  const height = load.stages[0]?.from ?? 0;
  const perSlot = (rarest(plan.journeys) * journeysPerSecond(plan, load, height) * slotMs) / 1_000;
  const pairs = Math.ceil(requestsWanted / perSlot - 1e-9);
  return {
    unit,
    slotMs,
    pairsPerUnit: Math.min(mostPairs, Math.max(fewestPairs, pairs)),
    load: load.model === 'open' ? { model: 'open', rate: height } : { model: 'closed', users: height },
    mostUnits: duetLooks.at(-1)?.units ?? 0,
  };
}

/**
 * The plan as a duet loads a side with it: the layout's steady load, for the measured pairs of one unit; without
 * warm-up, a count of journeys, or a condition that ends it.
 */
export function steadyPlan(plan: Plan, layout: DuetLayout): Plan {
  const load = steadyLoad(plan.load, millis(layout.pairsPerUnit * layout.slotMs));
  return { ...plan, load, abortOn: null };
}

/** A load at its mean height over the measured stages, for so long: whole users, at least one. */
export function steadyLoad(load: Load, duration: Millis): Load {
  const warmup = millis(0);
  const mean = meanHeight(load.stages);
  if (load.model === 'open') {
    return { ...load, warmup, stages: [{ duration, from: perSecond(mean), to: perSecond(mean) }] };
  }
  const users = Math.max(1, Math.round(mean));
  return { ...load, warmup, iterations: null, stages: [{ duration, from: users, to: users }] };
}

function meanHeight(stages: readonly (OpenStage | ClosedStage)[]): number {
  const whole = stages.reduce((sum, { duration }) => sum + duration, 0);
  if (whole === 0) return stages[0]?.from ?? 0;
  return stages.reduce((sum, { duration, from, to }) => sum + ((from + to) / 2) * (duration / whole), 0);
}

function journeysPerSecond({ journeys }: Plan, load: Load, height: number): number {
  if (load.model === 'open') return height;
  const seconds = expectedOf(journeys, journey =>
    journey.steps.reduce(
      (sum, step) =>
        sum +
        (step.kind === 'think' ? millisToSeconds(millis((step.min + step.max) / 2)) : guessedAnswerSeconds),
      0,
    ),
  );
  return height / Math.max(seconds, millisToSeconds(load.pacing), 1e-6);
}

/** Requests that a journey is expected to make to the endpoint that gets the fewest. */
function rarest(journeys: readonly Journey[]): number {
  const endpoints = new Set(
    journeys.flatMap(({ steps }) => steps.flatMap(step => (step.kind === 'request' ? [step.endpoint] : []))),
  );
  const requests = [...endpoints].map(endpoint =>
    expectedOf(
      journeys,
      ({ steps }) => steps.filter(step => step.kind === 'request' && step.endpoint === endpoint).length,
    ),
  );
  return Math.min(...requests);
}

/** The mean of something over journeys, by weight. */
function expectedOf(journeys: readonly Journey[], of: (journey: Journey) => number): number {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  return journeys.reduce((sum, journey) => sum + (journey.weight / weights) * of(journey), 0);
}
