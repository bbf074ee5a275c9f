import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import type { RegressionDoubt } from '../../model/judgement/regression-reason.ts';
import { studentQuantile } from '../../stats/intervals/mean-interval.ts';
import { normalQuantile } from '../../stats/intervals/normal.ts';
import { indexed, othersOf } from './basis.ts';
import type { Cell, CellOutcome, Terms } from './cell.ts';
import { relativeChange, type SeenChange } from './time-change.ts';

/** The fewest stored runs whose own spread keeps a run from failing: of fewer it is hardly known. */
export const fewestToDiffer = 4;

/** The probability with which an unchanged run lies past what few stored runs differ by. */
const chanceOfRuns = 0.01;

/**
 * Decides a quantile where one to seven runs are stored. It fails only past the bar, with the interval within the two
 * runs clear of it, where no other of the stored runs comes near, and past what is known of how far runs or starts of the
 * same code differ: what runs alike differ by from one to the next, the interval cannot tell. A baseline of another
 * machine can do no more than warn.
 */
export function decideByFewRuns(cell: Cell, change: SeenChange, terms: Terms): CellOutcome {
  const { basis, policy } = terms;
  const { metric, endpoint } = cell;
  const { observed, baseline, logRatio } = change;
  const bar = barFor(baseline.value, policy);
  const others = othersOf(basis).flatMap(run => indexed(run, endpoint, metric.name) ?? []);
  const asSlow = others.filter(value => observed.value <= value * barFor(value, policy)).length;
  const found = {
    observed,
    baseline,
    change: relativeChange(change),
    evidence: { kind: 'withinRuns', bar: bar - 1, others: others.length, asSlow },
  } as const;
  if (observed.value <= baseline.value * bar) {
    if (observed.atLeast) {
      return { ...found, status: 'inconclusive', firm: false, reason: { kind: 'mayBeMore' } };
    }
    const firm = logRatio.high <= Math.log(bar);
    return { ...found, status: 'pass', firm, reason: { kind: 'withinBar', bar: policy.stored } };
  }
  const isClear = logRatio.low > Math.log(bar);
  const doubts: readonly RegressionDoubt[] = [
    ...(isClear ? [] : ([{ kind: 'notClear' }] as const)),
    ...(basis.kind === 'unlike' ? ([{ kind: 'unlike' }] as const) : []),
    ...(asSlow > 0 ? ([{ kind: 'othersAlike', count: asSlow, of: others.length }] as const) : []),
    ...spreadDoubts(baseline.value, others, terms).filter(({ bound }) => observed.value <= bound),
  ];
  const reason = { kind: 'pastBar', bar: policy.stored, doubts } as const;
  return { ...found, status: doubts.length === 0 ? 'fail' : 'warn', firm: isClear, reason };
}

/** How slow unchanged code may be, by what is known of the spread: between starts, and between the stored runs. */
function spreadDoubts(
  baseline: number,
  others: readonly number[],
  { startSpread, chance }: Terms,
): readonly Extract<RegressionDoubt, { kind: 'differ' }>[] {
  const runs = [baseline, ...others].filter(value => value > 0).map(Math.log);
  const ofStarts =
    startSpread === null
      ? []
      : [
          {
            count: startSpread.starts,
            of: 'starts',
            bound: baseline * Math.exp(normalQuantile(1 - chance) * startSpread.upper),
          } as const,
        ];
  const ofRuns =
    runs.length < fewestToDiffer
      ? []
      : [{ count: runs.length, of: 'runs', bound: Math.exp(nextOf(runs)) } as const];
  return [...ofStarts, ...ofRuns].map(each => ({ kind: 'differ', ...each }));
}

/** What the next of a few runs alike lies under, as `predictionOf` has it of more. */
function nextOf(logs: readonly number[]): number {
  const count = logs.length;
  const mean = logs.reduce((sum, value) => sum + value, 0) / count;
  const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return mean + studentQuantile(1 - chanceOfRuns, count - 1) * Math.sqrt(variance * (1 + 1 / count));
}

/** The ratio to a baseline, in milliseconds, at which both the relative and the absolute bar are passed. */
export function barFor(baselineMs: number, { stored }: RegressionPolicy): number {
  return Math.max(1 + stored.tolerance, 1 + stored.floorMs / baselineMs);
}
