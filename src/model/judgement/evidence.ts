/** A measured value, in its metric's unit. */
export interface Observed {
  readonly value: number;
  /** True where the real value is at least this: the quantile falls among requests that never ended. */
  readonly atLeast: boolean;
}

/** A confidence interval around an observed value, in its metric's unit. */
export interface Interval {
  /** Null where there are too few samples for a bound on this side. */
  readonly low: number | null;
  readonly high: number | null;
  /** For instance 0.95. */
  readonly confidence: number;
}

/** How much data a finding rests on. */
export interface Evidence {
  readonly samples: number;
  /** Samples left after deflation for clustering: `samples / designEffect`. */
  readonly effectiveSamples: number;
  readonly designEffect: number;
}

/**
 * Whether samples clustered, rather than seemed to by chance: of independent samples in ten slices, one finding in 700
 * has a design effect above 3.
 */
export function isClustered({ designEffect }: Pick<Evidence, 'designEffect'>): boolean {
  return designEffect > 3;
}

/**
 * Why an interval of a run does not tell what the next run brings: what it counts comes and goes over many seconds, or in a few
 * bursts; or there is none, since another tool kept only a summary.
 */
export type Unsettled = 'drift' | 'bursts' | 'summary';

/** What made the generator late, as far as this can be known; shares are of all cores of its machine. */
export type LatenessCause =
  /** Other processes; `withTarget` says that the target may be one of them. */
  | { readonly kind: 'others'; readonly share: number; readonly withTarget: boolean }
  /** The host of a virtual machine, which gave its cores to others. */
  | { readonly kind: 'host'; readonly share: number }
  /** The API that Plimsoll started on the same machine. */
  | { readonly kind: 'served'; readonly share: number }
  /** The generator's own work: the share of its time that the busiest of its workers worked. */
  | { readonly kind: 'ownWork'; readonly busy: number }
  | { readonly kind: 'unknown' };
