import { looksUpTo } from '../../stats/flips/sequential-test.ts';
import { studentQuantile } from '../../stats/intervals/mean-interval.ts';
import type { CellTerms } from './terms.ts';

/** What is known of an open cell. */
export interface OpenCell {
  /** The restarts that were looked at, and those of them that told something. */
  readonly restarts: number;
  readonly told: number;
  readonly estimate: number | null;
  /** The standard deviation of the effects; null of fewer than two. */
  readonly spread: number | null;
}

/** What further restarts may bring an open cell. */
export interface Outlook {
  /**
   * The number of restarts that would settle it if the estimate were the truth and the spread stayed; infinite where the
   * estimate lies so that none would; null where the spread is not known.
   */
  readonly restarts: number | null;
  /** Whether not even the most restarts are likely to settle it. */
  readonly hopeless: boolean;
}

/** What a cell's future hangs on beside itself. */
export interface Prospect {
  readonly mostRestarts: number;
  /** How many cells the test is shared by. */
  readonly cells: number;
}

/** The tail of the last look's bound, and what all looks may spend. */
function spentUpTo(mostRestarts: number): { readonly lastTail: number; readonly spend: number } {
  const looks = looksUpTo(mostRestarts);
  return {
    lastTail: looks.at(-1)?.boundTail ?? 0.02,
    spend: looks.reduce((sum, look) => sum + look.spend, 0),
  };
}
/** How far, in its standard deviations, the estimate may move until the last look: one in 40 moves farther. */
const reach = 2;

/**
 * Whether more restarts can settle a cell, and how many would.
 *
 * With N restarts in the end, of which as large a share tells as up to now, the estimate m has the standard error e = s /
 * √N, and m itself will move by about d = s · √(1/n − 1/N) (the predictive distribution of a mean of N after n). A cell
 * is hopeless where neither would do after a move of 2d in the favourable direction: to pass, m − 2d + t·e under the
 * tolerance, with Student's t at the tail of the last look; to be established, (m + 2d) / e above Student's t at all
 * that the looks may spend, which is the least boundary there can be. So a duet is given up only where each of the two
 * has a chance of about one in 40 or less. Fewer restarts than a sign-flip test needs at that tail are hopeless as well,
 * and errors of which so many requests would not exclude an increase of the tolerance. The number of restarts that would
 * do takes the boundary for its share of the cells (Bonferroni's), which is about where the flips of all put it.
 */
export function outlookOf(cell: OpenCell, terms: CellTerms, { mostRestarts, cells }: Prospect): Outlook {
  const { restarts, told, estimate, spread } = cell;
  const { lastTail, spend } = spentUpTo(mostRestarts);
  const share = told / restarts;
  const last = Math.floor(share * mostRestarts + 1e-9);
  const counts = terms.counted?.(restarts);
  const requests = counts?.bounds(lastTail, mostRestarts / restarts).high ?? Number.NEGATIVE_INFINITY;
  if (estimate === null || 2 ** -last > lastTail) return { restarts: null, hopeless: true };
  if (spread === null) return { restarts: null, hopeless: false };
  const error = spread / Math.sqrt(last);
  const move = reach * spread * Math.sqrt(Math.max(0, 1 / told - 1 / last));
  const [bound, shared] = [lastTail, spend / cells].map(tail => studentQuantile(1 - tail, last - 1)) as [
    number,
    number,
  ];
  const canPass = estimate - move + bound * error < terms.tolerance && requests < terms.tolerance;
  const canBeEstablished = mayBeEstablished(cell, terms.floor, terms.against, mostRestarts);
  const forRequests = requests < terms.tolerance ? 0 : requestsUntil(cell, terms, lastTail);
  const toPass = Math.max(restartsUntil(bound * spread, terms.tolerance - estimate) / share, forRequests);
  const toBeEstablished =
    estimate < terms.floor
      ? Number.POSITIVE_INFINITY
      : restartsUntil(shared * spread, estimate - terms.against) / share;
  return {
    restarts: Math.max(restarts + 1, Math.ceil(Math.min(toPass, toBeEstablished))),
    hopeless: !canPass && !canBeEstablished,
  };
}

/** Whether the most restarts may establish a cell to lie above a null, as a change of `floor` or more: the rule of `outlookOf`. */
export function mayBeEstablished(
  { restarts, told, estimate, spread }: OpenCell,
  floor: number,
  none: number,
  mostRestarts: number,
): boolean {
  const { lastTail, spend } = spentUpTo(mostRestarts);
  const last = Math.floor((told / restarts) * mostRestarts + 1e-9);
  if (estimate === null || 2 ** -last > lastTail) return false;
  if (spread === null) return true;
  const boundary = studentQuantile(1 - spend, last - 1);
  const best = estimate + reach * spread * Math.sqrt(Math.max(0, 1 / told - 1 / last));
  return best >= floor && best - none > (boundary * spread) / Math.sqrt(last);
}

/** How many values bring the reach of a bound, of one value, down to a distance. */
function restartsUntil(reachOfOne: number, distance: number): number {
  return distance > 0 ? (reachOfOne / distance) ** 2 : Number.POSITIVE_INFINITY;
}

/** The restarts whose requests, failing as they did, would exclude an increase of the tolerance. */
function requestsUntil({ restarts }: OpenCell, { counted, tolerance }: CellTerms, lastTail: number): number {
  const counts = counted?.(restarts);
  for (let times = 1; counts && times <= 1_024; times *= 1.25) {
    if (counts.bounds(lastTail, times).high < tolerance) return Math.ceil(restarts * times);
  }
  return Number.POSITIVE_INFINITY;
}
