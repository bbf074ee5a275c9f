import { greatest } from '../order-statistic.ts';
import { type FlipStatistics, maximaOf } from './flip-statistics.ts';

/** The statistics at one look, those of the same patterns at each look before, and how much error it may spend. */
export interface LookStatistics {
  readonly spend: number;
  /** From the first look to this one. */
  readonly upToHere: readonly FlipStatistics[];
}

/** What it takes to be established at one look. */
export interface Boundary {
  /** The least statistic that crosses; infinite where not even the greatest does. */
  readonly value: number;
  /** The adjusted p-value of a statistic seen at this look. */
  pValue(statistic: number): number;
}

/** Statistics that are equal but for rounding. */
const rounding = 1e-9;

/**
 * The boundary of each look for the greatest statistic of the given cells: of the patterns that crossed at no earlier
 * look, at most ⌊spend · F⌋ cross at this one, those with the greatest maxima, ties together. The p-value is the
 * share of patterns that crossed before, or would reach the statistic here: the stage-wise ordering.
 *
 * Source: max-T, P. H. Westfall and S. S. Young, "Resampling-Based Multiple Testing", 1993; spending, K. K. G. Lan
 * and D. L. DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70 (1983) 659–663; ordering, A.
 * A. Tsiatis, G. L. Rosner and C. R. Mehta, Biometrics 40 (1984) 797–803. Each look spends at most its share exactly,
 * whatever the dependence of the cells, where swapping the sides of a restart changes nothing. A look at which spend · F
 * < 1 can establish nothing.
 */
export function boundariesOf(
  looks: readonly LookStatistics[],
  cells: readonly number[],
): readonly Boundary[] {
  const known = new Map<FlipStatistics, Float64Array>();
  const maximaAt = (statistics: FlipStatistics) => {
    const maxima = known.get(statistics) ?? maximaOf(statistics, cells);
    known.set(statistics, maxima);
    return maxima;
  };
  const boundaries: Boundary[] = [];
  for (const { spend, upToHere } of looks) {
    const maxima = upToHere.map(maximaAt);
    const here = maxima.at(-1) ?? new Float64Array();
    const least = boundaries.map(({ value }) => value - rounding);
    const surviving = survivingOf(here, maxima.slice(0, -1), least);
    const value = leastCrossing(surviving, Math.floor(spend * here.length + 1e-9));
    const crossedBefore = here.length - surviving.length;
    const pValue = (statistic: number) =>
      (crossedBefore + countFrom(surviving, statistic - rounding)) / here.length;
    boundaries.push({ value, pValue });
  }
  return boundaries;
}

/** The maxima at this look of the patterns that lay under every earlier boundary. */
function survivingOf(
  here: Float64Array,
  earlier: readonly Float64Array[],
  boundaries: readonly number[],
): Float64Array {
  const surviving = new Float64Array(here.length);
  let count = 0;
  for (let flip = 0; flip < here.length; flip += 1) {
    let survives = true;
    for (let look = 0; look < earlier.length; look += 1) {
      if (((earlier[look] as Float64Array)[flip] as number) >= (boundaries[look] as number)) survives = false;
    }
    if (!survives) continue;
    surviving[count] = here[flip] as number;
    count += 1;
  }
  return surviving.subarray(0, count);
}

/** The least of the values that no more than `allowed` of them reach; infinite where even the greatest are more. */
function leastCrossing(values: Float64Array, allowed: number): number {
  const outside = greatest(values, allowed + 1) + rounding;
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) if (value >= outside && value < least) least = value;
  return least;
}

function countFrom(values: Float64Array, least: number): number {
  let count = 0;
  for (const value of values) if (value >= least) count += 1;
  return count;
}
