import { number } from '../../src/words/quantity-text.ts';
import { runPeer } from '../peer-run.ts';
import type { Peer } from '../peers/peer.ts';
import type { Nginx } from '../targets/nginx.ts';

/** What the requests of one run cost. */
export interface Cost {
  readonly cpuSeconds: number;
  readonly cpuMicrosPerRequest: number;
  readonly perSecond: number;
  /** The share of its core that it used while it sent. */
  readonly busy: number;
  /** The share of that core that everything else took meanwhile. */
  readonly othersShare: number;
  /** What it says it made, and what nginx served. */
  readonly said: number;
  readonly served: number;
}

/** One generator's runs. */
export interface Costs {
  readonly peer: Peer;
  readonly runs: Cost[];
  /** A run of a second, null where there is none. */
  short: Cost | null;
  readonly problems: string[];
}

/** Runs a generator once in a closed loop; null where it cannot, or where it failed, which is noted. */
export async function costOf(
  { peer, problems }: Costs,
  { url, ...closed }: { readonly seconds: number; readonly connections: number; readonly url?: string },
  nginx: Nginx,
): Promise<Cost | null> {
  const before = await nginx.seen();
  const load = { method: 'GET', timeoutSeconds: 10, rate: null, ...closed } as const;
  const run = await runPeer(peer, { ...load, url: url ?? nginx.url });
  if (run === null) return null;
  if (run.state === 'failed') {
    problems.push(run.problem);
    return null;
  }
  const served = (await nginx.seen()).requests - before.requests - 1;
  const { cpuSeconds } = run.ended;
  return {
    cpuSeconds,
    cpuMicrosPerRequest: (cpuSeconds * 1e6) / served,
    perSecond: served / closed.seconds,
    busy: cpuSeconds / run.ended.seconds,
    othersShare: run.othersShare,
    said: run.report.requests,
    served,
  };
}

/** What a request costs beyond those of a short run, which costs as much to start and to end. */
export function steadyMicros({ cpuSeconds, served }: Cost, short: Cost): number {
  return ((cpuSeconds - short.cpuSeconds) * 1e6) / (served - short.served);
}

/** The worst difference between what a generator says it made and what nginx served. */
export function differenceIn(costs: readonly Cost[]): string {
  const worst = costs
    .map(({ said, served }) => said - served)
    .reduce((one, other) => (Math.abs(other) > Math.abs(one) ? other : one), 0);
  return number(worst, 9);
}
