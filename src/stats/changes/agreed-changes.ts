import { medianOf } from '../order-statistic.ts';
import { type ChangePoint, changePoints } from './change-points.ts';
import { leastCostCuts } from './least-cost-cuts.ts';
import { rankCuts } from './rank-cuts.ts';

/** How many runs two detectors may differ by in where they see the same change. */
const near = 3;
/**
 * What ranks and costs are told: the least number of runs on either side, and the chance of a cut in a steady series, which is
 * greater than that of the energy distance since no change rests on one of them alone.
 */
const terms = { part: 4, significance: 0.02 };

/** A change, and how many of the three detectors see it. */
export interface AgreedChange extends ChangePoint {
  readonly detectors: 2 | 3;
}

/**
 * The changes of a series, oldest first, that two of three detectors see within three runs of each other: `changePoints` by the
 * energy distance and permutations, `rankCuts` by ranks, `leastCostCuts` by squares. They err in different ways: on neighbours
 * that resemble each other, at the edges of a change, on wild values. A change lies where the first of them that sees it says.
 */
export function agreedChanges(values: readonly number[]): readonly AgreedChange[] {
  const byEnergy = changePoints(values);
  const seen = [byEnergy.map(({ index }) => index), leastCostCuts(values, terms), rankCuts(values, terms)];
  const found = new Map<number, 2 | 3>();
  for (const index of seen.flat()) {
    const detectors = seen.filter(cuts => isNear(cuts, index)).length;
    if (detectors < 2 || isNear([...found.keys()], index)) continue;
    found.set(index, detectors === 2 ? 2 : 3);
  }
  const indices = [...found.keys()].sort((one, other) => one - other);
  return indices.map((index, position) => {
    const before = medianOf(values.slice(indices[position - 1] ?? 0, index));
    const after = medianOf(values.slice(index, indices[position + 1] ?? values.length));
    const tested = byEnergy.find(one => Math.abs(one.index - index) <= near);
    return {
      index,
      before,
      after,
      size: after - before,
      confidence: tested?.confidence ?? 1 - terms.significance,
      detectors: found.get(index) ?? 2,
    };
  });
}

const isNear = (cuts: readonly number[], index: number) => cuts.some(cut => Math.abs(cut - index) <= near);
