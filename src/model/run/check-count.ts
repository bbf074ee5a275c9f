/** How often one check of an endpoint held, warm-up included. */
export interface CheckCount {
  readonly endpoint: string;
  /** For instance `status` or `json $.total`. */
  readonly check: string;
  readonly passed: number;
  readonly failed: number;
}
