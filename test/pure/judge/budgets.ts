import { parseMetric } from '../../../src/analysis/metrics/table.ts';
import type { Budget, ScenarioBudgets, Scope, Waiver } from '../../../src/model/judgement/budget.ts';
import type { Metric } from '../../../src/model/judgement/metric.ts';
import { usualRegression } from '../../../src/model/judgement/regression-policy.ts';

/** One budget, on the whole run unless a scope is given; the limit is in the metric's own unit. */
export function budget(
  metric: string,
  limit: number,
  more: { readonly scope?: Scope; readonly warn?: number; readonly waiver?: Waiver } = {},
): Budget {
  return {
    scope: more.scope ?? { kind: 'total' },
    metric: parseMetric(metric) as Metric,
    limit,
    warn: more.warn ?? null,
    waiver: more.waiver ?? null,
  };
}

/** Budgets of one scenario, under the policy that thin evidence warns. */
export function budgets(...list: readonly Budget[]): ScenarioBudgets {
  return {
    budgets: list,
    regression: usualRegression,
    onInconclusive: 'warn',
    file: 'budgets.json',
    unused: [],
  };
}
