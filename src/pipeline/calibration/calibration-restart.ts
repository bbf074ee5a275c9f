import { warmUpPairs } from '../../engine/slots/duet-layout.ts';
import type { CalibrationPhase, CalibrationUnit } from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { Side } from '../../model/duet/duet.ts';
import { hash } from '../../stats/random.ts';
import {
  measureScene,
  sideByCoin,
  type UnitOutcome,
  type UnitProgress,
  type UnitTerms,
} from '../duet/duet-restart.ts';
import type { Stage } from '../duet/duet-sides.ts';
import { delayedScene } from './delayed-sides.ts';

/** What a unit of a calibration is played by. */
export interface PhaseTerms extends Omit<UnitTerms, 'onProgress'> {
  /** One phase each; a coin decides their order. */
  readonly rules: readonly DelayRule[];
  readonly out: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: PhaseProgress) => void;
}

/** How a unit stands: phases count from 1. */
export interface PhaseProgress extends UnitProgress {
  readonly ofPhases: number;
  readonly inPhase: number;
}

/** What became of a unit of a calibration. */
export type PhasesOutcome =
  | { readonly state: 'measured'; readonly unit: CalibrationUnit }
  | Exclude<UnitOutcome, { readonly state: 'measured' }>;

const coins = { delayed: 5, order: 6 } as const;
/** More phases than any calibration has. */
const stride = 64;
/** More units than any calibration has. */
const drawsApart = 1_024;
/** A phase opens its connections anew; the sides are warm. */
const shortPairs = 2;

/**
 * Starts both sides afresh behind delaying proxies and, once they are warm, loads them in turn under one rule after another;
 * `repeated` units were spoiled before.
 */
export async function playPhases(
  stage: Stage,
  number: number,
  repeated: number,
  terms: PhaseTerms,
): Promise<PhasesOutcome> {
  const { seed, plan, rules, onProgress } = terms;
  // A unit that is played again has coins of its own.
  const draw = number + repeated * drawsApart;
  const first = sideByCoin(seed, 'first', draw);
  const delayed: Side = hash(seed, coins.delayed, draw) % 2 === 0 ? 'base' : 'head';
  const order = inOrder(rules, place => hash(seed, coins.order, draw * stride + place));
  let startedAt = new Date();
  const scene = await delayedScene(await stage.open(first), plan, terms);
  const phases: CalibrationPhase[] = [];
  const firstWarmUp = warmUpPairs(terms.layout);
  // Journeys begin anew: where they think, a later phase must be as long as a unit of a duet for them to get as far.
  const thinks = plan.journeys.some(({ steps }) => steps.some(({ kind }) => kind === 'think'));
  const laterPairs = thinks ? firstWarmUp.leastPairs : shortPairs;
  let isWarm = true;
  try {
    for (const [place, rule] of order.entries()) {
      await scene.setRule(delayed, rule);
      const outcome = await measureScene(scene, {
        ...terms,
        number,
        first,
        startedAt,
        draw: draw * stride + place,
        warmUp: place === 0 ? firstWarmUp : { leastPairs: laterPairs, mostPairs: laterPairs },
        onProgress: progress => onProgress?.({ ...progress, inPhase: place + 1, ofPhases: order.length }),
      });
      if (outcome.state !== 'measured') return outcome;
      if (place === 0) isWarm = outcome.unit.isWarm;
      // What the servers have used since their start is no phase's own.
      phases.push({ rule, unit: { ...outcome.unit, isWarm, cpuUsPerRequest: null } });
      startedAt = new Date();
    }
    return { state: 'measured', unit: { number, delayed, phases } };
  } finally {
    await scene.close();
  }
}

function inOrder(rules: readonly DelayRule[], coin: (place: number) => number): readonly DelayRule[] {
  return rules
    .map((rule, place) => ({ rule, key: coin(place) }))
    .sort((one, other) => one.key - other.key)
    .map(({ rule }) => rule);
}
