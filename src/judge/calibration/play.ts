import type { DuetLayout, DuetUnit } from '../../model/duet/duet.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import type { UnitEffects } from '../../stats/flips/flip-statistics.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import type { DuetCell } from '../duet/effects.ts';
import { type CellRuling, ruleUnits } from '../duet/ruling.ts';
import { termsOf } from '../duet/terms.ts';

/** What duets of a calibration are judged by. */
export interface PlayTerms {
  readonly layout: Pick<DuetLayout, 'unit' | 'mostUnits'>;
  readonly policy: RegressionPolicy;
  /** Of the sign patterns. */
  readonly seed: number;
}

/** How a duet ended. */
export interface Played {
  /** The look, from 0, after which it was over or its units were used up. */
  readonly look: number;
  /** Parallel to the cells; empty where there were too few units for a look. */
  readonly cells: readonly CellRuling[];
  readonly isSettled: boolean;
}

/** Judges units look by look, as a duet is, until it is over or there are no more. */
export function play(
  units: readonly DuetUnit[],
  effects: readonly UnitEffects[],
  cells: readonly DuetCell[],
  { layout, policy, seed }: PlayTerms,
): Played {
  const ofCells = cells.map(cell => termsOf(cell, units, policy, layout.unit));
  let latest: Played = { look: 0, cells: [], isSettled: false };
  for (const [look, { units: size }] of duetLooks.entries()) {
    if (size > units.length) break;
    const ruling = ruleUnits(effects.slice(0, size), ofCells, { seed, mostUnits: layout.mostUnits });
    if (ruling.state === 'waiting') break;
    const { progress } = ruling;
    latest = {
      look,
      cells: ruling.cells,
      isSettled: progress.state === 'over' && progress.because === 'settled',
    };
    if (progress.state === 'over') break;
  }
  return latest;
}
