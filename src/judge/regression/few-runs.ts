import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import type { RegressionDoubt } from '../../model/judgement/regression-reason.ts';
import { indexed, othersOf } from './basis.ts';
import type { Cell, CellOutcome, Terms } from './cell.ts';
import { relativeChange, type SeenChange } from './time-change.ts';

/**
 * Decides a quantile where one to seven runs are stored. It fails only past the bar, with the interval within the two
 * runs clear of it, and where no other of the stored runs comes near: what runs alike differ by from one to the next,
 * the interval cannot tell. A baseline of another machine can do no more than warn.
 */
export function decideByFewRuns(cell: Cell, change: SeenChange, { basis, policy }: Terms): CellOutcome {
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
  ];
  const reason = { kind: 'pastBar', bar: policy.stored, doubts } as const;
  return { ...found, status: doubts.length === 0 ? 'fail' : 'warn', firm: isClear, reason };
}

/** The ratio to a baseline, in milliseconds, at which both the relative and the absolute bar are passed. */
function barFor(baselineMs: number, { stored }: RegressionPolicy): number {
  return Math.max(1 + stored.tolerance, 1 + stored.floorMs / baselineMs);
}
