/** How an answer tells that it came from a cache: by the usual headers, or by a header of its own. */
export type CacheRule =
  /** `Cache-Status`, `CF-Cache-Status`, `X-Cache` or `Age`, the first of them that the answer has. */
  | { readonly by: 'usualHeaders' }
  /** The header, in lower case, and what its value holds at a hit, in any case; `^` and `$` bind it to the ends. */
  | { readonly by: 'header'; readonly header: string; readonly hit: string };

/** Something that an answer says of itself, read as a number, where the scenario asks for it. */
export type Signal =
  | { readonly name: 'cache'; readonly rule: CacheRule }
  /** Whether an answer held all that its step expects of it. */
  | { readonly name: 'checks' }
  /** Whether a streamed answer came whole. */
  | { readonly name: 'stream' };

/** A signal over many answers. */
export interface SignalCounts {
  /** Answers that said something: expected ones, of `checks` all that were looked at, and of `stream` all that began. */
  readonly told: number;
  /** What they said, added up; of the cache, hits, of `checks`, answers that held all, and of `stream`, whole ones. */
  readonly sum: number;
}

/** A signal of one endpoint in one window, and in each of its blocks. */
export interface WindowSignal extends SignalCounts {
  readonly blockTold: readonly number[];
  readonly blockSum: readonly number[];
}

/** Signals by name: those that the scenario asks for. */
export type SignalTotals = { readonly [signal: string]: SignalCounts };

/** The totals of several parts; undefined where none of them has any. */
export function addSignals(parts: readonly (SignalTotals | undefined)[]): SignalTotals | undefined {
  const known = parts.filter(part => part !== undefined);
  if (known.length === 0) return undefined;
  const totals: Record<string, { told: number; sum: number }> = {};
  for (const part of known) {
    for (const [name, { told, sum }] of Object.entries(part)) {
      const total = totals[name] ?? { told: 0, sum: 0 };
      totals[name] = { told: total.told + told, sum: total.sum + sum };
    }
  }
  return totals;
}
