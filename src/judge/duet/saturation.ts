import { type DuetLayout, type Restart, type Side, sides } from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { medianOf } from '../../stats/order-statistic.ts';

/** From how much slower the last third of a turn is than the first, it is said. */
const noteworthyRise = 0.1;
/** In how many of the restarts it has to rise at all: by coin, 9 of 10 do in 1 %. */
const mostRestarts = 0.9;
/** The share of a core that is busy in a side's turns from which queues matter: they double from 0.7 to 0.85. */
const noteworthyCores = 0.7;

type Saturated = Extract<DuetNote, { readonly kind: 'nearSaturation' }>['sides'][number];

/**
 * Whether a side is near saturation in its turns; null where none is seen to be. A side idles after each turn, so its queues begin
 * empty in the next: where utilisation rises from 0.90 to 0.93, a lasting p95 rises 1.41 times, and one in turns of 250 ms 1.08
 * times. It shows in times that rise with the position in a turn, and in the processor time of servers that Plimsoll started;
 * of one with several processes a whole core is no limit, so that it may be said too early.
 */
export function saturationNote(restarts: readonly Restart[], { slotMs }: DuetLayout): DuetNote | null {
  const found = sides.flatMap((side): readonly Saturated[] => {
    const rise = riseOf(restarts, side);
    const cores = coresOf(restarts, side);
    const isRising = rise !== null && rise >= noteworthyRise;
    const isBusy = cores !== null && cores >= noteworthyCores;
    return isRising || isBusy ? [{ side, rise: isRising ? rise : null, cores: isBusy ? cores : null }] : [];
  });
  return found.length === 0 ? null : { kind: 'nearSaturation', sides: found, slotMs };
}

/** The median of how much slower the last third is; null where it is not in nearly all restarts, or not known. */
function riseOf(restarts: readonly Restart[], side: Side): number | null {
  const rises = restarts.flatMap(({ turnRise }) => turnRise?.[side] ?? []);
  if (rises.length < 5) return null;
  const rising = rises.filter(rise => rise > 1).length;
  return rising >= mostRestarts * rises.length ? medianOf(rises) - 1 : null;
}

/** The cores that a side kept busy in its turns: the median of its processor time over its own time. */
function coresOf(restarts: readonly Restart[], side: Side): number | null {
  const shares = restarts.flatMap(({ cpuUsPerRequest, endpoints, loadMs }) => {
    if (cpuUsPerRequest === null || loadMs <= 0) return [];
    const requests = endpoints.reduce((sum, reading) => sum + reading[side].requests, 0);
    return [(cpuUsPerRequest[side] * requests) / (500 * loadMs)];
  });
  return shares.length === 0 ? null : medianOf(shares);
}
