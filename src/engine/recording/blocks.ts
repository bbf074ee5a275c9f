import { type Micros, micros } from '../../model/units.ts';
import type { Span } from '../schedule/timeline.ts';

/** A window split into equal blocks. */
export interface Blocks {
  readonly startUs: Micros;
  readonly endUs: Micros;
  readonly count: number;
  readonly lengthUs: Micros;
}

const mostBlocks = 120;
const shortestBlockUs = 1e6;

/** Splits each window into equal blocks of at least a second, about 120 over all stages and as many over the warm-up. */
export function blocksOf(spans: readonly Span[]): readonly Blocks[] {
  const measuredUs = spans.reduce(
    (sum, { kind, startUs, endUs }) => (kind === 'stage' ? sum + endUs - startUs : sum),
    0,
  );
  return spans.map(({ kind, startUs, endUs }) => {
    const lengthUs = endUs - startUs;
    const share = kind === 'stage' ? (mostBlocks * lengthUs) / measuredUs : mostBlocks;
    const count = Math.max(1, Math.floor(Math.min(share, lengthUs / shortestBlockUs) + 1e-9));
    return { startUs, endUs, count, lengthUs: micros(lengthUs / count) };
  });
}

/** Which block of its window a moment falls into. */
export function blockAt({ startUs, count, lengthUs }: Blocks, moment: Micros): number {
  return Math.min(count - 1, Math.max(0, Math.floor((moment - startUs) / lengthUs)));
}
