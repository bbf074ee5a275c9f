import {
  type AlarmCount,
  type Calibration,
  type CalibrationFindings,
  type CalibrationRestart,
  type EffectPower,
  fewestToSimulate,
} from '../../model/duet/calibration.ts';
import type { DuetLayout } from '../../model/duet/duet.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { hash } from '../../stats/random.ts';
import { effectsOf } from '../duet/effects.ts';
import { type DrawnChange, type DrawnTerms, playDrawn } from './drawn-duet.ts';
import { play } from './play.ts';
import { type ChangedDuet, powerOf, wideningOf } from './power.ts';
import { alarmsOf } from './rate.ts';
import { type Recorded, recordedOf } from './recorded.ts';
import { logShiftsOf } from './shift.ts';
import { spreadsOf, startSpreadOf } from './spread.ts';

/** How many duets are simulated. */
export interface SimulatedDuets {
  /** Of the build against itself. */
  readonly unchanged: number;
  /**
   * Of each injected effect, over all endpoints: once as recorded, once with the starts as different and the effect as
   * small as they may be. None between rounds, whose times do not fail by themselves.
   */
  readonly changed: number;
}

/** Enough to bound the rate of false alarms, were there none, by 0.15 %, and to know a rate of 90 % to within 4 %. */
export const usualSimulation: SimulatedDuets = { unchanged: 2_000, changed: 200 };

const streams = { real: 15 } as const;

/** How far the simulation is. */
export interface SimulationProgress {
  readonly played: number;
  readonly of: number;
}

/** What a calibration is judged by. */
export interface CalibrationTerms {
  readonly layout: DuetLayout;
  readonly policy: RegressionPolicy;
  readonly budgets: readonly Budget[];
  readonly seed: number;
  readonly simulated: SimulatedDuets;
}

/**
 * What the restarts of a calibration come to; the same restarts and seed give the same answer. It stops after each simulated
 * duet, of which there are thousands that take some 50 ms each, so that whoever asks can do something else in between.
 */
export function* judgeCalibration(
  restarts: Calibration['restarts'],
  terms: CalibrationTerms,
): Generator<SimulationProgress, CalibrationFindings> {
  const { layout } = terms;
  const recorded = recordedOf(restarts, terms.budgets);
  const starts = recorded.unchanged.length;
  const areStarts = layout.repeat === 'restart';
  const spreads = areStarts ? spreadsOf(recorded) : [];
  const isEnough = starts >= fewestToSimulate && recorded.unchanged.every(phases => phases.length > 0);
  const unchanged = isEnough ? terms.simulated.unchanged : 0;
  const changed = isEnough && areStarts ? terms.simulated.changed : 0;
  const of = unchanged + 2 * recorded.changed.length * changed;
  let played = 0;
  const asRecorded: DrawnTerms = { ...terms, widened: 1, shift: 'mean' };
  const asMayBe: DrawnTerms = { ...terms, widened: wideningOf(starts), shift: 'low' };

  let accused = 0;
  for (let draw = 0; draw < unchanged; draw += 1) {
    if (playDrawn(recorded, null, draw, asRecorded).kind === 'accused') accused += 1;
    played += 1;
    yield { played, of };
  }
  const power: EffectPower[] = [];
  for (const [index, change] of recorded.changed.entries()) {
    const shifts = logShiftsOf(recorded, change.rule);
    const duets: ChangedDuet[] = [];
    const cautious: ChangedDuet[] = [];
    for (let draw = 0; draw < changed; draw += 1) {
      const number = unchanged + index * changed + draw;
      duets.push(changedDuet(recorded, { change, shifts }, number, asRecorded));
      yield { played: played + 1, of };
      cautious.push(changedDuet(recorded, { change, shifts }, number, asMayBe));
      played += 2;
      yield { played, of };
    }
    power.push(powerOf(recorded, change, shifts, { duets, cautious }));
  }
  return {
    spreads,
    startSpread: startSpreadOf(spreads, recorded.endpoints),
    falseAlarms: { real: realAlarms(restarts, terms), simulated: alarmsOf(accused, unchanged) },
    power,
  };
}

/** Each endpoint is changed in its turn. */
function changedDuet(
  recorded: Recorded,
  change: Omit<DrawnChange, 'endpoint'>,
  draw: number,
  terms: DrawnTerms,
): ChangedDuet {
  const endpoint = recorded.endpoints[draw % recorded.endpoints.length] ?? '';
  return { endpoint, ...playDrawn(recorded, { ...change, endpoint }, draw, terms) };
}

/**
 * The duets that were really measured: one of every `mostRestarts` starts, and of the rest one if it reaches the first look.
 * Of each start the first phase without delay counts, with the sides as they were.
 */
function realAlarms(
  restarts: readonly CalibrationRestart[],
  { layout, policy, budgets, seed }: CalibrationTerms,
): AlarmCount {
  const { cells } = recordedOf(restarts, budgets);
  const measured = restarts.flatMap(
    ({ phases }) => phases.find(({ rule }) => rule.kind === 'none')?.restart ?? [],
  );
  const fewest = duetLooks[0]?.restarts ?? 0;
  let [duets, accused] = [0, 0];
  for (let from = 0; measured.length - from >= fewest; from += layout.mostRestarts) {
    const own = measured.slice(from, from + layout.mostRestarts);
    const effects = effectsOf(own, cells);
    const played = play(own, effects, cells, { layout, policy, seed: hash(seed, streams.real, duets) });
    const failed = played.cells.some(({ status }) => status === 'fail');
    duets += 1;
    if (failed) accused += 1;
  }
  return alarmsOf(accused, duets);
}
