import { type BaselineSelection, mostRuns } from '../../model/judgement/baseline.ts';
import type { Basis } from '../../model/judgement/regression.ts';
import { fewestRuns } from '../../stats/intervals/prediction.ts';

/**
 * The strongest evidence that a choice of baselines affords; null where there is none. Where the chosen run is of
 * another machine but earlier ones are of this, the newest of those is the reference.
 */
export function basisOf({ choice, mismatch, alike }: BaselineSelection): Basis | null {
  if (choice.kind === 'none' || mismatch === null) return null;
  const isChosen = (id: string) => choice.run.entry.header.id === id;
  const chosen = alike.find(({ entry }) => isChosen(entry.header.id));
  const reference = chosen ?? alike[0];
  if (!reference) return { kind: 'unlike', why: choice, reference: choice.run, mismatch };
  const others = alike.filter(run => run !== reference).slice(0, mostRuns - 1);
  return others.length + 1 < fewestRuns
    ? { kind: 'fewRuns', why: choice, reference, others }
    : { kind: 'manyRuns', why: choice, reference, runs: [reference, ...others] };
}

/**
 * What an earlier run's index entry says of a metric of an endpoint, without the delay of its generator where the entry
 * knows it; null where it was not seen or is only a lower bound.
 */
export function indexed(run: Basis['reference'], endpoint: string, metric: string): number | null {
  const figures = run.entry.endpoints.find(({ name }) => name === endpoint);
  if (!figures || figures.atLeast.includes(metric)) return null;
  return figures.onTime?.[metric] ?? figures.metrics[metric] ?? null;
}

/** The earlier runs besides the reference. */
export function othersOf(basis: Basis): readonly Basis['reference'][] {
  if (basis.kind === 'unlike') return [];
  return basis.kind === 'fewRuns' ? basis.others : basis.runs.filter(run => run !== basis.reference);
}
