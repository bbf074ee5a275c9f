import { isShare } from '../../analysis/metrics/share-metric.ts';
import type { DelayRule } from '../../model/duet/delay-rule.ts';
import type { Restart } from '../../model/duet/duet.ts';
import { hash } from '../../stats/random.ts';
import { type DuetCell, effectsOf } from '../duet/effects.ts';
import type { CellRuling } from '../duet/ruling.ts';
import { type PlayTerms, play } from './play.ts';
import { type Recorded, type RecordedChange, swapped } from './recorded.ts';
import type { LogShift } from './shift.ts';

/** A change of one endpoint; null where nothing changes. */
export interface DrawnChange {
  readonly change: RecordedChange;
  /** What the change did to each cell, parallel to the recorded cells. */
  readonly shifts: readonly (LogShift | null)[];
  readonly endpoint: string;
}

/** How a simulated duet is made and judged; its restarts and sign patterns depend on the seed and its number. */
export interface DrawnTerms extends PlayTerms {
  /** By what factor times deviate more from their mean over starts than was recorded: 1 as recorded. */
  readonly widened: number;
  /** Which change the changed endpoint has: as it was measured, or the lower end of its interval. */
  readonly shift: 'mean' | 'low';
}

/** What became of a simulated duet, and at which look, from 0. */
export interface DrawnOutcome {
  readonly kind: 'caught' | 'accused' | 'warned' | 'passed' | 'open';
  readonly look: number;
}

const streams = { start: 11, phase: 12, side: 13, flips: 14 } as const;
/** More restarts than any duet has, so that no two draws share a random number. */
const stride = 1_024;

/** The metrics that a rule changes. */
const moves: { readonly [kind in DelayRule['kind']]: readonly string[] } = {
  none: [],
  scale: ['p50', 'p95', 'p99'],
  tail: ['p95', 'p99'],
};

/**
 * Plays simulated duet number `draw`: its restarts are drawn with replacement from the recorded starts, and a coin swaps the
 * sides of each. A changed endpoint has the measured change, and the coin turns what the start deviates from that: without
 * it, what the few recorded starts are off by on the average would be taken for true in every drawn duet. It is judged at
 * each look as a duet is, until it is over.
 */
export function playDrawn(
  recorded: Recorded,
  changed: DrawnChange | null,
  draw: number,
  terms: DrawnTerms,
): DrawnOutcome {
  const { cells } = recorded;
  const drawn = Array.from({ length: terms.layout.mostRestarts }, (_, index) =>
    drawRestart(recorded, changed, draw * stride + index, terms.seed),
  );
  const restarts = drawn.map(({ restart }) => restart);
  const centres = centresOf(recorded, changed);
  const effects = effectsOf(restarts, cells).map((restart, index) => {
    const isSwapped = drawn[index]?.isSwapped ?? false;
    return restart.map((value, cell) => {
      const centre = centres[cell] ?? null;
      if (value === null || centre === null) return value;
      if (!centre.isChanged) return terms.widened * value;
      const deviation = value - (centre.shift?.mean ?? 0);
      return (centre.shift?.[terms.shift] ?? 0) + (isSwapped ? -1 : 1) * terms.widened * deviation;
    });
  });
  const seed = hash(terms.seed, streams.flips, draw);
  const { look, cells: rulings, isSettled } = play(restarts, effects, cells, { ...terms, seed });
  return { kind: outcomeOf(rulings, cells, changed, isSettled), look };
}

/** One start, swapped by coin; the changed endpoint always has the change in head. */
function drawRestart(
  { unchanged }: Recorded,
  changed: DrawnChange | null,
  index: number,
  seed: number,
): { readonly restart: Restart; readonly isSwapped: boolean } {
  const start = hash(seed, streams.start, index) % unchanged.length;
  const phases = unchanged[start] ?? [];
  const phase = phases[hash(seed, streams.phase, index) % phases.length] as Restart;
  const isSwapped = hash(seed, streams.side, index) % 2 === 1;
  const usual = isSwapped ? swapped(phase) : phase;
  const slowed = changed?.change.restarts[start]?.endpoints.find(
    ({ endpoint }) => endpoint === changed.endpoint,
  );
  const endpoints = usual.endpoints.map(reading =>
    slowed && reading.endpoint === changed?.endpoint ? slowed : reading,
  );
  return { restart: { ...usual, endpoints }, isSwapped };
}

/** What the times of each cell deviate from: nothing, or the change that was meant; null of error rates, which stay. */
function centresOf(
  { cells }: Recorded,
  changed: DrawnChange | null,
): readonly ({ readonly shift: LogShift | null; readonly isChanged: boolean } | null)[] {
  return cells.map(({ endpoint, metric }, cell) => {
    if (isShare(metric)) return null;
    const isChanged = endpoint === changed?.endpoint;
    const isMoved = isChanged && moves[changed.change.rule.kind].includes(metric.name);
    return { shift: (isMoved ? changed.shifts[cell] : null) ?? null, isChanged };
  });
}

function outcomeOf(
  rulings: readonly CellRuling[],
  cells: readonly DuetCell[],
  changed: DrawnChange | null,
  isSettled: boolean,
): DrawnOutcome['kind'] {
  const isChanged = ({ endpoint, metric }: DuetCell) =>
    changed !== null &&
    endpoint === changed.endpoint &&
    moves[changed.change.rule.kind].includes(metric.name);
  const has = (status: CellRuling['status'], ofChanged: boolean) =>
    cells.some((cell, index) => rulings[index]?.status === status && isChanged(cell) === ofChanged);
  if (has('fail', true)) return 'caught';
  if (has('fail', false)) return 'accused';
  if (has('warn', true)) return 'warned';
  return isSettled ? 'passed' : 'open';
}
