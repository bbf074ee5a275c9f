import type { PlotAxis } from '../plot.ts';

/** Past so great a ratio of the greatest to the middle one, small times could not be told from none on a linear scale. */
const steepest = 12;

/** How times are best seen: by their ratio where some are many times as long as others. */
export function timeScale(values: readonly number[]): PlotAxis['scale'] {
  const sorted = values.filter(value => value > 0).sort((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return middle > 0 && (sorted.at(-1) ?? 0) / middle > steepest ? 'log' : 'linear';
}
