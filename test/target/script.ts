/** What the scripted target does with requests for one path; the truth that measurements are held against. */
export interface Behaviour {
  /** From the request to the answer. */
  readonly delayMs?: number;
  /** Every `every`-th request takes this long instead. */
  readonly slow?: { readonly every: number; readonly delayMs: number };
  /** Answers that would leave within this stretch leave at its end; counted from the path's first request. */
  readonly stall?: { readonly fromMs: number; readonly toMs: number };
  /** Every `every`-th request meets this instead of an answer. */
  readonly fault?: { readonly every: number; readonly kind: 'close' | 'reset' | 'hang' };
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  /** The last half of the body follows this much later than the first. */
  readonly bodyDelayMs?: number;
  readonly framing?: 'length' | 'chunked' | 'untilClose';
  /** Sent instead of an answer, as it is. */
  readonly raw?: string;
}

/** Behaviours by path (without query); other paths are answered 404. */
export interface Script {
  readonly [path: string]: Behaviour;
}

/** What the target saw. */
export interface TargetCounts {
  readonly connections: number;
  readonly requests: number;
  /** Moments of arrival in ms, by path. */
  readonly arrivals: { readonly [path: string]: readonly number[] };
  /** How long answers were held, in ms, by path: from a request's arrival to just before its last byte was written. */
  readonly held: { readonly [path: string]: readonly number[] };
  /** How late in ms the target's own loop came to its work since the counts were last asked for. */
  readonly lateMs: { readonly p99: number; readonly max: number };
  /** The first ten thousand requests, head and body. */
  readonly heads: readonly string[];
}
