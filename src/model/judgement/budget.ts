import type { Metric } from './metric.ts';
import type { RegressionPolicy } from './regression-policy.ts';

/** What a budget or a finding speaks of. */
export type Scope =
  | { readonly kind: 'total' }
  /** Stages are counted from 1, as in the scenario file. */
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'endpoint'; readonly endpoint: string };

/** A limit that is not enforced until a day passes. */
export interface Waiver {
  /** The last day on which it holds, as `YYYY-MM-DD` (UTC). */
  readonly until: string;
  readonly reason: string;
}

/** An absolute limit on one metric of one scope; numbers are in the metric's unit. */
export interface Budget {
  readonly scope: Scope;
  readonly metric: Metric;
  readonly limit: number;
  /** Past this value, though within the limit, the finding is a warning; null for none. */
  readonly warn: number | null;
  readonly waiver: Waiver | null;
}

/** What a search of the capacity raises: journeys started per second of an open load, or users of a closed one. */
export type CapacityUnit = 'perSecond' | 'users';

/** The least load under which all other budgets have to hold. */
export interface CapacityLimit {
  readonly unit: CapacityUnit;
  readonly least: number;
}

/** What becomes of a run whose evidence is too thin for a verdict. */
export type InconclusivePolicy = 'warn' | 'fail';

/** The budgets that apply to one scenario, with defaults already spread over total and endpoints. */
export interface ScenarioBudgets {
  readonly budgets: readonly Budget[];
  /** How far metrics may change from earlier runs. */
  readonly regression: RegressionPolicy;
  readonly onInconclusive: InconclusivePolicy;
  /** A run fails that is not compared with an earlier one. */
  readonly requireBaseline?: boolean;
  /** A run fails with answers that are not as the description of its API declares them. */
  readonly failsOnDrift?: boolean;
  /** What `plimsoll capacity` has to find; runs know nothing of it. */
  readonly capacity?: CapacityLimit;
  /** The budgets file; null where none was found. */
  readonly file: string | null;
  /** Scenarios that the file has budgets for, and that are neither in the run nor known to be elsewhere. */
  readonly unused: readonly string[];
}

/** A scope in words: `total`, `stage 2`, or the endpoint's name. */
export function scopeName(scope: Scope): string {
  if (scope.kind === 'total') return 'total';
  return scope.kind === 'stage' ? `stage ${scope.stage}` : scope.endpoint;
}
