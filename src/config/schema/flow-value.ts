import type { RequestText } from '../grammar/quantity-text.ts';
import type { ScenarioRequest, ScenarioThink } from './step-value.ts';

/** A request in one line, a request in full, a pause, or steps of steps. */
export type ScenarioStep = RequestText | ScenarioRequest | ScenarioThink | ScenarioRepeat | ScenarioGroup;

/** Steps that are made several times, one round after the other. */
export interface ScenarioRepeat {
  readonly repeat: number;
  readonly steps: readonly ScenarioStep[];
}

/** Steps that are measured as a whole, besides their requests. */
export interface ScenarioGroup {
  /** The name that they are measured under; budgets know it as an endpoint. */
  readonly group: string;
  readonly steps: readonly ScenarioStep[];
}
