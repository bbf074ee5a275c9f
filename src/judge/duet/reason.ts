import {
  sides as bothSides,
  type DuetFinding,
  type DuetLayout,
  type Side,
  type StartSpread,
} from '../../model/duet/duet.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { changeText } from '../../words/change-text.ts';
import { counted, number } from '../../words/quantity-text.ts';
import { isShare, worseSign } from '../regression/share-metric.ts';
import { movedText, withInterval } from '../regression/wording.ts';
import { type DuetCell, samplesNeeded } from './effects.ts';
import type { CellRuling } from './ruling.ts';
import type { Sides } from './sides.ts';

/** The spread between starts past which rounds of two instances accuse no build: of the log ratio of p50 or p95. */
export const mostSpread = 0.03;

/** What a cell's sentence is made of. */
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
  readonly spread: StartSpread | null;
}

/** A cell's status and why it has it, in one sentence. */
export type Decision = Pick<DuetFinding, 'status' | 'reason'>;

/** Says why a cell has its status; between rounds, slower times fail only where starts are known to differ little. */
export function decisionOf(grounds: Grounds): Decision {
  const { cell, ruling, sides, restarts, layout, policy } = grounds;
  const share = isShare(cell.metric) ? cell.metric : null;
  const kind = share === null ? 'relative' : 'difference';
  const tolerance = changeText(share === null ? policy.tolerance : share.comparison.limits.tolerance, kind);
  if (ruling === null || sides.change === null) return { status: 'inconclusive', reason: missing(grounds) };
  const lead = leadOf(grounds);
  const evidence = `${restartsText(ruling.restarts, layout)} (adjusted p ${number(ruling.pValue, 2)})`;
  switch (ruling.status) {
    case 'fail': {
      const found = `${lead}: established by ${evidence}`;
      const doubt = kind === 'relative' ? startDoubt(grounds) : null;
      if (doubt !== null) return { status: 'inconclusive', reason: `${found}, but ${doubt}` };
      const tolerated =
        share === null || share.comparison.isTolerated
          ? `, and not surely less than the tolerance of ${tolerance}`
          : `, where any ${worsening(share)} of ${changeText(share.comparison.limits.floor, kind)} and ${share.comparison.limits.fewestMore} ${share.form.noun}s or more counts`;
      return { status: 'fail', reason: found + tolerated };
    }
    case 'warn': {
      const found = `${lead}: established by ${evidence}, though surely less than the tolerance of ${tolerance}`;
      const doubt = kind === 'relative' ? startDoubt(grounds) : null;
      return { status: 'warn', reason: doubt === null ? found : `${found}; ${doubt}` };
    }
    case 'pass': {
      if (sides.isBetter) {
        const word =
          share === null ? 'faster' : `${worseSign(share) > 0 ? 'fewer' : 'more'} ${share.form.noun}s`;
        return {
          status: 'pass',
          reason: `${lead}: ${word}, established by ${restartsText(ruling.restarts, layout)}`,
        };
      }
      const early = ruling.boundedAt !== null && ruling.boundedAt < restarts;
      const when = early ? `, as ${restartsText(ruling.boundedAt ?? 0, layout)} had shown already` : '';
      return { status: 'pass', reason: `${lead}: surely less than the tolerance of ${tolerance}${when}` };
    }
    case 'inconclusive':
      return {
        status: 'inconclusive',
        reason: `${lead}: no ${worsening(cell.metric)} is established, but one of ${tolerance} is not excluded; ${settling(grounds, ruling)}`,
      };
  }
}

/** What a change for the worse is called. */
function worsening(metric: Metric): string {
  return worseSign(metric) > 0 ? 'increase' : 'fall';
}

/** A number of restarts as people see them: restarts of both builds, or rounds. */
export function restartsText(restarts: number, { repeat }: Pick<DuetLayout, 'repeat'>): string {
  return counted(restarts, repeat);
}

function leadOf({ cell, sides }: Pick<Grounds, 'cell' | 'sides'>): string {
  const { base, head, change } = sides;
  const { prose, unit } = cell.metric;
  const observed = (value: number | null) => ({ value: value ?? 0, atLeast: false });
  const moved = movedText(prose, observed(base), observed(head), unit);
  if (change === null) return moved;
  const { interval } = change;
  return interval === null
    ? `${moved} (${changeText(change.value, change.kind)})`
    : `${moved} (${withInterval({ ...change, interval })})`;
}

/** Why a change between two running instances may be none between their builds; null where it is told. */
export function startDoubt({ layout, spread }: Pick<Grounds, 'layout' | 'spread'>): string | null {
  if (layout.repeat === 'restart') return null;
  if (spread === null) {
    return 'it may be this start alone: how far starts of one build differ is not known here';
  }
  if (spread.upper <= mostSpread) return null;
  return (
    `it may be this start alone: starts of one build differ by ${spreadText(spread)}, ` +
    `more than the ${number(mostSpread)} at which rounds tell builds apart; commits instead of URLs would settle it`
  );
}

/** How far starts differ: the standard deviation of the log ratio of a quantile, and its bound. */
export function spreadText({ value, upper }: StartSpread): string {
  return `${number(value, 2)} (log of p50 or p95, standard deviation; at most ${number(upper, 2)})`;
}

/** Before the first look, or of a cell that no restart tells of. */
function missing({ cell, sides, restarts, nextLook, layout }: Grounds): string {
  if (sides.change === null) return untold(cell, sides);
  const open = `${leadOf({ cell, sides })}; ${restartsText(restarts, layout)} ${restarts === 1 ? 'is' : 'are'} too few for a verdict`;
  return `${open}: the first is given after ${number(nextLook ?? duetLooks[0]?.restarts ?? 10)}`;
}

/** Why no restart tells of a cell: no requests, none that succeeded, too many in vain, or too few. */
function untold({ metric }: DuetCell, { requests, errors, samples, unknown }: Sides): string {
  const without = bothSides.filter(side => requests[side] === 0);
  if (without.length > 0) return `no request of it was due${onSides(without)}`;
  if (isShare(metric)) return `no restart tells its ${metric.prose}, since none had requests of both sides`;
  const lead = `no restart tells its ${metric.name}`;
  const failed = bothSides.filter(side => errors[side] === requests[side]);
  if (failed.length > 0) return `${lead}: all of its requests failed${onSides(failed)}`;
  if (unknown > 0)
    return `${lead}: so many requests of both sides timed out that it is the time they were given, whatever changed`;
  const needed = samplesNeeded(metric);
  const takes = `${lead}, which takes ${counted(needed, 'sample')} a side`;
  if (samples === 0) return `${takes}, where no restart has any of both`;
  // Rounded so that too few never reads as enough.
  const about = number(samples < 10 ? samples : Math.floor(samples), 2);
  const more = Math.ceil((10 * needed) / samples - 1e-9) / 10;
  return `${takes}, where a restart has about ${about}: about ${timesText(more)} the rate would do`;
}

/** Names the side where it is not both. */
function onSides(some: readonly Side[]): string {
  return some.length === 1 ? ` in ${some[0]}` : '';
}

/** What would settle an open cell. */
function settling({ restarts, nextLook, layout }: Grounds, { outlook, restarts: told }: CellRuling): string {
  const { mostRestarts } = layout;
  const needed = outlook?.restarts ?? null;
  const share =
    told < restarts ? `only ${number(told)} of ${restartsText(restarts, layout)} tell of it, and ` : '';
  const steadier = 'a higher rate or a quieter machine';
  if (needed === null) return `${share}${steadier} would settle it`;
  if (needed <= mostRestarts) {
    const about = `about ${restartsText(needed, layout)} would settle it at this spread`;
    return nextLook === null ? `${share}${about}: measure again` : share + about;
  }
  const more = needed / mostRestarts;
  if (more > 20)
    return `${share}no number of ${layout.repeat}s near the ${number(mostRestarts)} there are would settle it: it takes ${steadier}`;
  return (
    `${share}about ${restartsText(needed, layout)} would settle it at this spread, and there are ${number(mostRestarts)} at most: ` +
    `about ${timesText(more)} the rate, or a quieter machine, would do`
  );
}

function timesText(times: number): string {
  return `${number(times, 2)} times`;
}
