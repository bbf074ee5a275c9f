/**
 * How answers are delayed: not at all; every one by `factor` × the time it took, so that all quantiles move by the
 * factor; or the slowest tenth of each endpoint alone, so that its p95 moves and its p50 does not.
 */
export type DelayRule =
  | { readonly kind: 'none' }
  /** `factor` is a share: 0.1 makes a tenth slower. */
  | { readonly kind: 'scale' | 'tail'; readonly factor: number };
