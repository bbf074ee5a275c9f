import { isShare } from '../../analysis/metrics/share-metric.ts';
import { sides as bothSides, type DuetLayout, type RepeatKind } from '../../model/duet/duet.ts';
import type { DuetFinding } from '../../model/duet/duet-judgement.ts';
import type { DuetReason, InstanceLabels, Settling, StartMargin } from '../../model/duet/duet-reason.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { type DuetCell, duetSamplesNeeded } from './effects.ts';
import type { CellRuling } from './ruling.ts';
import type { Sides } from './sides.ts';

/** What a cell's finding is made of. */
export interface Grounds {
  readonly cell: DuetCell;
  /** Null before the first look. */
  readonly ruling: CellRuling | null;
  readonly sides: Sides;
  /** Restarts that were looked at, or those there are before the first look. */
  readonly restarts: number;
  /** Null where the duet is over. */
  readonly nextLook: number | null;
  readonly layout: DuetLayout;
  readonly policy: RegressionPolicy;
  /** What starts alone may make of two instances; null of restarts. */
  readonly margin: StartMargin | null;
  /** By what the builds of several instances are told apart; null of fewer than five a side, and of restarts. */
  readonly labels: InstanceLabels | null;
}

/** A cell's status and why it has it. */
export type DuetDecision = Pick<DuetFinding, 'status' | 'reason'>;

/** Says why a cell has its status. */
export function decisionOf(grounds: Grounds): DuetDecision {
  const { cell, ruling, sides, restarts, nextLook, layout, policy, margin, labels } = grounds;
  const { repeat } = layout;
  const share = isShare(cell.metric) ? cell.metric.comparison : null;
  const tolerance = share === null ? policy.tolerance : share.limits.tolerance;
  if (ruling === null || sides.change === null) return { status: 'inconclusive', reason: missing(grounds) };
  const isEarly = restarts < layout.mostRestarts;
  switch (ruling.status) {
    case 'fail': {
      if (labels !== null && ruling.ofLabels !== null) {
        const high = highOf(ruling);
        return { status: 'fail', reason: { kind: 'worseByInstances', tolerance, labels, high, repeat } };
      }
      if (share === null && margin !== null) {
        return { status: 'fail', reason: { kind: 'worseThanStarts', tolerance, margin, isEarly, repeat } };
      }
      if (share === null || share.isTolerated) {
        return { status: 'fail', reason: { kind: 'worse', tolerance, isEarly, repeat } };
      }
      const { floor, fewestMore } = share.limits;
      return { status: 'fail', reason: { kind: 'worseShare', floor, fewestMore, isEarly, repeat } };
    }
    case 'warn': {
      const ofInstances = share === null ? margin : null;
      const isBounded = Math.expm1(ruling.upperBound) < tolerance;
      if (labels !== null && ruling.ofLabels !== null && !isBounded) {
        const { pValue } = ruling.ofLabels;
        return { status: 'warn', reason: { kind: 'mayBeInstances', labels, pValue, repeat } };
      }
      return isBounded || ofInstances === null
        ? { status: 'warn', reason: { kind: 'tolerated', tolerance, margin: ofInstances, repeat } }
        : { status: 'warn', reason: { kind: 'mayBeStart', margin: ofInstances, repeat } };
    }
    case 'pass': {
      if (sides.isBetter) return { status: 'pass', reason: { kind: 'improved', repeat } };
      const isEarly = ruling.boundedAt !== null && ruling.boundedAt < restarts;
      const already = isEarly ? ruling.boundedAt : null;
      return { status: 'pass', reason: { kind: 'bounded', tolerance, already, repeat } };
    }
    case 'inconclusive': {
      const { alike: correlation } = ruling;
      if (correlation !== null)
        return { status: 'inconclusive', reason: { kind: 'alike', correlation, nextLook, repeat } };
      if (ruling.isHeld && share !== null)
        return { status: 'inconclusive', reason: { kind: 'held', tolerance, nextLook, repeat } };
      if (ruling.isHeld) {
        const { excess } = ruling;
        return {
          status: 'inconclusive',
          reason: { kind: 'slowAtTimes', tolerance, excess, nextLook, repeat },
        };
      }
      const settling = settlingOf(grounds, ruling);
      return { status: 'inconclusive', reason: { kind: 'open', tolerance, of: restarts, settling, repeat } };
    }
  }
}

/** What the shift between the builds lies under, as a relative change; null where there is no bound. */
function highOf({ ofLabels }: CellRuling): number | null {
  const bound = ofLabels?.upperBound ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(bound) ? Math.expm1(bound) : null;
}

/** Before the first look, or of a cell that no restart tells of. */
function missing({ cell, sides, restarts, nextLook, layout: { repeat } }: Grounds): DuetReason {
  if (sides.change === null) return untold(cell, sides, repeat);
  const first = nextLook ?? duetLooks[0]?.restarts ?? 10;
  return { kind: 'waiting', measured: restarts, first, repeat };
}

/** Why no restart tells of a cell: no requests, none that succeeded, too many in vain, or too few. */
function untold(
  { metric }: DuetCell,
  { requests, errors, samples, unknown }: Sides,
  repeat: RepeatKind,
): DuetReason {
  const without = bothSides.filter(side => requests[side] === 0);
  if (without.length > 0) return { kind: 'noneDue', sides: without, repeat };
  if (isShare(metric)) return { kind: 'neverBothSides', repeat };
  const failed = bothSides.filter(side => errors[side] === requests[side]);
  if (failed.length > 0) return { kind: 'allFailed', sides: failed, repeat };
  if (unknown > 0) return { kind: 'timedOut', repeat };
  return { kind: 'tooFewSamples', needed: duetSamplesNeeded(metric), samples, repeat };
}

/** What would settle an open cell. */
function settlingOf(
  { nextLook, layout: { mostRestarts: most } }: Grounds,
  { outlook }: CellRuling,
): Settling {
  const needed = outlook?.restarts ?? null;
  if (needed === null) return { kind: 'steadier' };
  if (needed <= most) return { kind: 'restarts', needed, isOver: nextLook === null };
  return needed > mostTimes * most ? { kind: 'outOfReach', most } : { kind: 'higherRate', needed, most };
}

/** As many times the most restarts are near enough for a higher rate to make up for. */
const mostTimes = 20;
