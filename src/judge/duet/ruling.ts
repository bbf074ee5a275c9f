import { clipLimits, clippedExcess, type Excess } from '../../stats/flips/clipping.ts';
import type { RestartEffects } from '../../stats/flips/flip-statistics.ts';
import type { LabelEvidence } from '../../stats/flips/label-permutations.ts';
import { allLooks, type CellEvidence, clippedAt, standingOf } from '../../stats/flips/sequential-test.ts';
import { type SerialCorrelation, serialCorrelation } from '../../stats/flips/serial-correlation.ts';
import { signFlips } from '../../stats/flips/sign-flips.ts';
import { upperBounds } from '../../stats/flips/typical-values.ts';
import { clearestOf, isClearOf } from './dependence.ts';
import { looksBesideLabels } from './instances.ts';
import { mayBeEstablished, type Outlook, outlookOf } from './outlook.ts';
import { type CellTerms, testedBy } from './terms.ts';

/** What one cell comes to at a look; effects in their own restart. */
export interface CellRuling extends Omit<CellEvidence, 'establishedAt'> {
  readonly status: 'pass' | 'warn' | 'fail' | 'inconclusive';
  /** The look, from 0, at which an increase was established that is a change as well; null while there is none. */
  readonly establishedAt: number | null;
  /** The restarts of the first look at which the upper bound lay under the tolerance; null where there was none. */
  readonly boundedAt: number | null;
  /**
   * Whether it is open though its upper bound lies under the tolerance: a share that is likely to be worse, by the size of
   * a change, does not pass before the last look; nor does a time of which head's restarts lie far out, and base's do not.
   */
  readonly isHeld: boolean;
  /** How its restarts, in order, resemble the one before; null where that cannot be told. */
  readonly serial: SerialCorrelation | null;
  /** The correlation of restarts with the ones before, where independent ones would establish it; null else. */
  readonly alike: number | null;
  /** How the restarts that lie so far out that they are clipped fall to both sides. */
  readonly excess: Excess;
  /** The standard deviation of the effects; null of fewer than two. */
  readonly spread: number | null;
  /** What the labels of instances tell of the builds; null where there are too few, and of shares. */
  readonly ofLabels: LabelEvidence | null;
  /** Whether a warning may become a failure with more rounds. */
  readonly mayFail: boolean;
  /** Of an open cell alone. */
  readonly outlook: Outlook | null;
}

/** What the restarts come to so far, and whether more of them are worth their time. */
export type Ruling =
  | { readonly state: 'waiting'; readonly progress: RulingProgress }
  | {
      readonly state: 'looked';
      readonly look: number;
      /** The restarts that it rests on: later ones wait for the next look. */
      readonly restarts: number;
      readonly cells: readonly CellRuling[];
      readonly progress: RulingProgress;
    };

/** Whether a duet goes on, and if not, why: something failed, all is settled, no more can be, or the restarts are used up. */
export type RulingProgress =
  | { readonly state: 'goesOn'; readonly nextLook: number }
  | { readonly state: 'over'; readonly because: 'failed' | 'settled' | 'hopeless' | 'usedUp' };

/** How restarts are judged: the seed of the sign patterns, and the most restarts that there will be. */
export interface RulingPlan {
  readonly seed: number;
  readonly mostRestarts: number;
  /** What the labels of instances tell of the builds, which then decides what fails; null of shares. */
  readonly ofLabels?: readonly (LabelEvidence | null)[] | undefined;
}

/**
 * The chance up to which what is clipped leans too far to head for a pass: before the last look, where two restarts of head
 * lie far out and none of base does, and at the last one, where three do.
 */
const leaning = { before: 0.25, last: 0.125 };

/** Of fewer restarts that tell, nothing is established. */
const fewestTold = allLooks[0]?.restarts ?? 10;

/**
 * Decides every cell of a duet at the latest look that its restarts allow, from the restarts alone: the same restarts give the
 * same answer, whatever was asked before. Established is what crossed its boundary, with an estimate of at least the
 * floor, from ten restarts or more that tell. It fails where the upper bound is not under the tolerance (an error rate
 * always), and warns else. Between rounds, times fail only where they are established to lie above what starts alone may make, which
 * is a test of its own, and warn where that is open; of enough instances a side, their labels are that test. A cell that is not established passes where the upper bound lay under the tolerance at this
 * look or an earlier one: the tails of all looks together are 5 %. The rest is open.
 *
 * What is tested by something steadier than itself, as p95 is by the times around it, is a change only where its own mean is
 * one by its size too: three slow requests of a hundred are above p95 and none of its business.
 *
 * A share does not pass before the last look while a lower bound lies above 0, of the restarts or of the pooled requests,
 * and the change is one by its size. Its tolerance bounds what may be unseen and is no licence: an error rate passes under 1
 * percentage point and fails of a tenth of that where it is established, which takes restarts that nearly all agree.
 * Requests tell of it earlier, as if they were independent. They only hold it open, so they cannot accuse.
 *
 * Restarts that clearly resemble the one before need a mean that is clear of 0 by the wider error of dependent values; where it is not, the
 * cell is open.
 *
 * Clipping takes a start that is slow now and then for a disturbed one. So what it cuts off is tested by itself: where it leans
 * to head, the cell does not pass.
 */
export function ruleRestarts(
  restarts: readonly RestartEffects[],
  terms: readonly CellTerms[],
  { seed, mostRestarts, ofLabels }: RulingPlan,
): Ruling {
  const tested = testedBy(terms);
  const standing = standingOf(restarts, { seed, ...tested });
  if (standing.state === 'waiting') {
    return { state: 'waiting', progress: nextOf(standing.nextAt, restarts.length, mostRestarts) };
  }
  // Two claims, each with a level of its own: of these instances any change, and of their builds what no start explains.
  const failing = testedBy(terms, 'failsFrom');
  const isOneClaim = terms.every(({ against, failsFrom }) => against === failsFrom);
  const ofBuilds =
    ofLabels !== undefined
      ? standingOf(sharesOf(restarts, ofLabels), { seed, ...failing, looks: looksBesideLabels })
      : isOneClaim
        ? standing
        : standingOf(restarts, { seed, ...failing });
  const raw = restarts.slice(0, standing.restarts);
  const seen = clippedAt(raw, tested);
  const excess = clippedExcess(raw, tested.nulls, clipLimits(raw, tested.nulls, tested.clips), seed);
  const bounds = allLooks
    .slice(0, standing.look + 1)
    .map(({ restarts: size, boundTail }, look) =>
      boundsAt(
        look === standing.look
          ? standing.cells.map(({ upperBound }) => upperBound)
          : upperBounds(
              clippedAt(restarts.slice(0, size), tested),
              terms.length,
              signFlips(size, seed),
              boundTail,
            ),
        terms,
        look,
      ),
    );
  const tail = allLooks[standing.look]?.boundTail ?? 0;
  const isLast = nextOf(standing.nextAt, restarts.length, mostRestarts).state === 'over';
  const toldOf = (cell: number) => seen.flatMap(restart => restart[cell] ?? []);
  const serials = terms.map(({ isClipped }, cell) => (isClipped ? serialCorrelation(toldOf(cell)) : null));
  const clearest = clearestOf(serials);
  const cells = standing.cells.map((ofInstances, index): CellRuling => {
    const of = terms[index] as CellTerms;
    const labels = ofLabels?.[index] ?? null;
    const accusing = labels === null && ofBuilds.state === 'looked' ? ofBuilds.cells[index] : undefined;
    const evidence = of.against === of.failsFrom ? (accusing ?? ofInstances) : ofInstances;
    const ofLooks = bounds.map(look => look[index] ?? Number.POSITIVE_INFINITY);
    const bounded = ofLooks.findIndex(bound => bound < of.tolerance);
    const upperBound = ofLooks.at(-1) ?? Number.POSITIVE_INFINITY;
    const counts = of.counted?.(standing.restarts);
    const lowerBound = Math.min(evidence.lowerBound, counts?.bounds(tail).low ?? Number.POSITIVE_INFINITY);
    const itself = of.itself?.(standing.restarts) ?? Number.POSITIVE_INFINITY;
    const isOfSize =
      (evidence.estimate ?? 0) >= of.floor &&
      itself >= of.floor &&
      (counts?.more ?? Number.POSITIVE_INFINITY) >= of.fewestMore;
    const told = toldOf(index);
    const spread = deviationOf(told);
    const serial = serials[index] ?? null;
    const isTold = evidence.restarts >= fewestTold && isOfSize;
    const isFound = evidence.establishedAt !== null && isTold;
    const isSerial = isFound && of.isClipped && of.against === 0 && !isClearOf(clearest, told, spread);
    const isChange = isFound && !isSerial;
    const isAccusedAtAll = labels?.isEstablished ?? (accusing?.establishedAt ?? null) !== null;
    const isAccused = isAccusedAtAll && isTold && itself >= of.failsFrom && !isSerial;
    const isTolerated = (labels?.upperBound ?? upperBound) < of.tolerance && of.isTolerated;
    const isLikely =
      counts !== undefined && Math.max(evidence.lowerBound, counts.bounds(tail).low) > 0 && isOfSize;
    const beyond = excess[index] ?? { above: 0, below: 0, pValue: 1 };
    const isLeaning = beyond.pValue <= (isLast ? leaning.last : leaning.before);
    const isHeld = !isChange && bounded >= 0 && ((isLikely && !isLast) || isLeaning || isSerial);
    const isFailure = isAccused && !isTolerated;
    const status = isFailure ? 'fail' : isChange ? 'warn' : bounded >= 0 && !isHeld ? 'pass' : 'inconclusive';
    const { estimate } = evidence;
    const standsAt = { restarts: standing.restarts, told: told.length, estimate, spread };
    return {
      ...evidence,
      ...(isFailure ? { pValue: (labels ?? accusing ?? evidence).pValue } : {}),
      status,
      establishedAt: isChange ? evidence.establishedAt : isFailure ? 0 : null,
      ofLabels: labels,
      upperBound,
      lowerBound,
      isHeld,
      serial,
      alike: isSerial ? (clearest?.value ?? null) : null,
      excess: beyond,
      boundedAt: bounded < 0 ? null : (allLooks[bounded]?.restarts ?? null),
      spread,
      mayFail:
        status === 'warn' &&
        labels === null &&
        !isTolerated &&
        upperBound >= of.failsFrom &&
        mayBeEstablished(standsAt, of.floor, of.failsFrom, mostRestarts),
      outlook:
        status === 'inconclusive' ? outlookOf(standsAt, of, { mostRestarts, cells: terms.length }) : null,
    };
  });
  const progress = progressOf(cells, terms, standing.nextAt, restarts.length, mostRestarts);
  return { state: 'looked', look: standing.look, restarts: standing.restarts, cells, progress };
}

/** The effects of the shares alone: where labels tell of times, these are no part of the test of what fails. */
function sharesOf(
  restarts: readonly RestartEffects[],
  ofLabels: readonly (LabelEvidence | null)[],
): readonly RestartEffects[] {
  return restarts.map(restart => restart.map((value, cell) => (ofLabels[cell] ? null : value)));
}

function boundsAt(bounds: readonly number[], terms: readonly CellTerms[], look: number): readonly number[] {
  const { restarts = 0, boundTail = 0 } = allLooks[look] ?? {};
  return bounds.map((bound, cell) => {
    const counts = terms[cell]?.counted?.(restarts);
    return counts ? Math.max(bound, counts.bounds(boundTail).high) : bound;
  });
}

function deviationOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

function progressOf(
  cells: readonly CellRuling[],
  terms: readonly CellTerms[],
  nextAt: number | null,
  measured: number,
  mostRestarts: number,
): RulingProgress {
  if (cells.some(({ status }) => status === 'fail')) return { state: 'over', because: 'failed' };
  const open = cells.filter(
    ({ status, mayFail }, cell) => (status === 'inconclusive' || mayFail) && terms[cell]?.required,
  );
  if (open.length === 0) return { state: 'over', because: 'settled' };
  const next = nextOf(nextAt, measured, mostRestarts);
  if (next.state === 'over') return next;
  return open.every(({ mayFail, outlook }) => !mayFail && outlook?.hopeless)
    ? { state: 'over', because: 'hopeless' }
    : next;
}

function nextOf(nextAt: number | null, measured: number, mostRestarts: number): RulingProgress {
  return nextAt === null || nextAt > mostRestarts || measured >= mostRestarts
    ? { state: 'over', because: 'usedUp' }
    : { state: 'goesOn', nextLook: nextAt };
}
