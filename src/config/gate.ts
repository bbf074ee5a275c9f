import type { Budget, ScenarioBudgets } from '../model/judgement/budget.ts';
import { scopeName } from '../model/judgement/budget.ts';

/**
 * The budgets of the base, and of its own the checkout's where they ask for more: a limit on what the base does not limit,
 * or a stricter one without a waiver. Stages count only where the load is that of the base.
 */
export function strictest(base: ScenarioBudgets, own: ScenarioBudgets, isSameLoad: boolean): ScenarioBudgets {
  const keyOf = ({ scope, metric }: Budget) => `${scope.kind} ${scopeName(scope)} ${metric.name}`;
  const fitting = isSameLoad ? own.budgets : [];
  const ownByKey = new Map(fitting.map(budget => [keyOf(budget), budget]));
  const known = new Set(base.budgets.map(keyOf));
  return {
    ...base,
    budgets: [
      ...base.budgets.map(budget => stricter(budget, ownByKey.get(keyOf(budget)))),
      ...fitting.filter(budget => !known.has(keyOf(budget))),
    ],
    ...strictestCapacity(base, own),
    onInconclusive: own.onInconclusive === 'fail' ? 'fail' : base.onInconclusive,
    requireBaseline: base.requireBaseline === true || own.requireBaseline === true,
  };
}

function strictestCapacity(
  { capacity: base }: ScenarioBudgets,
  { capacity: own }: ScenarioBudgets,
): Pick<ScenarioBudgets, 'capacity'> {
  const isMore = base === undefined || (own?.unit === base.unit && own.least > base.least);
  const capacity = isMore ? own : base;
  return capacity === undefined ? {} : { capacity };
}

function stricter(base: Budget, own: Budget | undefined): Budget {
  if (own === undefined || own.waiver !== null) return base;
  const { direction } = base.metric;
  const isWithin = (value: number, limit: number) => (direction === 'atMost' ? value < limit : value > limit);
  if (!isWithin(own.limit, base.limit)) return base;
  const warn = own.warn ?? (base.warn !== null && isWithin(base.warn, own.limit) ? base.warn : null);
  return { ...own, warn };
}
