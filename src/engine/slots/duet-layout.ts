import type { DuetLayout, RepeatKind } from '../../model/duet/duet.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { ClosedStage, Journey, Load, OpenSides } from '../../model/run/scenario.ts';
import { leastThinkTo, visitsOf } from '../../model/run/step-paths.ts';
import { type Millis, millis, millisToSeconds, perSecond } from '../../model/units.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';

const usualSlotMs = 250;
/** Of a side's own time, measured in a restart. */
const shortestMs = 4_500;
const longestMs = 9_000;
/** Of a side's own time, before its median may be called flat, and after which it is measured all the same. */
const leastWarmUpMs = 2_000;
const mostWarmUpMs = 30_000;
/** Of the rarest endpoint a side: 17 of them are slower than its p95. */
const requestsWanted = 340;
/** How long an answer is taken to last where a closed load's rate hangs on it. */
const guessedAnswerSeconds = 0.01;

/**
 * How a duet of a plan is laid out where nothing else is asked: slots of 250 ms, the plan's mean load over its measured
 * stages, and so many pairs of slots a restart, two or more, that a side has from 4.5 to 9 s of its own (18 to 36 pairs of
 * 250 ms), the least for which the rarest endpoint is expected to get 340 requests a side. The rate of a closed load is
 * guessed, as if each answer took 10 ms. Where several instances of a side take turns, each has half of that, since a side
 * is all of them.
 */
export function layoutOf(
  plan: Plan,
  repeat: RepeatKind,
  options: { readonly slotMs?: number; readonly pairsPerRestart?: number } = {},
  instances = 1,
): DuetLayout {
  const { slotMs = usualSlotMs } = options;
  const load = steadyLoad(plan.load, millis(0));
  const height = load.stages[0]?.from ?? 0;
  const requestsPerSecond = rarest(plan.journeys) * journeysPerSecond(plan, load, height);
  const share = instances > 1 ? 0.5 : 1;
  const wantedMs = (1_000 * requestsWanted) / requestsPerSecond;
  const ownMs = Math.min(longestMs, share * Math.max(shortestMs, wantedMs));
  return {
    repeat,
    slotMs,
    pairsPerRestart: options.pairsPerRestart ?? Math.max(2, pairsFor(ownMs, slotMs)),
    load: load.model === 'open' ? { model: 'open', rate: height } : { model: 'closed', users: height },
    mostRestarts: duetLooks.at(-1)?.restarts ?? 0,
  };
}

/**
 * The bounds of a restart's warm-up, in pairs of slots: at least 2 s of a side's own time, or half of the measured where
 * that is less (8 pairs of 250 ms), and at most 30 s; of more than two that take turns as much less, so that it is a minute for all of
 * them.
 */
export function warmUpPairs(
  { slotMs, pairsPerRestart }: Pick<DuetLayout, 'slotMs' | 'pairsPerRestart'>,
  places = 2,
): {
  readonly leastPairs: number;
  readonly mostPairs: number;
} {
  const leastPairs = pairsFor(Math.min(leastWarmUpMs, (slotMs * pairsPerRestart) / 2), slotMs);
  return { leastPairs, mostPairs: Math.max(leastPairs, pairsFor((2 * mostWarmUpMs) / places, slotMs)) };
}

/** What opens connections anew to sides that are warm. */
const shortPairs = 2;

/**
 * The warm-up of sides that are warm already, in pairs of slots: their connections are opened anew. Journeys begin anew as well, so
 * where they think, it is as long as the least warm-up, for them to get as far as in a restart.
 */
export function warmUpPairsAgain(
  layout: Pick<DuetLayout, 'slotMs' | 'pairsPerRestart'>,
  { journeys }: Pick<Plan, 'journeys'>,
): ReturnType<typeof warmUpPairs> {
  const thinks = journeys.some(({ steps }) => steps.some(({ kind }) => kind === 'think'));
  const { leastPairs } = warmUpPairs(layout);
  const pairs = thinks ? leastPairs : Math.min(shortPairs, leastPairs);
  return { leastPairs: pairs, mostPairs: pairs };
}

/** An endpoint, and the least sum of think times before a journey's first request to it. */
export interface LateEndpoint {
  readonly endpoint: string;
  readonly afterMs: Millis;
}

/** The endpoints that think times keep from a restart. */
export interface Unreachable {
  /** A side's own time in a restart that gets warm as soon as it may. */
  readonly restartMs: Millis;
  /** Not reached in so long. */
  readonly endpoints: readonly LateEndpoint[];
}

/** Which endpoints a duet will not see: every journey starts at its first step in every restart, and think times take own time. */
export function unreachable(plan: Plan, layout: DuetLayout): Unreachable {
  const { slotMs, pairsPerRestart } = layout;
  const restartMs = millis((warmUpPairs(layout).leastPairs + pairsPerRestart) * slotMs);
  const late = plan.endpoints.flatMap(({ name }, index): readonly LateEndpoint[] => {
    const waits = plan.journeys.flatMap(journey => leastThink(journey, index) ?? []);
    return waits.length === 0 ? [] : [{ endpoint: name, afterMs: millis(Math.min(...waits)) }];
  });
  return { restartMs, endpoints: late.filter(({ afterMs }) => afterMs > restartMs) };
}

/** The least sum of think times, in ms, before a journey's first request to an endpoint; null where it makes none. */
function leastThink({ steps }: Journey, endpoint: number): number | null {
  const first = steps.findIndex(step => step.kind === 'request' && step.endpoint === endpoint);
  if (first < 0) return null;
  const least = leastThinkTo(steps);
  const waits = steps.flatMap((step, index) =>
    step.kind === 'request' && step.endpoint === endpoint ? (least[index] ?? 0) : [],
  );
  return Math.min(...waits);
}

/**
 * The plan as a duet loads a side with it: the layout's steady load, for the measured pairs of one restart; without
 * warm-up, a count of journeys, or a condition that ends it. Nothing is measured as a whole: journeys go through many turns.
 */
export function steadyPlan(plan: Plan, layout: DuetLayout): Plan {
  const { transactions: _, ...requests } = plan;
  const load = steadyLoad(plan.load, millis(layout.pairsPerRestart * layout.slotMs));
  return { ...requests, load, abortOn: null };
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

/** How many slots have so much time. */
function pairsFor(ownMs: number, slotMs: number): number {
  return Math.ceil(ownMs / slotMs - 1e-9);
}

function meanHeight(stages: readonly (OpenSides | ClosedStage)[]): number {
  const whole = stages.reduce((sum, { duration }) => sum + duration, 0);
  if (whole === 0) return stages[0]?.from ?? 0;
  return stages.reduce((sum, { duration, from, to }) => sum + ((from + to) / 2) * (duration / whole), 0);
}

function journeysPerSecond({ journeys }: Plan, load: Load, height: number): number {
  if (load.model === 'open') return height;
  const seconds = expectedOf(journeys, ({ steps }) => {
    const visits = visitsOf(steps);
    return steps.reduce((sum, step, index) => {
      const count = visits[index] ?? 0;
      if (step.kind === 'request') return sum + count * guessedAnswerSeconds;
      return step.kind === 'think' ? sum + count * millisToSeconds(millis((step.min + step.max) / 2)) : sum;
    }, 0);
  });
  return height / Math.max(seconds, millisToSeconds(load.pacing), 1e-6);
}

/** Requests that a journey is expected to make to the endpoint that gets the fewest. */
function rarest(journeys: readonly Journey[]): number {
  const endpoints = new Set(
    journeys.flatMap(({ steps }) => steps.flatMap(step => (step.kind === 'request' ? [step.endpoint] : []))),
  );
  const requests = [...endpoints].map(endpoint =>
    expectedOf(journeys, ({ steps }) =>
      visitsOf(steps).reduce((sum, count, index) => {
        const step = steps[index];
        return step?.kind === 'request' && step.endpoint === endpoint ? sum + count : sum;
      }, 0),
    ),
  );
  return Math.min(...requests);
}

/** The mean of something over journeys, by weight. */
function expectedOf(journeys: readonly Journey[], of: (journey: Journey) => number): number {
  const weights = journeys.reduce((sum, { weight }) => sum + weight, 0);
  return journeys.reduce((sum, journey) => sum + (journey.weight / weights) * of(journey), 0);
}
