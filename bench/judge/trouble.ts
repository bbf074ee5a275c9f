import type { OfBoth, Side } from '../../src/model/duet/duet.ts';
import { buildByCoin } from '../../src/pipeline/duet/coins.ts';
import { hash, uniform } from '../../src/stats/random.ts';
import { counted, number, percent } from '../../src/words/quantity-text.ts';

/** What befalls a simulated duet besides the change that is injected. */
export type Trouble =
  /** One of its first ten restarts, of which one side is so many times slower. */
  | { readonly kind: 'disturbed'; readonly times: number }
  /** Each build differs by a log-normal factor of its own, and each side is built so often: of one build the null is not true. */
  | { readonly kind: 'build'; readonly spread: number; readonly builds: number }
  /** The same of the two folders that the builds run in, of which one is drawn for the whole duet or at each restart. */
  | { readonly kind: 'folder'; readonly spread: number; readonly isDrawn: boolean }
  /** What the start of a side differs by resembles what it differed by at the restart before. */
  | { readonly kind: 'correlated'; readonly by: number }
  /** So many of head's starts are so many times slower. */
  | { readonly kind: 'intermittent'; readonly share: number; readonly times: number }
  /** It is continued in each case in which it would end inconclusive. */
  | { readonly kind: 'continued' }
  /** Requests of the changed endpoint fail at these rates, independently. */
  | { readonly kind: 'errors'; readonly base: number; readonly head: number };

const streams = {
  restart: 21,
  side: 22,
  base: 23,
  head: 24,
  folder: 25,
  slow: 26,
  fails: 27,
  builds: 28,
} as const;

/** What a reader sees of it. */
export function titleOfTrouble(trouble: Trouble | undefined): string {
  switch (trouble?.kind) {
    case undefined:
      return 'none';
    case 'disturbed':
      return `one restart, one side ${number(trouble.times)} times slower`;
    case 'build':
      return `each build differs by ${percent(trouble.spread)}, ${counted(trouble.builds, 'build')} a side`;
    case 'folder':
      return `each folder differs by ${percent(trouble.spread)}, drawn ${trouble.isDrawn ? 'at each restart' : 'once'}`;
    case 'correlated':
      return `neighboring starts correlate by ${number(trouble.by)}`;
    case 'intermittent':
      return `${percent(trouble.share)} of head’s starts ${number(trouble.times)} times slower`;
    case 'continued':
      return 'continued where it is inconclusive';
    case 'errors':
      return trouble.base === trouble.head
        ? `both sides fail ${percent(trouble.base)}`
        : `head fails ${percent(trouble.head)}, base ${percent(trouble.base)}`;
  }
}

/** By what factor the times of both sides of a restart are other than drawn; restarts from 0. */
export function troubleFactors(trouble: Trouble | undefined, duet: number, restart: number): OfBoth<number> {
  const same = { base: 1, head: 1 };
  switch (trouble?.kind) {
    case 'disturbed': {
      if (hash(duet, streams.restart, 0) % 10 !== restart) return same;
      const side: Side = hash(duet, streams.side, 0) % 2 === 0 ? 'base' : 'head';
      return { ...same, [side]: trouble.times };
    }
    case 'build': {
      const built = (side: Side) => buildByCoin(duet, side, restart, trouble.builds);
      return {
        base: factorOf(trouble.spread, duet, 'base', built('base')),
        head: factorOf(trouble.spread, duet, 'head', built('head')),
      };
    }
    case 'folder': {
      const one = factorOf(trouble.spread, duet, 'base', 0);
      const other = factorOf(trouble.spread, duet, 'head', 0);
      const isSwapped = trouble.isDrawn && hash(duet, streams.folder, restart) % 2 === 1;
      return isSwapped ? { base: other, head: one } : { base: one, head: other };
    }
    case 'intermittent':
      return uniform(duet, streams.slow, restart) < trouble.share ? { base: 1, head: trouble.times } : same;
    default:
      return same;
  }
}

/** What a folder, or one of the builds of a side, differs by. */
function factorOf(spread: number, duet: number, side: Side, place: number): number {
  return Math.exp(spread * normal(place === 0 ? duet : hash(duet, streams.builds, place), streams[side]));
}

/** How the starts of both sides came out where neighbors resemble each other, in spreads between starts. */
export function correlatedStarts(
  drawn: (restart: number) => OfBoth<number>,
  by: number,
  restart: number,
): OfBoth<number> {
  let { base, head } = drawn(0);
  for (let next = 1; next <= restart; next += 1) {
    const own = drawn(next);
    const fresh = Math.sqrt(1 - by * by);
    base = by * base + fresh * own.base;
    head = by * head + fresh * own.head;
  }
  return { base, head };
}

/** How many of the requests of a side of a restart fail. */
export function failing(requests: number, rate: number, duet: number, restart: number, side: Side): number {
  const seed = hash(duet, streams.fails, 2 * restart + (side === 'head' ? 1 : 0));
  let count = 0;
  for (let request = 0; request < requests; request += 1) if (uniform(seed, 1, request) < rate) count += 1;
  return count;
}

/** A standard normal number, by Box and Muller's transform of two uniform ones. */
export function normal(seed: number, stream: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, stream, 0)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, stream, 1));
}
