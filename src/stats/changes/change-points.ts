import { hash } from '../random.ts';
import { bestSplit } from './energy.ts';
import { type Scan, type ScanWindow, scanOf, widestReach } from './energy-scan.ts';

/** The fewest values of a significant window beyond its cut: a change may lie closer to its end than windows are cut. */
const fewestBeyond = 2;

/** Where a series changed. */
export interface ChangePoint {
  /** The index of the first value after the change. */
  readonly index: number;
  /** The medians of the values since the change before it, and until the next. */
  readonly before: number;
  readonly after: number;
  /** `after` less `before`: of logarithms, the log ratio. */
  readonly size: number;
  /** 1 less the p-value of the permutation test that found it; at most 1 − 1/(permutations + 1). */
  readonly confidence: number;
}

/** How change points are looked for. */
export interface ChangeSearch {
  /** The chance of any change point in a series without one; 0.005 unless given. */
  readonly significance?: number;
  /** 999 unless given. */
  readonly permutations?: number;
}

/**
 * The change points of a series of runs, oldest first: E-divisive, by windows. In any unit; logarithms of quantiles
 * make sizes log ratios.
 *
 * The statistic is the greatest of mn / (m + n) times the energy distance over the windows of `scanOf`; it is
 * significant where at most ⌊significance · (R + 1)⌋ − 1 of R permutations of the stretch reach it. Windows that are
 * significant, the strongest first and apart, are cut where `bestSplit` finds the greatest statistic, and each part
 * is searched in turn. Permutations are drawn from a hash of the values; a stretch is given up as soon as enough
 * permutations have reached its statistic, which is the answer that all of them would give.
 *
 * Source: D. S. Matteson and N. A. James, "A nonparametric approach for multiple change point analysis of
 * multivariate data", Journal of the American Statistical Association 109 (2014) 334–345. Approximate in three ways,
 * by which the time grows with the length instead of its square: windows instead of all pairs of a cut and an end,
 * values rounded to eight levels in the test (not in the cut), and several cuts from one test. None touches the
 * level, since the permutations are treated alike. Valid where runs of one level are exchangeable: neighbours that
 * resemble one another (a drifting machine, a slow day) are found as changes. Changes less than six runs apart, or
 * from an end, are not seen unless they are great (of 15 times the spread, from four runs on); a lone outlier is none.
 */
export function changePoints(values: readonly number[], search: ChangeSearch = {}): readonly ChangePoint[] {
  const { significance = 0.005, permutations = 999 } = search;
  const reaching = Math.floor(significance * (permutations + 1) + 1e-9) - 1;
  const seed = seedOf(values);
  const found = new Map<number, number>();
  const open = [{ from: 0, to: values.length }];
  for (let stretch = open.pop(); stretch; stretch = open.pop()) {
    const { from, to } = stretch;
    const cuts = cutsOf(values.slice(from, to), {
      seed,
      stream: from * values.length + to,
      permutations,
      reaching,
    });
    for (const { index, confidence } of cuts) found.set(from + index, confidence);
    const edges = [from, ...cuts.map(({ index }) => from + index).sort((a, b) => a - b), to];
    if (cuts.length === 0) continue;
    for (const [index, edge] of edges.slice(1).entries()) open.push({ from: edges[index] ?? 0, to: edge });
  }
  const indices = [...found.keys()].sort((a, b) => a - b);
  return indices.map((index, position) => {
    const before = medianOf(values.slice(indices[position - 1] ?? 0, index));
    const after = medianOf(values.slice(index, indices[position + 1] ?? values.length));
    return { index, before, after, size: after - before, confidence: found.get(index) ?? 0 };
  });
}

interface Permuting {
  readonly seed: number;
  readonly stream: number;
  readonly permutations: number;
  /** How many permutations may reach what is still significant. */
  readonly reaching: number;
}

function cutsOf(
  values: readonly number[],
  permuting: Permuting,
): readonly { readonly index: number; readonly confidence: number }[] {
  const scan = scanOf(values);
  const observed = scan.measure().slice();
  const strongest = [...observed.keys()].sort((a, b) => (observed[b] ?? 0) - (observed[a] ?? 0));
  const maxima = permutedMaxima(scan, observed[strongest[0] ?? 0] ?? 0, permuting);
  if (maxima === null) return [];
  const cuts: { index: number; confidence: number; reach: ScanWindow }[] = [];
  for (const window of strongest) {
    const statistic = observed[window] as number;
    const reached = maxima.filter(maximum => maximum >= statistic * (1 - 1e-9)).length;
    if (reached > permuting.reaching) break;
    const near = localOf(scan.windows[window] as ScanWindow, values.length);
    if (cuts.some(({ reach }) => near.from < reach.to && reach.from < near.to)) continue;
    const split = bestSplit(values.slice(near.from, near.to), fewestBeyond);
    if (split === null) continue;
    cuts.push({
      index: near.from + split.index,
      confidence: 1 - (reached + 1) / (permuting.permutations + 1),
      reach: near,
    });
  }
  return cuts;
}

/** The window, no wider than what one cut looks at, and with a last value that is too many for the grid of windows. */
function localOf({ from, cut, to }: ScanWindow, length: number): ScanWindow {
  const end = to === length - 1 ? length : to;
  return { from: Math.max(from, cut - widestReach), cut, to: Math.min(end, cut + widestReach) };
}

/** The greatest statistic under each permutation; null as soon as more of them reach the observed one than may. */
function permutedMaxima(
  { windows, levelOf, measure }: Scan,
  observed: number,
  { seed, stream, permutations, reaching }: Permuting,
): Float64Array | null {
  if (windows.length === 0) return null;
  const maxima = new Float64Array(permutations);
  let reached = 0;
  for (let permutation = 0; permutation < permutations; permutation += 1) {
    shuffle(levelOf, index => hash(seed, stream, permutation * levelOf.length + index));
    let maximum = 0;
    for (const statistic of measure()) if (statistic > maximum) maximum = statistic;
    maxima[permutation] = maximum;
    if (maximum >= observed * (1 - 1e-9)) reached += 1;
    if (reached > reaching) return null;
  }
  return maxima;
}

/**
 * Fisher and Yates' shuffle, in place, two places to a draw of 32 bits: of 10,000 items some orders are up to 2 % more
 * likely than others.
 */
function shuffle(items: Uint8Array, draw: (index: number) => number): void {
  for (let last = items.length - 1; last > 0; last -= 2) {
    const both = Math.floor((draw(last) / 4_294_967_296) * (last + 1) * last);
    const first = Math.floor(both / last);
    swap(items, last, first);
    if (last > 1) swap(items, last - 1, both - first * last);
  }
}

function swap(items: Uint8Array, one: number, other: number): void {
  const item = items[one] as number;
  items[one] = items[other] as number;
  items[other] = item;
}

/** A number from 0 to 2³² − 1 that depends on every bit of the values. */
function seedOf(values: readonly number[]): number {
  const words = new Uint32Array(Float64Array.from(values).buffer);
  return words.reduce((seed, word, index) => hash(seed, index, word), values.length);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
