/** The load generators whose results can be judged. */
export const resultTools = [
  'k6',
  'vegeta',
  'autocannon',
  'artillery',
  'oha',
  'wrk',
  'hey',
  'locust',
  'jmeter',
  'gatling',
] as const;

/** One of them. */
export type ResultTool = (typeof resultTools)[number];

/** What a tool worked out of its times, in milliseconds; null is what its results do not hold. */
export interface SummaryTimes {
  readonly avg: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** In rising order; `q` is between 0 and 1, exclusive. */
  readonly quantiles: readonly { readonly q: number; readonly ms: number }[];
}

/** What results that hold no single request tell of one scope; null is what they do not hold. */
export interface ScopeSummary {
  readonly requests: number | null;
  /** Failed requests; never more than `requests`. */
  readonly errors: number | null;
  readonly seconds: number | null;
  readonly statuses: { readonly [status: string]: number };
  readonly bytes: number;
  readonly times: SummaryTimes;
}

/** Summaries of the whole and of each endpoint. */
export interface ResultSummaries {
  readonly total: ScopeSummary;
  readonly endpoints: { readonly [name: string]: ScopeSummary };
}

/** Where a measurement comes from that Plimsoll did not make: another tool's results, of which it can only say what they hold. */
export interface ResultsOrigin {
  readonly tool: ResultTool;
  /** Which of the tool's formats: `summary export`. */
  readonly format: string;
  /** Whether they tell endpoints apart: all, those that the tool was asked for, or none. */
  readonly endpoints: 'all' | 'some' | 'none';
  /** Whether they count the requests that got no answer as well. */
  readonly failures: 'all' | 'answeredOnly';
  /** Null where they hold each request. */
  readonly summaries: ResultSummaries | null;
}
