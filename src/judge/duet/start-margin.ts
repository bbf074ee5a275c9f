import { type DuetRecord, type StartSpread, sides, urlsOf } from '../../model/duet/duet.ts';
import type { StartMargin } from '../../model/duet/duet-reason.ts';
import { isLoopback } from '../../safety/loopback.ts';
import { normalQuantile } from '../../stats/intervals/normal.ts';
import { fewestInstances, instancesIn } from './instances.ts';

/** What starts of one build are taken to differ by where nobody measured it: standard deviations of the log ratio of a quantile. */
const assumed = { thisMachine: 0.07, otherMachine: 0.1 } as const;

/** The chance that starts alone make a greater difference than the margin, at any endpoint. */
const level = 0.007;

/**
 * By how much two instances of one build may differ by their starts alone: one start of each is drawn, and no number of rounds
 * draws another. With log ratios of normal deviation σ, the greatest of E endpoints exceeds Φ⁻¹(1 − 0.007/E) · σ in 0.7 % at
 * most (Bonferroni); a test that accuses only beyond it accuses 1.4 % at most, and that only where σ is no greater than
 * taken. The means of n instances a side differ by σ/√n. Never less than the floor. Null of restarts, which draw a start each, and
 * of five instances a side or more, whose labels say how far instances differ.
 */
export function startMarginOf(
  { layout, contestants }: Pick<DuetRecord, 'layout' | 'contestants'>,
  endpoints: number,
  floor: number,
  spread: StartSpread | null,
): StartMargin | null {
  const instances = instancesIn({ contestants });
  if (layout.repeat === 'restart' || instances >= fewestInstances) return null;
  const isHere = sides.every(side => urlsOf(contestants[side]).every(isLoopback));
  const place = isHere ? 'thisMachine' : 'otherMachine';
  const deviation = spread?.upper ?? assumed[place];
  const reach = (-normalQuantile(level / Math.max(1, endpoints)) * deviation) / Math.sqrt(instances);
  return {
    most: Math.max(floor, Math.expm1(reach)),
    deviation,
    from: spread === null ? { kind: place } : { kind: 'calibration', spread },
    endpoints,
    ...(instances > 1 ? { instances } : {}),
  };
}
