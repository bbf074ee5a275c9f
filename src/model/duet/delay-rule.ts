/**
 * How answers are delayed: not at all; every one by `factor` × the time to its first byte as the proxy sees it; or the
 * slowest tenth of each endpoint alone, so that its p95 moves and its p50 does not. Quantiles of whole answer times move
 * by less than the factor: by how much is measured.
 */
export type DelayRule =
  | { readonly kind: 'none' }
  /** `factor` is a share: 0.1 makes a tenth slower. */
  | { readonly kind: 'scale' | 'tail'; readonly factor: number };
