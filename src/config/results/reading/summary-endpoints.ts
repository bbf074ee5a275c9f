import type { ScopeSummary } from '../../../model/run/results.ts';

/**
 * The summaries of endpoints by name. Quantiles of several summaries make no quantile of all, so where more than one belongs to an
 * endpoint, only what can be added up is left of them.
 */
export function endpointSummaries(found: Iterable<readonly [name: string, summary: ScopeSummary]>): {
  readonly [name: string]: ScopeSummary;
} {
  const joined = new Map<string, ScopeSummary>();
  for (const [name, summary] of found) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? summary : together(before, summary));
  }
  return Object.fromEntries(joined);
}

function together(one: ScopeSummary, other: ScopeSummary): ScopeSummary {
  const both = (pick: (summary: ScopeSummary) => number | null, join: (a: number, b: number) => number) => {
    const [a, b] = [pick(one), pick(other)];
    return a === null || b === null ? null : join(a, b);
  };
  const add = (a: number, b: number) => a + b;
  const statuses = new Map(Object.entries(one.statuses));
  for (const [status, count] of Object.entries(other.statuses)) {
    statuses.set(status, (statuses.get(status) ?? 0) + count);
  }
  const requests = both(({ requests }) => requests, add);
  const sum = both(
    ({ requests, times }) => (requests === null || times.avg === null ? null : requests * times.avg),
    add,
  );
  return {
    requests,
    errors: both(({ errors }) => errors, add),
    seconds: both(({ seconds }) => seconds, Math.max),
    statuses: Object.fromEntries(statuses),
    bytes: one.bytes + other.bytes,
    times: {
      avg: sum === null || requests === null || requests === 0 ? null : sum / requests,
      min: both(({ times }) => times.min, Math.min),
      max: both(({ times }) => times.max, Math.max),
      quantiles: [],
    },
  };
}
