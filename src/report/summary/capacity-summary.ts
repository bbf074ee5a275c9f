import type { Capacity } from '../../model/capacity/capacity.ts';
import { scopeName } from '../../model/judgement/budget.ts';

/** What a search of the capacity comes to for programs. */
export type CapacitySummary = ReturnType<typeof capacitySummaryOf>;

/** The summary of a search. */
export function capacitySummaryOf(capacity: Capacity) {
  const { header, terms, probes, end, limit, standing, earlier } = capacity;
  return {
    schemaVersion: 1,
    header,
    verdict: standing.verdict,
    unit: terms.unit,
    capacity: 'capacity' in end ? end.capacity : null,
    limit,
    end,
    terms,
    earlier,
    probes: probes.map(({ outcome, ...figures }) => ({
      ...figures,
      outcome: outcome.kind,
      broke:
        outcome.kind === 'broke'
          ? outcome.by.map(({ scope, metric, observed, limit: most }) => ({
              scope: scopeName(scope),
              metric: metric.name,
              observed: observed?.value ?? null,
              limit: most,
            }))
          : [],
    })),
  };
}
