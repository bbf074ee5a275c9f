import type { Look } from '../../model/duet/duet.ts';
import { clipLimits, clipped } from './clipping.ts';
import { type Boundary, boundariesOf, type LookStatistics } from './crossing.ts';
import { flipStatistics, type RestartEffects } from './flip-statistics.ts';
import { enumeratedRestarts, type SignFlips, signFlips } from './sign-flips.ts';
import { lowerBounds, upperBounds } from './typical-values.ts';

/**
 * The looks of a duet: at most 0.7 % false accusations in all, and upper bounds of 95 % over all looks. At 1 % in all, of
 * 6,000 simulated duets of four endpoints whose starts differed by 5 %, 0.95 % were accused: too near for a bound under 1 %.
 */
export const duetLooks: readonly Look[] = [
  { restarts: 10, spend: 0.001, boundTail: 0.005 },
  { restarts: 13, spend: 0.003, boundTail: 0.01 },
  { restarts: 20, spend: 0.0015, boundTail: 0.015 },
  { restarts: 26, spend: 0.0015, boundTail: 0.02 },
];

/**
 * The looks of a duet that is continued, with its own: 0.15 % more false accusations at most, 0.85 % in all, and upper bounds of 92 % over
 * all looks. They are fixed beforehand, so what was seen at the looks before changes none of it.
 */
export const allLooks: readonly Look[] = [
  ...duetLooks,
  { restarts: 34, spend: 0.0005, boundTail: 0.01 },
  { restarts: 44, spend: 0.0005, boundTail: 0.01 },
  { restarts: 58, spend: 0.0005, boundTail: 0.01 },
];

/** The looks of a duet of so many restarts at most. */
export function looksUpTo(mostRestarts: number): readonly Look[] {
  const isContinued = mostRestarts > (duetLooks.at(-1)?.restarts ?? 0);
  return isContinued ? allLooks : duetLooks;
}

/** The chance that a bound at any look up to this one, from 0, lies beyond the truth: what the looks so far spent on bounds. */
export function boundTailUpTo(look: number): number {
  return allLooks.slice(0, look + 1).reduce((sum, { boundTail }) => sum + boundTail, 0);
}

/** What is known of one cell at the latest look; effects in the restart of the cell's values. */
export interface CellEvidence {
  /** The restarts that told something. */
  readonly restarts: number;
  /** The look, from 0, at which it was established that the cell is above its null; null while it is not. */
  readonly establishedAt: number | null;
  /** Adjusted for all cells and all looks so far. */
  readonly pValue: number;
  /** The mean over restarts; null of none. */
  readonly estimate: number | null;
  /** Of this cell and this look alone, unadjusted; infinite where there are too few restarts. */
  readonly upperBound: number;
  /** The same from below: minus infinite where there are too few restarts. */
  readonly lowerBound: number;
}

/** Where a sequential test stands: before its first look, or at its latest. */
export type Standing =
  | { readonly state: 'waiting'; readonly nextAt: number }
  | {
      readonly state: 'looked';
      readonly look: number;
      /** The restarts that the look is based on: later ones wait for the next. */
      readonly restarts: number;
      /** The number of restarts at the next look; null after the last. */
      readonly nextAt: number | null;
      readonly cells: readonly CellEvidence[];
    };

/** How a sequential test is drawn up; the same seed and restarts give the same answer. */
export interface TestPlan {
  readonly seed: number;
  /** What each cell is tested against, one a cell: 0 for any slowing, or a floor. */
  readonly nulls: readonly number[];
  /** Whether a cell's restarts that lie far out are clipped, one a cell; none are unless given. */
  readonly clips?: readonly boolean[];
  /** Those of a duet that may be continued unless given, with rising restarts. */
  readonly looks?: readonly Look[];
}

/**
 * Which cells are established to be above their nulls, by sign flips of whole restarts, at the latest look that the
 * restarts allow: a group-sequential max-T test, stepped down. One-sided, since an accusation is: two-sided, ten restarts
 * could not reach a level below 2/1024. Whether a cell got better is asked of the negated effects.
 *
 * The boundaries of `boundariesOf` over all looks so far are drawn for all cells; cells that crossed one at any of
 * these looks are established and leave, the boundaries are drawn again for the rest, and so on until none crosses.
 * The p-value of an established cell is that of the boundaries it
 * crossed, at least that of the cells before it; of any other it is that of the last boundaries, of which no further
 * cell left: an upper bound of the stepped-down one.
 *
 * Source: step-down, J. P. Romano and M. Wolf, "Exact and approximate stepdown methods for multiple hypothesis
 * testing", Journal of the American Statistical Association 100 (2005) 94–108. The chance of any false accusation
 * where nothing changed is exactly at most the sum of `spend`, for any dependence between cells, if swapping the
 * sides of a restart would not change what it shows and restarts are independent: that is what starting both sides afresh
 * in random order buys, and what requests, slots or rounds of one start do not have. Where some cells did change, it
 * holds, and what is established stays so at later looks, as far as the boundaries of fewer cells are lower, which
 * surviving patterns do not guarantee to the last pattern. A restart holds one value a cell of `nulls`; throws a RangeError where one does not.
 */
export function standingOf(restarts: readonly RestartEffects[], plan: TestPlan): Standing {
  const { seed, nulls, looks = allLooks } = plan;
  if (restarts.some(restart => restart.length !== nulls.length))
    throw new RangeError('a restart of another number of cells');
  const past = looks.filter(look => look.restarts <= restarts.length);
  const latest = past.at(-1);
  const nextAt = looks[past.length]?.restarts ?? null;
  if (latest === undefined) return { state: 'waiting', nextAt: nextAt ?? Number.POSITIVE_INFINITY };
  const seen = clippedAt(restarts.slice(0, latest.restarts), plan);
  const flips = signFlips(latest.restarts, seed);
  const established = stepDown(statisticsOf(past, restarts, plan), nulls.length);
  const above = upperBounds(seen, nulls.length, flips, latest.boundTail);
  const below = lowerBounds(seen, nulls.length, flips, latest.boundTail);
  const cells = nulls.map((_, cell): CellEvidence => {
    const values = seen.map(restart => restart[cell] ?? null);
    const told = values.filter(value => value !== null);
    return {
      restarts: told.length,
      ...(established[cell] as Pick<CellEvidence, 'establishedAt' | 'pValue'>),
      estimate: told.length > 0 ? told.reduce((sum, value) => sum + value, 0) / told.length : null,
      upperBound: above[cell] ?? Number.POSITIVE_INFINITY,
      lowerBound: below[cell] ?? Number.NEGATIVE_INFINITY,
    };
  });
  return { state: 'looked', look: past.length - 1, restarts: latest.restarts, nextAt, cells };
}

/** The restarts of a look as they count: each look has its own limits. */
export function clippedAt(
  restarts: readonly RestartEffects[],
  { nulls, clips = [] }: Pick<TestPlan, 'nulls' | 'clips'>,
): readonly RestartEffects[] {
  return clipped(restarts, nulls, clipLimits(restarts, nulls, clips));
}

/** Looks of enumerated patterns have each their own, the others share the sampled ones. */
function statisticsOf(
  looks: readonly Look[],
  restarts: readonly RestartEffects[],
  plan: TestPlan,
): readonly LookStatistics[] {
  const ofLooks = looks.map(look => clippedAt(restarts.slice(0, look.restarts), plan));
  const upTo = (look: number, flips: SignFlips) =>
    ofLooks.slice(0, look + 1).map(of => flipStatistics(of, flips, plan.nulls));
  const most = looks.at(-1)?.restarts ?? 0;
  const sampled = most > enumeratedRestarts ? upTo(looks.length - 1, signFlips(most, plan.seed)) : [];
  return looks.map(({ restarts: size, spend }, look) => ({
    spend,
    upToHere: size > enumeratedRestarts ? sampled.slice(0, look + 1) : upTo(look, signFlips(size, plan.seed)),
  }));
}

/** The look at which each of so many cells crossed its boundary, stepped down, and its p-value: the rule of `standingOf`. */
export function stepDown(
  looks: readonly LookStatistics[],
  cells: number,
): readonly Pick<CellEvidence, 'establishedAt' | 'pValue'>[] {
  const observed = looks.map(({ upToHere }) => upToHere.at(-1)?.values.subarray(0, cells));
  const seen = (look: number, cell: number) => observed[look]?.[cell] ?? 0;
  const pValueOf = (boundary: Boundary | undefined, look: number, cell: number) =>
    boundary?.pValue(seen(look, cell)) ?? 1;
  const found = Array.from({ length: cells }, (): { establishedAt: number | null; pValue: number } => ({
    establishedAt: null,
    pValue: 1,
  }));
  let [left, reached] = [found.map((_, cell) => cell), 0];
  while (left.length > 0) {
    const boundaries = boundariesOf(looks, left);
    const crossed = left.flatMap(cell => {
      const look = boundaries.findIndex(({ value }, index) => seen(index, cell) >= value - 1e-9);
      return look < 0
        ? []
        : [{ cell, look, pValue: Math.max(reached, pValueOf(boundaries[look], look, cell)) }];
    });
    for (const { cell, look, pValue } of crossed) found[cell] = { establishedAt: look, pValue };
    reached = Math.max(reached, ...crossed.map(({ pValue }) => pValue));
    left = left.filter(cell => !crossed.some(one => one.cell === cell));
    if (crossed.length > 0) continue;
    const last = looks.length - 1;
    for (const cell of left) {
      const pValue = Math.max(reached, pValueOf(boundaries[last], last, cell));
      found[cell] = { establishedAt: null, pValue };
    }
    break;
  }
  return found;
}
