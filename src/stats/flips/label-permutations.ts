import { greatest } from '../order-statistic.ts';
import { shuffled } from '../random.ts';
import type { FlipStatistics } from './flip-statistics.ts';
import { stepDown } from './sequential-test.ts';

/** What one instance of a side showed in each cell, a mean of logarithms; null where some instance cannot tell. */
export type InstanceValues = readonly (number | null)[];

/** Ways to call so many of the instances head; the first is the real one. */
export interface LabelDraws {
  readonly count: number;
  /** The instances that a way calls head, base's numbered first. */
  heads(draw: number): readonly number[];
}

/** What the labels of instances tell of one cell. */
export interface LabelEvidence {
  /** Whether head's instances are established to lie above base's. */
  readonly isEstablished: boolean;
  /** Adjusted for all cells. */
  readonly pValue: number;
  /** The difference of the means. */
  readonly estimate: number;
  /** What the shift between the sides lies under, of this cell alone, unadjusted. */
  readonly upperBound: number;
}

/** The most instances a side of which every way is tried: 3,432 of them. */
const enumerated = 7;
const sampledDraws = 9_999;
const stream = 11;

/**
 * The ways to label 2n instances: all (2n)! / n!² of up to seven a side, else the real one and 9,998 that depend on the seed alone.
 *
 * Source: E. S. Edgington and P. Onghena, "Randomization Tests", 4th ed., 2007.
 */
export function labelDraws(instances: number, seed: number): LabelDraws {
  const real = Array.from({ length: instances }, (_, head) => instances + head);
  const all = Array.from({ length: 2 * instances }, (_, instance) => instance);
  const draws =
    instances <= enumerated
      ? [real, ...subsets(all, instances).filter(of => of.join() !== real.join())]
      : Array.from({ length: sampledDraws }, (_, draw) =>
          draw === 0 ? real : shuffled(all, seed, stream, draw).slice(0, instances),
        );
  return { count: draws.length, heads: draw => draws[draw] ?? real };
}

/**
 * In which cells head's instances lie above base's, were the labels of instances drawn by lot: as many of each side, of all cells the
 * same draws, max-T, stepped down. At most ⌊level · draws⌋ draws reach the boundary, so that the chance of any false accusation is at
 * most the level whatever instances of one build differ by, if nothing but the build tells which instances are head's. Of five a side
 * there are 252 draws, and the two greatest are within 0.8 %; of four there are 70, and not even the greatest is.
 *
 * The statistic is the difference of the means over the root of all squares about the common mean, which is the same in every draw, so
 * that in one cell it orders them as Student's t does. The bound is Hartigan's for two samples: swapping k instances of each side is no
 * greater than the real labels just where the mean of head's k less that of base's k is at least the shift, so it is the greatest
 * of these differences but ⌊tail · draws⌋, the real labels counting as infinite.
 *
 * Source: E. J. G. Pitman, "Significance tests which may be applied to samples from any populations", Supplement to the Journal of
 * the Royal Statistical Society 4 (1937) 119–130; max-T and step-down as in `boundariesOf` and `standingOf`.
 */
export function labelTest(
  { base, head }: { readonly base: readonly InstanceValues[]; readonly head: readonly InstanceValues[] },
  draws: LabelDraws,
  { level, tail }: { readonly level: number; readonly tail: number },
): readonly (LabelEvidence | null)[] {
  const instances = [...base, ...head];
  const cells = base[0]?.length ?? 0;
  const values = Array.from({ length: cells }, (_, cell) => {
    const of = instances.map(instance => instance[cell] ?? null);
    return of.every(value => value !== null) ? of : null;
  });
  const statistics = labelStatistics(values, draws);
  const found = stepDown([{ spend: level, upToHere: [statistics] }], cells);
  return values.map((of, cell) => {
    const { establishedAt = null, pValue = 1 } = found[cell] ?? {};
    if (of === null) return null;
    const estimate = meanOf(of.slice(base.length)) - meanOf(of.slice(0, base.length));
    const upperBound = shiftBound(of, draws, tail);
    return { isEstablished: establishedAt !== null, pValue, estimate, upperBound };
  });
}

/** Cells that nothing is known of have 0 in every draw, which establishes nothing. */
function labelStatistics(
  values: readonly (readonly number[] | null)[],
  { count, heads }: LabelDraws,
): FlipStatistics {
  const cells = values.length;
  const statistics = new Float64Array(count * cells);
  const centred = values.map(of => {
    if (of === null) return null;
    const mean = meanOf(of);
    const from = of.map(value => value - mean);
    const length = Math.sqrt(from.reduce((sum, value) => sum + value ** 2, 0));
    return length === 0 ? null : from.map(value => value / length);
  });
  for (let draw = 0; draw < count; draw += 1) {
    const among = heads(draw);
    for (let cell = 0; cell < cells; cell += 1) {
      const of = centred[cell];
      if (!of) continue;
      // All of them add up to nothing, so head's sum is half of the difference.
      let sum = 0;
      for (const at of among) sum += of[at] as number;
      statistics[draw * cells + cell] = sum;
    }
  }
  return { flips: count, cells, values: statistics };
}

function shiftBound(values: readonly number[], { count, heads }: LabelDraws, tail: number): number {
  const half = values.length / 2;
  const differences = new Float64Array(count);
  // Of both, what a way swaps: head's instances that it calls base, less base's that it calls head.
  const headSum = values.slice(half).reduce((sum, value) => sum + value, 0);
  for (let draw = 0; draw < count; draw += 1) {
    let [sum, swapped] = [headSum, 0];
    for (const at of heads(draw)) {
      sum -= values[at] as number;
      if (at < half) swapped += 1;
    }
    differences[draw] = swapped === 0 ? Number.POSITIVE_INFINITY : sum / swapped;
  }
  return greatest(differences, Math.floor(tail * count + 1e-9) + 1);
}

function subsets(of: readonly number[], size: number): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return of.flatMap((first, at) => subsets(of.slice(at + 1), size - 1).map(rest => [first, ...rest]));
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
