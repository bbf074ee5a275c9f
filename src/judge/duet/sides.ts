import { isShare, worseSign } from '../../analysis/metrics/share-metric.ts';
import {
  type DuetReading,
  instancesOf,
  type OfBoth,
  type Restart,
  type Side,
  type SideReading,
  sides,
} from '../../model/duet/duet.ts';
import type { Change } from '../../model/judgement/regression.ts';
import { clipLimits, clipped, disturbedCells } from '../../stats/flips/clipping.ts';
import type { RestartEffects } from '../../stats/flips/flip-statistics.ts';
import { boundTailUpTo, standingOf } from '../../stats/flips/sequential-test.ts';
import { type DuetCell, isUnknown, valuesOf } from './effects.ts';
import type { Ruling } from './ruling.ts';
import { type CellTerms, testedBy } from './terms.ts';

/** What both sides showed in a cell, and the change between them. */
export interface Sides {
  readonly base: number | null;
  readonly head: number | null;
  readonly change: Change | null;
  readonly requests: OfBoth<number>;
  readonly errors: OfBoth<number>;
  /** What the side or instance with the fewest had in a restart, on average: times of which there are quantiles. */
  readonly samples: number;
  /** How many restarts tell nothing since the quantile is of requests that waited in vain, on both sides. */
  readonly unknown: number;
  /** Whether a change for the better is established, of at least the floor. */
  readonly isBetter: boolean;
}

/**
 * The values of both sides over the restarts that tell and are not disturbed (the geometric mean of times in ms, the mean of error rates), and
 * the change with its interval from the sign flips at the latest look: the bounds of the ruling, each at the look's tail. The
 * confidence is one less both tails of all looks so far, since a duet ends at the look that its own bounds choose. What got better is asked of the negated effects by the same test.
 */
export function cellSidesOf(
  restarts: readonly Restart[],
  cells: readonly DuetCell[],
  effects: readonly RestartEffects[],
  terms: readonly CellTerms[],
  ruling: Ruling,
  seed: number,
): readonly Sides[] {
  const looked = ruling.state === 'looked' ? ruling : null;
  const confidence = 1 - 2 * boundTailUpTo(looked?.look ?? 0);
  const negated = effects.map(restart => restart.map(value => (value === null ? null : -value)));
  const { nulls, clips } = testedBy(terms);
  const limits = clipLimits(effects, nulls, clips);
  const disturbed = effects.map(restart => disturbedCells(restart, nulls, limits));
  const counting = clipped(effects, nulls, limits);
  const better = standingOf(negated, { seed, nulls, clips });
  return cells.map((cell, index) => {
    const { floor = 0, fewestMore = 0, counted } = terms[index] ?? {};
    const isTime = !isShare(cell.metric);
    const sign = worseSign(cell.metric);
    const inTerms = (effect: number) => (isTime ? Math.expm1(effect) : sign * effect);
    const end = (effect: number) => (Number.isFinite(effect) ? inTerms(effect) : null);
    const readings = restarts.flatMap(restart =>
      restart.endpoints.filter(({ endpoint }) => endpoint === cell.endpoint),
    );
    const told = restarts.flatMap((restart, place) => {
      const reading = restart.endpoints.find(({ endpoint }) => endpoint === cell.endpoint);
      const values = valuesOf(reading, cell.metric);
      return values === null || disturbed[place]?.[index] ? [] : [values];
    });
    const [base, head] = ([0, 1] as const).map(side => {
      const mean = meanOf(told.map(values => (isTime ? Math.log(values[side]) : values[side])));
      return mean !== null && isTime ? Math.exp(mean) : mean;
    }) as [number | null, number | null];
    const estimate = meanOf(counting.flatMap(restart => restart[index] ?? []));
    const counts = counted?.(restarts.length);
    const low = looked?.cells[index]?.lowerBound ?? Number.NEGATIVE_INFINITY;
    const high = looked?.cells[index]?.upperBound ?? Number.POSITIVE_INFINITY;
    const [from, to] = sign > 0 ? [low, high] : [high, low];
    const interval = looked === null ? null : { low: end(from), high: end(to), confidence };
    const established = better.state === 'looked' ? better.cells[index]?.establishedAt : null;
    const fewer = counts === undefined || -counts.more >= fewestMore;
    return {
      base,
      head,
      change:
        estimate === null
          ? null
          : { kind: isTime ? 'relative' : 'difference', value: inTerms(estimate), interval },
      requests: totalsOf(readings, ({ requests }) => requests),
      errors: totalsOf(readings, ({ errors }) => errors),
      samples: meanOf(readings.map(fewestSamples)) ?? 0,
      unknown: readings.filter(reading => isUnknown(reading, cell.metric)).length,
      isBetter: (established ?? null) !== null && estimate !== null && -estimate >= floor && fewer,
    };
  });
}

function totalsOf(readings: readonly DuetReading[], of: (side: SideReading) => number): OfBoth<number> {
  const total = (side: Side) => readings.reduce((sum, reading) => sum + of(reading[side]), 0);
  return { base: total('base'), head: total('head') };
}

function fewestSamples(reading: DuetReading): number {
  return Math.min(...sides.flatMap(side => instancesOf(reading, side).map(samplesOf)));
}

/** Where nothing was answered as expected, the samples are of requests that waited in vain and make no quantile. */
function samplesOf({ requests, errors, samples }: SideReading): number {
  return requests > errors ? samples : 0;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
