import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { changeText } from '../../words/change-text.ts';
import { duration } from '../../words/quantity-text.ts';
import { indexed, othersOf } from './basis.ts';
import type { Cell, Ruling, Terms } from './cell.ts';
import { relativeChange, type TimeChange } from './time-change.ts';
import { movedText, othersText, withInterval } from './wording.ts';

/**
 * Decides a quantile where one to seven runs are stored. It fails only past the bar, with the interval within the two
 * runs clear of it, and where no other of the stored runs comes near: what runs alike differ by from one to the next,
 * the interval cannot tell. A baseline of another machine can do no more than warn.
 */
export function decideByFewRuns(
  cell: Cell,
  change: Extract<TimeChange, { state: 'seen' }>,
  { basis, policy }: Terms,
): Ruling {
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
  const moved = movedText(metric.name, baseline, observed, 'ms');
  const lead = `${moved} (${withInterval(found.change)})`;
  const { tolerance, floorMs } = policy.stored;
  const border = `the bar of ${changeText(tolerance, 'relative')} and ${duration(floorMs)}`;
  if (observed.value <= baseline.value * bar) {
    if (observed.atLeast) {
      const reason = `${lead}, but it may be any more: requests timed out`;
      return { ...found, status: 'inconclusive', firm: false, reason };
    }
    const firm = logRatio.high <= Math.log(bar);
    return {
      ...found,
      status: 'pass',
      firm,
      reason: `${lead}, within ${border}${firm ? '' : ', not firmly'}`,
    };
  }
  const isClear = logRatio.low > Math.log(bar);
  const doubts = [
    ...(isClear ? [] : ['the interval reaches within it']),
    ...(basis.kind === 'unlike' ? ['another machine or workload alone can do that'] : []),
    ...(asSlow > 0 ? [`${othersText(asSlow, others.length)} came near`] : []),
  ];
  return doubts.length === 0
    ? { ...found, status: 'fail', firm: true, reason: `${lead}, past ${border}` }
    : {
        ...found,
        status: 'warn',
        firm: isClear,
        reason: `${lead}, past ${border}, but ${doubts.join(', and ')}`,
      };
}

/** The ratio to a baseline, in milliseconds, at which both the relative and the absolute bar are passed. */
function barFor(baselineMs: number, { stored }: RegressionPolicy): number {
  return Math.max(1 + stored.tolerance, 1 + stored.floorMs / baselineMs);
}
