/** The least number of runs on either side of a change. */
const smallestPart = 6;
/** Windows reach no further than this to either side; a change that shows only further out is seen by whole cuts. */
export const widestReach = 384;

const levels = 8;
const grid = 2;
const wholeCuts = 64;

/** Two neighbouring stretches of a series: `from` up to `cut`, and `cut` up to `to`. */
export interface ScanWindow {
  readonly from: number;
  readonly cut: number;
  readonly to: number;
}

/** A series as levels, and the windows in which a change is looked for. */
export interface Scan {
  readonly windows: readonly ScanWindow[];
  /** Of each value, in place: permute it and measure again. */
  readonly levelOf: Uint8Array;
  /** mn / (m + n) times the energy distance of both sides of each window. */
  measure(): Float64Array;
}

/**
 * Prepares the scan of a series. Values are rounded to at most eight levels of equal count, each standing for its
 * median, so that the energy distance of two stretches, 2∫(F − G)², is a sum over levels of cumulative counts. The
 * windows are cuts with 6, 12, 24 … 384 values to either side, every third of that; and cuts of the whole at every
 * other value.
 *
 * Source: 2∫(F − G)² for the energy distance in one dimension, G. J. Székely and M. L. Rizzo, "Energy statistics",
 * Journal of Statistical Planning and Inference 143 (2013) 1249–1272. Windows and time to measure grow with the
 * length.
 */
export function scanOf(values: readonly number[]): Scan {
  const { levelOf, gaps } = levelled(values);
  const length = values.length;
  const windows = windowsOf(length);
  const bounds = Int32Array.from(
    windows.flatMap(({ from, cut, to }) => [from, cut, to].map(index => (index / grid) * levels)),
  );
  const sizes = Float64Array.from(windows.flatMap(({ from, cut, to }) => [1 / (cut - from), 1 / (to - cut)]));
  const below = new Float64Array((Math.floor(length / grid) + 1) * levels);
  const statistics = new Float64Array(windows.length);
  const used = gaps.length;
  const measure = () => {
    accumulate(levelOf, below);
    for (let window = 0; window < statistics.length; window += 1) {
      const from = bounds[3 * window] as number;
      const cut = bounds[3 * window + 1] as number;
      const to = bounds[3 * window + 2] as number;
      const perLeft = sizes[2 * window] as number;
      const perRight = sizes[2 * window + 1] as number;
      let sum = 0;
      for (let level = 0; level < used; level += 1) {
        const middle = below[cut + level] as number;
        const left = (middle - (below[from + level] as number)) * perLeft;
        const gap = left - ((below[to + level] as number) - middle) * perRight;
        sum += (gaps[level] as number) * gap * gap;
      }
      statistics[window] = (2 * sum) / (perLeft + perRight);
    }
    return statistics;
  };
  return { windows, levelOf, measure };
}

function windowsOf(length: number): readonly ScanWindow[] {
  const even = length - (length % grid);
  const windows: ScanWindow[] = [];
  for (let reach = smallestPart; reach <= Math.min(widestReach, even / 2); reach *= 2) {
    const step = reach === smallestPart ? grid : reach / 2;
    for (let cut = reach; cut <= even - reach; cut += step) {
      windows.push({ from: cut - reach, cut, to: cut + reach });
    }
  }
  const step = Math.max(grid, 2 * Math.floor(length / (2 * wholeCuts)));
  for (let cut = even - smallestPart; cut >= smallestPart; cut -= step) {
    windows.push({ from: 0, cut, to: even });
  }
  return windows;
}

/** The level of each value, and the distance from each level to the next. */
function levelled(values: readonly number[]): { readonly levelOf: Uint8Array; readonly gaps: Float64Array } {
  const sorted = Float64Array.from(values).sort();
  const groups = Array.from({ length: levels }, (_, level) =>
    sorted.subarray(
      Math.floor((level * sorted.length) / levels),
      Math.floor(((level + 1) * sorted.length) / levels),
    ),
  ).filter(group => group.length > 0);
  const tops = [...new Set(groups.map(group => group[group.length - 1] as number))];
  const members = tops.map((top, level) =>
    sorted.filter(value => value <= top && value > (tops[level - 1] ?? Number.NEGATIVE_INFINITY)),
  );
  const medians = members.map(group => group[group.length >>> 1] as number);
  return {
    levelOf: Uint8Array.from(values, value => tops.findIndex(top => value <= top)),
    gaps: Float64Array.from(medians.slice(1), (median, level) => median - (medians[level] as number)),
  };
}

/** For every other index, how many values before it have each level or a lower one. */
function accumulate(levelOf: Uint8Array, below: Float64Array): void {
  const counts = new Int32Array(levels);
  for (let row = 1; row * levels < below.length; row += 1) {
    for (let value = (row - 1) * grid; value < row * grid; value += 1) {
      const level = levelOf[value] as number;
      counts[level] = (counts[level] as number) + 1;
    }
    let sum = 0;
    for (let level = 0; level < levels; level += 1) {
      sum += counts[level] as number;
      below[row * levels + level] = sum;
    }
  }
}
