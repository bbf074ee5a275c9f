import type { ScopeData } from '../../analysis/scope-data.ts';
import { statisticsIn } from '../../analysis/summary-figures.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import type { Lack } from '../../model/judgement/finding-reason.ts';

/** What another tool's results would have to hold for a budget to be judged, and do not; null where nothing is missing. */
export function lackOf({ scope, metric }: Budget, { figures, origin }: ScopeData): Lack | null {
  if (origin === undefined) return null;
  const { summary } = figures;
  if (scope.kind === 'stage') return { kind: 'stages' };
  if (scope.kind === 'endpoint' && origin.endpoints !== 'all' && isUntold(figures)) {
    return { kind: 'endpoint' };
  }
  const { form, signal, name } = metric;
  if (signal !== null) return { kind: 'metric' };
  switch (form.kind) {
    case 'time':
      if (form.of === 'firstByte') return { kind: 'metric' };
      if (summary === undefined || figures.distribution(form.of).summary === undefined) return null;
      return holds(name.replace(/^service\./, ''), statisticsIn(summary.times))
        ? null
        : { kind: 'statistic', held: statisticsIn(summary.times) };
    case 'share':
      return summary !== undefined && figures.errorRate === null ? { kind: 'metric' } : null;
    case 'rate':
      return figures.rps === null ? { kind: 'metric' } : null;
  }
}

const holds = (name: string, held: readonly string[]) =>
  held.some(
    one =>
      one === name || (isQuantile(one) && isQuantile(name) && Number(one.slice(1)) === Number(name.slice(1))),
  );
const isQuantile = (name: string) => /^p\d/.test(name);

function isUntold({ summary, requests }: ScopeData['figures']): boolean {
  if (summary === undefined) return requests === 0;
  return summary.requests === null && statisticsIn(summary.times).length === 0;
}
