import type { OfBoth, Side } from '../../src/model/duet/duet.ts';
import { hash, uniform } from '../../src/stats/random.ts';
import { number, percent } from '../../src/words/quantity-text.ts';

/** What befalls a simulated duet besides the change that is injected. */
export type Trouble =
  /** One of its first ten restarts, of which one side is so many times slower. */
  | { readonly kind: 'disturbed'; readonly times: number }
  /** Each build differs by a log-normal factor that it keeps for the whole duet: its null is not true. */
  | { readonly kind: 'build'; readonly spread: number }
  /** The same of the two folders that the builds run in. */
  | { readonly kind: 'folder'; readonly spread: number }
  /** What the start of a side differs by resembles what it differed by at the restart before. */
  | { readonly kind: 'correlated'; readonly by: number }
  /** So many of head's starts are so many times slower. */
  | { readonly kind: 'intermittent'; readonly share: number; readonly times: number }
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
} as const;

/** What a reader sees of it. */
export function titleOfTrouble(trouble: Trouble | undefined): string {
  switch (trouble?.kind) {
    case undefined:
      return 'none';
    case 'disturbed':
      return `one restart, one side ${number(trouble.times)} times slower`;
    case 'build':
      return `each build differs by ${percent(trouble.spread)} for good`;
    case 'folder':
      return `each folder differs by ${percent(trouble.spread)} for good`;
    case 'correlated':
      return `neighboring starts correlate by ${number(trouble.by)}`;
    case 'intermittent':
      return `${percent(trouble.share)} of head’s starts ${number(trouble.times)} times slower`;
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
    case 'build':
      return factorsOf(trouble.spread, duet, false);
    case 'folder':
      return factorsOf(trouble.spread, duet, isFolderDrawn && hash(duet, streams.folder, restart) % 2 === 1);
    case 'intermittent':
      return uniform(duet, streams.slow, restart) < trouble.share ? { base: 1, head: trouble.times } : same;
    default:
      return same;
  }
}

/** Whether a duet draws anew at each restart which build runs in which folder. */
const isFolderDrawn = false;

/** What both places of a duet differ by, as they lie or exchanged. */
function factorsOf(spread: number, duet: number, isSwapped: boolean): OfBoth<number> {
  const [one, other] = [streams.base, streams.head].map(stream => Math.exp(spread * normal(duet, stream)));
  return isSwapped
    ? { base: other as number, head: one as number }
    : { base: one as number, head: other as number };
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
