import { warmUpPairs, warmUpPairsAgain } from '../../engine/slots/duet-layout.ts';
import type { CalibrationPhase, CalibrationRestart } from '../../model/duet/calibration.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import { type Restart, type Side, sides } from '../../model/duet/duet.ts';
import { hash } from '../../stats/random.ts';
import { orderByCoin } from '../duet/coins.ts';
import {
  measureRunning,
  type RestartOutcome,
  type RestartProgress,
  type RestartTerms,
} from '../duet/duet-restart.ts';
import type { DuetSides } from '../duet/duet-sides.ts';
import { framed } from '../duet/framed-sides.ts';
import { delayedSides } from './delayed-sides.ts';

/** What a restart of a calibration is played by. */
export interface PhaseTerms extends Omit<RestartTerms, 'onProgress'> {
  /** One phase each; a coin decides their order. */
  readonly rules: readonly DelayRule[];
  readonly out: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: PhaseProgress) => void;
}

/** How a restart stands: phases count from 1. */
export interface PhaseProgress extends RestartProgress {
  readonly ofPhases: number;
  readonly inPhase: number;
}

/** What became of a restart of a calibration. */
export type PhasesOutcome =
  | { readonly state: 'measured'; readonly restart: CalibrationRestart }
  | Exclude<RestartOutcome, { readonly state: 'measured' }>;

const coins = { delayed: 5, order: 6 } as const;
/** More phases than any calibration has. */
const stride = 64;
/** More restarts than any calibration has. */
const drawsApart = 1_024;

/**
 * Starts both sides afresh behind delaying proxies and, once they are warm, loads them in turn under one rule after another;
 * `repeated` restarts were spoiled before.
 */
export async function playPhases(
  duetSides: DuetSides,
  number: number,
  repeated: number,
  terms: PhaseTerms,
): Promise<PhasesOutcome> {
  const { seed, plan, rules, onProgress } = terms;
  // A restart that is played again has coins of its own.
  const draw = number + repeated * drawsApart;
  const startOrder = orderByCoin(seed, 'first', draw, sides);
  const delayed: Side = hash(seed, coins.delayed, draw) % 2 === 0 ? 'base' : 'head';
  const order = inOrder(rules, place => hash(seed, coins.order, draw * stride + place));
  let startedAt = new Date();
  const running = await delayedSides(await duetSides.open(startOrder), plan, terms);
  const phases: CalibrationPhase[] = [];
  const firstWarmUp = warmUpPairs(terms.layout);
  const laterWarmUp = warmUpPairsAgain(terms.layout, plan);
  let isWarm = true;
  try {
    return await framed(running, terms, async (ready): Promise<PhasesOutcome> => {
      for (const [place, rule] of order.entries()) {
        await running.setRule(delayed, rule);
        const outcome = await measureRunning(ready, {
          ...terms,
          number,
          startOrder,
          startedAt,
          draw: draw * stride + place,
          warmUp: place === 0 ? firstWarmUp : laterWarmUp,
          onProgress: progress => onProgress?.({ ...progress, inPhase: place + 1, ofPhases: order.length }),
        });
        if (outcome.state !== 'measured') return outcome;
        const restart = outcome.restarts[0] as Restart;
        if (place === 0) isWarm = restart.isWarm;
        // What the servers have used since their start is no phase's own.
        phases.push({ rule, restart: { ...restart, isWarm, cpuUsPerRequest: null } });
        startedAt = new Date();
      }
      return { state: 'measured', restart: { number, delayed, phases } };
    });
  } finally {
    await running.close();
  }
}

function inOrder(rules: readonly DelayRule[], coin: (place: number) => number): readonly DelayRule[] {
  return rules
    .map((rule, place) => ({ rule, key: coin(place) }))
    .sort((one, other) => one.key - other.key)
    .map(({ rule }) => rule);
}
