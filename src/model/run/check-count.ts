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
