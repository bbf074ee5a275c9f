import type { DuetLayout, Restart } from '../../model/duet/duet.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import type { RestartEffects } from '../../stats/flips/flip-statistics.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import type { DuetCell } from '../duet/effects.ts';
import { type CellRuling, ruleRestarts } from '../duet/ruling.ts';
import { termsOf } from '../duet/terms.ts';

/** What duets of a calibration are judged by. */
export interface PlayTerms {
  readonly layout: Pick<DuetLayout, 'repeat' | 'mostRestarts'>;
  readonly policy: RegressionPolicy;
  /** Of the sign patterns. */
  readonly seed: number;
}

/** How a duet ended. */
export interface PlayedDuet {
  /** The look, from 0, after which it was over or its restarts were used up. */
  readonly look: number;
  /** Parallel to the cells; empty where there were too few restarts for a look. */
  readonly cells: readonly CellRuling[];
  readonly isSettled: boolean;
}

/** Judges restarts look by look, as a duet is, until it is over or there are no more. */
export function play(
  restarts: readonly Restart[],
  effects: readonly RestartEffects[],
  cells: readonly DuetCell[],
  { layout, policy, seed }: PlayTerms,
): PlayedDuet {
  const ofCells = cells.map(cell => termsOf(cell, restarts, policy, layout.repeat));
  let latest: PlayedDuet = { look: 0, cells: [], isSettled: false };
  for (const [look, { restarts: size }] of duetLooks.entries()) {
    if (size > restarts.length) break;
    const ruling = ruleRestarts(effects.slice(0, size), ofCells, { seed, mostRestarts: layout.mostRestarts });
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
