import type { FailureKind } from '../model/failure.ts';
import type { ConnectionCounts } from '../model/record.ts';
import type { DispatchCounts } from './dispatcher.ts';

/** What the connections of all workers did. */
export function connectionTotals(counts: readonly DispatchCounts[]): ConnectionCounts {
  const sum = (pick: (one: DispatchCounts) => number) => counts.reduce((total, one) => total + pick(one), 0);
  return {
    attempts: sum(({ attempts }) => attempts),
    errors: addUp<FailureKind>(counts.map(({ errors }) => errors)),
    closedIdle: sum(({ closedIdle }) => closedIdle),
    peak: sum(({ peak }) => peak),
    queued: sum(({ queued }) => queued),
  };
}

/** Adds counts up key by key. */
export function addUp<Key extends string>(
  counts: readonly { readonly [key in Key]?: number }[],
): { [key in Key]?: number } {
  const total: { [key in Key]?: number } = {};
  for (const one of counts) {
    for (const key of Object.keys(one) as Key[]) total[key] = (total[key] ?? 0) + (one[key] ?? 0);
  }
  return total;
}
