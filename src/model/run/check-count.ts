/** How often one check of an endpoint held, warm-up included. */
export interface CheckCount {
  readonly endpoint: string;
  /** For instance `status` or `json $.total`. */
  readonly check: string;
  readonly passed: number;
  readonly failed: number;
}

/** Answers of an endpoint that count as ok though their JSON has a top-level list of `errors`, as GraphQL's does. */
export interface ErrorBodyCount {
  readonly endpoint: string;
  /** Answers that were looked at, warm-up included: of many, a sample. */
  readonly seen: number;
  readonly withErrors: number;
  /** What the first of them says, redacted. */
  readonly message: string;
}
