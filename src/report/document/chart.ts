import type { MetricUnit } from '../../model/judgement/metric.ts';
import type { Inline } from '../words/inline.ts';
import type { Placed } from './placed.ts';

/** Values along an axis, as data: how they are drawn is for the renderer. Each series has its own scale, from zero. */
export interface Chart extends Placed {
  readonly kind: 'chart';
  readonly x: Axis;
  readonly series: readonly Series[];
  /** Stretches of the axis that mean something, by index of the first value in it and of the first after it. */
  readonly marks: readonly { readonly from: number; readonly to: number; readonly what: string }[];
}

/** What the values stand along: seconds from the start, or things in an order. */
export type Axis =
  | { readonly kind: 'seconds' }
  | { readonly kind: 'ordered'; readonly what: string; readonly labels: readonly string[] };

/** One line of a chart. */
export interface Series {
  readonly name: Inline;
  readonly unit: MetricUnit;
  /** Null where there was nothing to measure. */
  readonly values: readonly (number | null)[];
  /** The budgets that limit it, in its unit. */
  readonly limits: readonly number[];
}
