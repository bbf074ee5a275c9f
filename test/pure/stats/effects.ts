import { uniform } from '../../../src/stats/random.ts';
import { normal } from './simulation.ts';

/** How the restarts of a simulated duet scatter. */
export type Tails = 'normal' | 'heavy';

/** A draw of about unit scale: normal, or Student's t with three degrees of freedom, in which one in fifty is past 5. */
function draw(tails: Tails, seed: number, stream: number, index: number): number {
  const z = normal(seed, stream, index);
  if (tails === 'normal') return z;
  const squares = [1, 2, 3].reduce((sum, part) => sum + normal(seed, stream + 1_000 * part, index) ** 2, 0);
  return z / Math.sqrt(squares / 3);
}

/**
 * Restarts of a simulated duet whose cells share what their restart brings: half of each cell's variance. The cells' spreads are
 * 0.05 and 0.12 in turn; a share of the values is missing, whatever they are.
 */
export function simulatedRestarts(
  seed: number,
  { restarts = 26, cells = 6, tails = 'normal' as Tails, missing = 0, shifts = [] as readonly number[] } = {},
): readonly (readonly (number | null)[])[] {
  return Array.from({ length: restarts }, (_, restart) => {
    const shared = draw(tails, seed, 1, restart);
    return Array.from({ length: cells }, (_, cell) => {
      if (uniform(seed, 2, restart * cells + cell) < missing) return null;
      const own = draw(tails, seed, 3, restart * cells + cell);
      return (cell % 2 === 0 ? 0.05 : 0.12) * Math.SQRT1_2 * (shared + own) + (shifts[cell] ?? 0);
    });
  });
}
