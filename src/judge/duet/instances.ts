import { isShare } from '../../analysis/metrics/share-metric.ts';
import {
  type DuetRecord,
  instancesOf,
  type Look,
  type Restart,
  type Side,
  sides,
  urlsOf,
} from '../../model/duet/duet.ts';
import type { DuetNote } from '../../model/duet/duet-note.ts';
import type { InstanceLabels } from '../../model/duet/duet-reason.ts';
import {
  type InstanceValues,
  type LabelEvidence,
  labelDraws,
  labelTest,
} from '../../stats/flips/label-permutations.ts';
import { duetLooks } from '../../stats/flips/sequential-test.ts';
import { type DuetCell, testedValuesOf } from './effects.ts';

/** From so many instances a side on, their labels tell of the builds: of fewer, the likeliest way is one of 70. */
export const fewestInstances = 5;

/** The chance of a false accusation by any time: the two greatest of 252 ways, where there are five instances a side. */
const level = 0.008;
/** That the shift between the builds lies beyond its bound; there is one look. */
const tail = 0.05;

/** What the looks at error rates spend beside the labels: 0.2 % in all, so that with the 0.8 % of the labels it is at most 1 %. */
const spends = [0.001, 0.0005, 0.00025, 0.00025];

/** The looks of what fails by its rounds beside the labels, which is error rates. */
export const looksBesideLabels: readonly Look[] = duetLooks.map((look, index) => ({
  ...look,
  spend: spends[index] ?? 0,
}));

/** How many instances each side has. */
export function instancesIn({ contestants: { base, head } }: Pick<DuetRecord, 'contestants'>): number {
  return Math.max(1, Math.min(urlsOf(base).length, urlsOf(head).length));
}

/** What the labels of instances tell of each cell, null of shares; and by which labels. */
export interface LabelClaim {
  readonly labels: InstanceLabels;
  readonly cells: readonly (LabelEvidence | null)[];
}

/**
 * What several instances a side tell of their builds; null of fewer than five, and before the first look. Each instance has had one
 * start, and rounds draw no other: so each counts once, by the mean logarithm of its time over the rounds in which all of them tell,
 * up to the first look. There is one look since more rounds only steady these means, and five a side leave one way to spend.
 */
export function labelClaimOf(
  { contestants, restarts }: Pick<DuetRecord, 'contestants' | 'restarts'>,
  cells: readonly DuetCell[],
  seed: number,
): LabelClaim | null {
  const instances = instancesIn({ contestants });
  const first = duetLooks[0]?.restarts ?? 10;
  if (instances < fewestInstances || restarts.length < first) return null;
  const seen = restarts.slice(0, first);
  const valuesOf = (side: Side): readonly InstanceValues[] => {
    const ofCells = cells.map(cell => meansOf(seen, cell, side, instances));
    return Array.from({ length: instances }, (_, instance) =>
      ofCells.map(means => means?.[instance] ?? null),
    );
  };
  const draws = labelDraws(instances, seed);
  const sides = { base: valuesOf('base'), head: valuesOf('head') };
  return {
    labels: { instances, draws: draws.count, level },
    cells: labelTest(sides, draws, { level, tail }),
  };
}

/** The mean logarithm of each instance of a side, over the rounds in which all instances of both sides tell. */
function meansOf(
  rounds: readonly Restart[],
  { endpoint, metric }: DuetCell,
  side: Side,
  instances: number,
): readonly number[] | null {
  if (isShare(metric)) return null;
  const told = rounds.flatMap(round => {
    const values = testedValuesOf(
      round.endpoints.find(reading => reading.endpoint === endpoint),
      metric,
    );
    return values === null ? [] : [values[side]];
  });
  if (told.length === 0 || told.some(values => values.length !== instances)) return null;
  return Array.from(
    { length: instances },
    (_, instance) => told.reduce((sum, values) => sum + Math.log(values[instance] ?? 0), 0) / told.length,
  );
}

/** The instances of which every request failed, where a side has several: one that is gone makes its build look bad. */
export function failedInstancesNote({
  contestants,
  restarts,
}: Pick<DuetRecord, 'contestants' | 'restarts'>): DuetNote | null {
  if (instancesIn({ contestants }) === 1 || restarts.length === 0) return null;
  const readings = restarts.flatMap(({ endpoints }) => endpoints);
  const instances = sides.flatMap(side =>
    urlsOf(contestants[side]).flatMap((url, index) => {
      const own = readings.flatMap(reading => instancesOf(reading, side)[index] ?? []);
      return own.length > 0 && own.every(({ requests, errors }) => errors === requests)
        ? [{ side, url }]
        : [];
    }),
  );
  return instances.length === 0 ? null : { kind: 'failedInstances', instances };
}
