import { digestOfWorkload } from '../../config/scenario/digest.ts';
import type { CapacityTerms } from '../../model/capacity/capacity.ts';
import { type Budget, scopeName } from '../../model/judgement/budget.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Load } from '../../model/run/scenario.ts';
import { millis, perSecond } from '../../model/units.ts';

/** How many times as long as any other the probe is by which the end is confirmed. */
const confirmationTimes = 3;

/** A plan of the same requests under a steady load; by its digest it is no run of the scenario. */
export function probePlan(plan: Plan, level: number, confirms: boolean, terms: CapacityTerms): Plan {
  const duration = millis(terms.stepMs * (confirms ? confirmationTimes : 1));
  const warmup = millis(terms.warmupMs);
  const { load } = plan;
  const steady: Load =
    load.model === 'open'
      ? { ...load, warmup, stages: [{ duration, from: perSecond(level), to: perSecond(level) }] }
      : { ...load, warmup, stages: [{ duration, from: level, to: level }], iterations: null };
  return {
    ...plan,
    load: steady,
    digest: digestOfWorkload({ ...plan, load: steady }, [plan.digest]),
    // The search itself decides when to stop.
    abortOn: null,
  };
}

/** The budgets that can hold at any load: neither a floor on throughput nor the limits of the scenario's own stages. */
export function heldBudgets(budgets: readonly Budget[]): {
  readonly held: readonly Budget[];
  readonly unheld: readonly string[];
} {
  const isHeld = ({ scope, metric }: Budget) =>
    scope.kind !== 'stage' && !(metric.unit === 'perSecond' && metric.direction === 'atLeast');
  return {
    held: budgets.filter(isHeld),
    unheld: budgets
      .filter(budget => !isHeld(budget))
      .map(({ scope, metric }) => `${metric.name} of ${scopeName(scope)}`),
  };
}
