import { analyse } from '../../analysis/analysis.ts';
import type { PoolShortage } from '../../model/judgement/invalid-reason.ts';
import type { RunRecord } from '../../model/run/record.ts';
import { micros, microsToMillis } from '../../model/units.ts';
import type { Histogram } from '../../stats/histogram.ts';

/** The share of a pool that may be busy on average before waiting for a free connection outweighs the target's time. */
const mostBusy = 0.8;

/**
 * The stage that needed most of a pool too small for it; null where none did, where no request had to wait for a
 * connection, or where each user has its own. By Little's law (J. D. C. Little, Operations Research 9 (1961) 383–387)
 * the connections busy on average are rate × mean service time.
 *
 * The law is about the steady state. While the target stalls it fills a pool of any size, with one request of each
 * connection, and those who wait would have waited for the target anyway: so the mean leaves as many of the longest
 * service times out as there are connections. A median would forgive stalls too, but would miss a pool that the slow
 * part of the requests fills, and the means of several endpoints add up where their medians do not. A target that
 * answers slowly for long is not forgiven: there the wait behind the pool is longer than the target's own, and
 * no figure tells by how much. Requests that failed are the target's doing and count for nothing.
 */
export function poolShortage({ measurement }: RunRecord): PoolShortage | null {
  const { connections, load, windows } = measurement;
  const { max, queued, streams = 1 } = connections;
  if (load.model !== 'open' || max === null || queued === 0) return null;
  const shortages = windows.flatMap(({ kind, stage }): readonly PoolShortage[] => {
    if (kind !== 'stage') return [];
    const { figures } = analyse(measurement).of({ kind: 'stage', stage });
    if (figures.seconds === 0 || figures.ok <= max * streams) return [];
    const perSecond = figures.ok / figures.seconds;
    const serviceUs = meanOfLeast(figures.distribution('service').histogram, figures.ok - max * streams);
    const busy = (perSecond * serviceUs) / 1e6 / Math.max(1, streams);
    if (busy <= mostBusy * max) return [];
    const serviceMs = microsToMillis(micros(serviceUs));
    return [{ stage, perSecond, serviceMs, busy, max, enough: Math.ceil(busy / mostBusy) }];
  });
  return shortages.sort((one, other) => other.busy - one.busy)[0] ?? null;
}

function meanOfLeast(histogram: Histogram, count: number): number {
  const { tops, counts } = histogram.occupied();
  let [left, sum] = [count, 0];
  for (let index = 0; index < tops.length && left > 0; index += 1) {
    const taken = Math.min(left, counts[index] ?? 0);
    sum += taken * (tops[index] ?? 0);
    left -= taken;
  }
  return sum / count;
}
