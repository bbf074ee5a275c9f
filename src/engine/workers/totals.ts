import type { FailureKind } from '../../model/run/failure.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { ConnectionCounts, EncodedHistogram } from '../../model/run/record.ts';
import { proxyTo } from '../../safety/proxy/proxy-rules.ts';
import { Histogram } from '../../stats/histogram.ts';
import type { OccupiedBuckets } from '../../stats/occupied-buckets.ts';
import type { WorkerTally } from '../loop/worker-messages.ts';
import type { DispatchCounts } from '../transport/dispatcher.ts';

/** What the connections of all workers did. */
export function connectionTotals(
  tallies: readonly Pick<WorkerTally, 'counts' | 'connectTimes'>[],
  plan: Plan,
): ConnectionCounts {
  const counts = tallies.map(tally => tally.counts);
  const proxy = proxyTo(plan.proxies, plan.target);
  const sum = (pick: (one: DispatchCounts) => number) => counts.reduce((total, one) => total + pick(one), 0);
  return {
    attempts: sum(({ attempts }) => attempts),
    errors: addUp<FailureKind>(counts.map(({ errors }) => errors)),
    closedIdle: sum(({ closedIdle }) => closedIdle),
    peak: sum(({ peak }) => peak),
    queued: sum(({ queued }) => queued),
    max: plan.load.model === 'open' ? plan.connections.max : null,
    ...(plan.transport.protocol === 'http2'
      ? { streams: Math.max(...counts.map(({ streams }) => streams)), moved: sum(({ moved }) => moved) }
      : {}),
    connect: encoded(tallies.map(({ connectTimes }) => connectTimes.connect)),
    tls: encoded(tallies.map(({ connectTimes }) => connectTimes.tls)),
    insecure: plan.target.protocol === 'https' && plan.transport.tls.insecure,
    ...(proxy === null ? {} : { proxy: { url: proxy.url, from: proxy.from } }),
  };
}

function encoded(all: readonly OccupiedBuckets[]): EncodedHistogram {
  const merged = new Histogram();
  for (const buckets of all) merged.merge(Histogram.of(buckets));
  return merged.encode();
}

/** The busiest worker's share of time spent working; null where none is known. */
export function busiest(tallies: readonly Pick<WorkerTally, 'busy'>[]): number | null {
  const known = tallies.flatMap(({ busy }) => (busy === null ? [] : [busy]));
  return known.length > 0 ? Math.max(...known) : null;
}

/** Adds counts up key by key. */
export function addUp<Key extends string>(
  counts: readonly { readonly [key in Key]?: number }[],
): { [key in Key]: number } {
  const total = {} as { [key in Key]: number };
  for (const one of counts) {
    for (const key of Object.keys(one) as Key[]) total[key] = (total[key] ?? 0) + (one[key] ?? 0);
  }
  return total;
}
