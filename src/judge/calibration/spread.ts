import { fewestStarts, type QuantileSpread } from '../../model/duet/calibration.ts';
import type { StartSpread } from '../../model/duet/duet.ts';
import { varianceComponents } from '../../stats/intervals/variance-component.ts';
import { confidence } from '../budgets/reading.ts';
import { effectsOf } from '../duet/effects.ts';
import type { Recorded } from './recorded.ts';

/**
 * How far starts differ in p50 and p95 of each endpoint: the component between starts of the log ratios of all phases.
 * What an injection adds is the same for all starts and so no part of it. Starts of which a phase has too few samples are
 * left out.
 */
export function spreadsOf({ cells, unchanged, changed }: Recorded): readonly QuantileSpread[] {
  const phases = unchanged.map((own, start) => [
    ...own,
    ...changed.flatMap(({ restarts }) => restarts[start] ?? []),
  ]);
  const effects = phases.map(restarts => effectsOf(restarts, cells));
  return cells.flatMap(({ endpoint, metric }, cell): readonly QuantileSpread[] => {
    const { name } = metric;
    if (name !== 'p50' && name !== 'p95') return [];
    const most = Math.max(0, ...effects.map(({ length }) => length));
    const table = effects
      .map(ofStart => ofStart.flatMap(restart => restart[cell] ?? []))
      .filter(({ length }) => length === most);
    const found = varianceComponents(table, confidence);
    if (found === null) return [];
    const { between: value, upper, within } = found;
    return [{ endpoint, metric: name, starts: table.length, value, upper, within }];
  });
}

/**
 * The greatest spread of all endpoints, in p50 or p95, by its bound; null of too few starts, and where an endpoint has
 * neither quantile of so many, since nothing is known of its starts.
 */
export function startSpreadOf(
  spreads: readonly QuantileSpread[],
  endpoints: readonly string[],
): StartSpread | null {
  const known = spreads.filter(({ starts }) => starts >= fewestStarts);
  if (!endpoints.every(endpoint => known.some(spread => spread.endpoint === endpoint))) return null;
  const [greatest] = known.toSorted((one, other) => other.upper - one.upper);
  if (greatest === undefined) return null;
  const { value, upper, starts } = greatest;
  return { value, upper, starts };
}
