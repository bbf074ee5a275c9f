import type { OnceRun } from '../../model/run/exchange.ts';

/** What came of sending each step once, for programs. */
export interface OnceSummary {
  readonly once: true;
  readonly runs: readonly OnceRun[];
}

/** The summary of scenarios whose steps were sent once. */
export function onceSummaryOf(runs: readonly OnceRun[]): OnceSummary {
  return { once: true, runs };
}

/** What sending each step once came to: all as expected, not all, or no answer at all. */
export function outcomeOfOnce(runs: readonly OnceRun[]): 'held' | 'failed' | 'unanswered' {
  const exchanges = runs.flatMap(run => run.exchanges);
  if (exchanges.every(({ answer }) => answer === null)) return 'unanswered';
  const isWhole = runs.every(({ unsent }) => unsent === 0);
  const isDeclared = runs.every(({ description }) => (description?.drifts ?? []).length === 0);
  return isWhole && isDeclared && exchanges.every(({ failure }) => failure === null) ? 'held' : 'failed';
}
