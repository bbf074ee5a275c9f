import type { DuetLayout } from '../../model/duet/duet.ts';
import {
  type DroppedRestart,
  type MachineStrain,
  type OfBoth,
  type Restart,
  sides,
} from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import { medianOf } from '../../stats/order-statistic.ts';

/** The share of stolen or of throttled time, in the turns of each side, above which a restart does not count. */
export const mostStrain = 0.05;

/**
 * Whether the machine kept both sides of a restart from running: the host stole more than 5 % of the cores' time in the turns of each
 * side, or a container was throttled for so long. Fixed beforehand and by these figures alone, never by what was measured: swapping the sides
 * changes nothing, so the flips of the restarts that count stay exact. Both sides, since turns alternate within half a second: what comes from outside meets
 * both, and what meets one side alone may be that side's own doing, as the quota of a container is that a slower build uses up. That is kept.
 */
export function isStrained(machine: OfBoth<MachineStrain> | undefined): boolean {
  if (machine === undefined) return false;
  return (['stolen', 'throttled'] as const).some(kind =>
    sides.every(side => (machine[side][kind] ?? 0) > mostStrain),
  );
}

/** How the machine fared in the turns of both sides, by the median of the restarts that count, and how many do not. */
export function strainNote(
  restarts: readonly Restart[],
  dropped: readonly DroppedRestart[],
  { repeat }: Pick<DuetLayout, 'repeat'>,
): DuetNote | null {
  const medians = (kind: keyof MachineStrain) => {
    const known = restarts.flatMap(({ machine }) => {
      const [base, head] = sides.map(side => machine?.[side][kind] ?? null);
      return typeof base === 'number' && typeof head === 'number' ? [{ base, head }] : [];
    });
    if (known.length === 0) return null;
    return { base: medianOf(known.map(({ base }) => base)), head: medianOf(known.map(({ head }) => head)) };
  };
  const [stolen, throttled, waited] = [medians('stolen'), medians('throttled'), medians('waited')];
  if (stolen === null && throttled === null && waited === null && dropped.length === 0) return null;
  return { kind: 'strain', stolen, throttled, waited, dropped: dropped.length, most: mostStrain, repeat };
}
