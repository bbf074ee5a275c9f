import { levelNoise } from './level-noise.ts';
import { scanBound } from './scan-bound.ts';

/**
 * The cuts of a series by ranks alone, rising: where Mann and Whitney's statistic of what lies before and after, in its standard
 * deviations, is greatest over all cuts with `part` values on either side, and past `scanBound`; then again in both parts. Ties
 * count half.
 *
 * Source: A. N. Pettitt, "A non-parametric approach to the change-point problem", Applied Statistics 28 (1979) 126–135, with
 * the cuts standardized, so that one near an end is found as well. Wild values have no weight, and a great change of few
 * runs no more than a small one of as many.
 */
export function rankCuts(
  values: readonly number[],
  { part, significance }: { readonly part: number; readonly significance: number },
): readonly number[] {
  const found: number[] = [];
  const wider = Math.sqrt(levelNoise(values).memory);
  const open = [{ from: 0, to: values.length }];
  for (let stretch = open.pop(); stretch; stretch = open.pop()) {
    const { from, to } = stretch;
    const n = to - from;
    if (n < 2 * part) continue;
    const cut = strongestCut(values.slice(from, to), part);
    if (cut.size < wider * scanBound(n, part, significance)) continue;
    found.push(from + cut.index);
    open.push({ from, to: from + cut.index }, { from: from + cut.index, to });
  }
  return found.sort((one, other) => one - other);
}

function strongestCut(
  values: readonly number[],
  part: number,
): { readonly index: number; readonly size: number } {
  const n = values.length;
  const ranks = ranksOf(values);
  const mean = (n + 1) / 2;
  const variance = ranks.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) / (n - 1);
  let [best, size, sum] = [0, 0, 0];
  for (let index = 1; index <= n - part; index += 1) {
    sum += (ranks[index - 1] as number) - mean;
    if (index < part) continue;
    const deviation = Math.sqrt((variance * index * (n - index)) / n);
    const standardized = deviation > 0 ? Math.abs(sum) / deviation : 0;
    if (standardized > size) [best, size] = [index, standardized];
  }
  return { index: best, size };
}

/** The rank of each value, from 1; of equal ones the mean of theirs. */
function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to += 1;
    for (let place = from; place < to; place += 1) ranks[order[place] as number] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
