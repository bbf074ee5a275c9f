import { hash, uniform } from '../../src/stats/random.ts';
import { normal } from './trouble.ts';

/** How the values of a made series scatter about their level: by 5 % each. */
export type SeriesNoise =
  | { readonly kind: 'normal' }
  /** Student's t with three degrees of freedom. */
  | { readonly kind: 'heavy' }
  /** Normal, with one of 33 runs twelve deviations out. */
  | { readonly kind: 'wild' }
  /** Normal, and neighbors correlate. */
  | { readonly kind: 'correlated'; readonly by: number };

/** A series whose changes are known. */
export interface SeriesSetting {
  readonly runs: number;
  /** From which run on the level, a logarithm, is by how much another. */
  readonly steps: readonly { readonly at: number; readonly by: number }[];
  readonly noise: SeriesNoise;
}

const spread = 0.05;

/** The logarithms of a made series; the same of the same trial. */
export function madeSeries({ runs, steps, noise }: SeriesSetting, trial: number): readonly number[] {
  const seed = hash(trial, 41, runs);
  let before = 0;
  return Array.from({ length: runs }, (_, run) => {
    const own = normal(hash(seed, 1, run), 1);
    before =
      run > 0 && noise.kind === 'correlated' ? noise.by * before + Math.sqrt(1 - noise.by ** 2) * own : own;
    const level = steps.reduce((sum, { at, by }) => (run >= at ? sum + by : sum), 0);
    return level + spread * scattered(noise, before, seed, run);
  });
}

function scattered(noise: SeriesNoise, value: number, seed: number, run: number): number {
  if (noise.kind === 'wild' && uniform(seed, 2, run) < 0.03)
    return value + (uniform(seed, 3, run) < 0.7 ? 12 : -12);
  if (noise.kind !== 'heavy') return value;
  const squares = [0, 1, 2].reduce((sum, draw) => sum + normal(hash(seed, 4 + draw, run), 1) ** 2, 0);
  return value / Math.sqrt(squares / 3) / Math.sqrt(3);
}

/** What a reader sees of it. */
export function titleOfNoise(noise: SeriesNoise): string {
  switch (noise.kind) {
    case 'normal':
      return 'normal';
    case 'heavy':
      return 'heavy tails';
    case 'wild':
      return '3% of runs wild';
    case 'correlated':
      return `neighbors correlate by ${noise.by}`;
  }
}
