import { observe } from '../../analysis/observe.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import { statisticsIn } from '../../analysis/summary-figures.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { Lack } from '../../model/judgement/finding-reason.ts';
import type { ScopeSummary } from '../../model/run/results.ts';

/** What another tool's results would have to hold for a budget to be judged, and do not; null where nothing is missing. */
export function lackOf({ scope, metric }: Budget, { figures, origin }: ScopeData): Lack | null {
  if (origin === undefined) return null;
  const { summary } = figures;
  if (scope.kind === 'stage') return { kind: 'stages' };
  if (scope.kind === 'endpoint' && origin.endpoints !== 'all' && isUntold(figures)) {
    return { kind: 'endpoint' };
  }
  const { form, signal } = metric;
  if (signal !== null) return { kind: 'metric' };
  // That nothing was sent, or nothing answered, is no lack of the format.
  if (summary !== undefined && isSilent(summary)) return null;
  switch (form.kind) {
    case 'time':
      if (form.of === 'firstByte') return { kind: 'metric' };
      if (summary === undefined || observe(metric, figures) !== null) return null;
      return { kind: 'statistic', held: statisticsIn(summary.times) };
    case 'share':
      return summary !== undefined && figures.errorRate === null ? { kind: 'metric' } : null;
    case 'rate':
      return figures.rps === null ? { kind: 'metric' } : null;
  }
}

function isSilent({ requests, errors, times }: ScopeSummary): boolean {
  return requests === 0 || (requests !== null && requests === errors && statisticsIn(times).length === 0);
}

function isUntold({ summary, requests }: ScopeData['figures']): boolean {
  if (summary === undefined) return requests === 0;
  return summary.requests === null && statisticsIn(summary.times).length === 0;
}
