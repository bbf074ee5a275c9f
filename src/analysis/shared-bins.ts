import { micros, microsToMillis } from '../model/units.ts';
import type { Histogram } from '../stats/histogram.ts';

/** The share of each of two distributions that lies in a range of times. */
export interface SharedBin {
  readonly fromMs: number;
  readonly toMs: number;
  readonly base: number;
  readonly head: number;
}

const binCount = 36;
/** What lies beyond so rare a time on both sides goes into the last bin, so that one outlier does not flatten the rest. */
const rarest = 0.999;

/** Two distributions over the same bins, each wider than the one before by the same factor; none where one is empty. */
export function sharedBins(base: Histogram, head: Histogram): readonly SharedBin[] {
  if (base.count === 0 || head.count === 0) return [];
  const least = Math.max(1, Math.min(base.min, head.min));
  const most = Math.max(base.quantile(rarest), head.quantile(rarest), least * 1.2);
  const factor = (most / least) ** (1 / binCount);
  const above = ({ histogram, us }: { readonly histogram: Histogram; readonly us: number }) =>
    histogram.countAbove(micros(us)) / histogram.count;
  return Array.from({ length: binCount }, (_, index): SharedBin => {
    const [from, to] = [least * factor ** index, least * factor ** (index + 1)];
    const share = (histogram: Histogram) => {
      const over = index === 0 ? 1 : above({ histogram, us: from });
      return over - (index === binCount - 1 ? 0 : above({ histogram, us: to }));
    };
    return {
      fromMs: microsToMillis(micros(from)),
      toMs: microsToMillis(micros(to)),
      base: share(base),
      head: share(head),
    };
  });
}
