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
