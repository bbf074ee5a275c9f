import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Budget } from '../../model/judgement/budget.ts';
import { type Metric, parseMetric } from '../../model/judgement/metric.ts';
import type { Basis, RegressionFinding } from '../../model/judgement/regression.ts';
import type { RegressionPolicy } from '../../model/judgement/regression-policy.ts';

/** One endpoint and metric of a run and its reference. */
export interface Cell {
  readonly endpoint: string;
  readonly metric: Metric;
  /** Whether a green run needs it. */
  readonly required: boolean;
  readonly baseline: ScopeData;
  readonly run: ScopeData;
  readonly confounded: boolean;
}

/** What every cell of a comparison is decided by. */
export interface Terms {
  readonly basis: Basis;
  readonly policy: RegressionPolicy;
  /** The probability with which unchanged code may be accused in one cell: `falseAlarm` shared by all cells. */
  readonly chance: number;
  /** Makes the resampling of this pair of runs repeatable. */
  readonly seed: number;
}

/** What a cell comes to: a finding without what it is about. */
export type Ruling = Pick<
  RegressionFinding,
  'status' | 'observed' | 'baseline' | 'change' | 'firm' | 'evidence' | 'reason'
>;

/** The probability with which any cell of a comparison accuses unchanged code, where the evidence tells it. */
export const falseAlarm = 0.01;

/** The quantiles that are compared, and whether a green run needs them where no budget asks. */
const compared = [
  { name: 'p50', required: true },
  { name: 'p95', required: true },
  { name: 'p99', required: false },
] as const;

/** The times that are compared of an endpoint: p50, p95, and p99, which is required where a budget asks for it. */
export function timesToCompare(
  endpoint: string,
  budgets: readonly Budget[],
): readonly { readonly metric: Metric; readonly required: boolean }[] {
  return compared.flatMap(({ name, required }) => {
    const metric = parseMetric(name);
    if (!metric) return [];
    const isAsked = budgets.some(
      ({ scope, metric: asked }) =>
        asked.name === name && (scope.kind !== 'endpoint' || scope.endpoint === endpoint),
    );
    return [{ metric, required: required || isAsked }];
  });
}
