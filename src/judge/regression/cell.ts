import type { ScopeData } from '../../analysis/scope-data.ts';
import type { StartSpread } from '../../model/duet/duet.ts';
import type { LatenessCause } from '../../model/judgement/evidence.ts';
import type { Metric } from '../../model/judgement/metric.ts';
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
  /** How far starts of the workload's builds differ on this machine; null where no calibration tells. */
  readonly startSpread: StartSpread | null;
  /** What made the generator of the run late, if it was. */
  readonly cause: LatenessCause;
  /** Makes the resampling of this pair of runs repeatable. */
  readonly seed: number;
}

/** What a cell comes to: a finding without what it is about. */
export type CellOutcome = Pick<
  RegressionFinding,
  'status' | 'observed' | 'baseline' | 'change' | 'firm' | 'evidence' | 'reason'
>;

/** The probability with which any cell of a comparison accuses unchanged code, where the evidence tells it. */
export const falseAlarm = 0.01;

/** The q of a metric of a quantile; the median's of any other. */
export function levelOf({ form }: Metric): number {
  return form.kind === 'time' && form.statistic.kind === 'quantile' ? form.statistic.q : 0.5;
}
