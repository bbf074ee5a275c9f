import type { RequestText } from '../grammar/quantity-text.ts';
import type { ScenarioRequest, ScenarioThink } from './step-value.ts';

/** A request in one line, a request in full, a pause, or steps of steps. */
export type ScenarioStep =
  | RequestText
  | ScenarioRequest
  | ScenarioThink
  | ScenarioRepeat
  | ScenarioGroup
  | ScenarioIf
  | ScenarioOneOf
  | ScenarioParallel;

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

/** Steps that are made where a condition holds, and others that are made where it does not. */
export interface ScenarioIf {
  /** A comparison such as `{{stock}} > 0`, or whether there is a value: `{{token}}`, `not {{token}}`. */
  readonly if: string;
  readonly steps: readonly ScenarioStep[];
  readonly else?: readonly ScenarioStep[];
}

/** One of several ways, picked by weight. */
export interface ScenarioOneOf {
  readonly oneOf: readonly (RequestText | ScenarioWay)[];
}

/** A way that a journey can take. */
export interface ScenarioWay {
  /** How often it is picked, compared with the others. Default: 1. */
  readonly weight?: number;
  /** What is made on it; an empty list for nothing. */
  readonly steps: readonly ScenarioStep[];
}

/** Requests that are made at once, as a page makes them; the journey goes on when all have ended. */
export interface ScenarioParallel {
  readonly parallel: readonly (RequestText | ScenarioRequest)[];
}
