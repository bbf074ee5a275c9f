import type { Budget, Scope } from '../model/judgement/budget.ts';
import { millis, perSecond } from '../model/units.ts';
import { inWords } from '../words/value-text.ts';
import { formatQuantity } from './grammar/quantity.ts';
import { durationKind, rate } from './grammar/quantity-kind.ts';
import type { Diagnostics } from './source/diagnostics.ts';
import { type Path, placeOf, type SourceDocument } from './source/place.ts';

/** One limit, with its place in the file. */
export interface PlacedBudget {
  readonly budget: Budget;
  readonly path: Path;
}

/** What is measured as a whole, by name. */
interface Wholes {
  readonly transactions?: readonly string[];
}

/** A limit at or above the timeout can never be judged. */
export function refuseAboveTimeout(
  placed: readonly PlacedBudget[],
  document: SourceDocument,
  { timeoutMs, transactions = [] }: Wholes & { readonly timeoutMs: number },
  diagnostics: Diagnostics,
): void {
  for (const { budget, path } of placed) {
    // Many requests together may take longer than each of them may.
    if (isOfWhole(budget, transactions)) continue;
    if (budget.metric.form.kind !== 'time' || budget.limit < timeoutMs) continue;
    const timeout = formatQuantity(durationKind, millis(timeoutMs));
    diagnostics.add({
      code: 'budgets.above-timeout',
      where: placeOf(document, path),
      found: inWords(formatQuantity(durationKind, millis(budget.limit))),
      expected: `a limit below the timeout of ${timeout}`,
      instead: 'a lower limit, or a longer timeout in the scenario',
    });
  }
}

function isOfWhole({ scope }: Budget, transactions: readonly string[]): boolean {
  return scope.kind === 'endpoint' && transactions.includes(scope.endpoint);
}

/** What is measured as a whole has response times, errors and a rate, and no answer of its own. */
export function refuseOfWhole(
  placed: readonly PlacedBudget[],
  document: SourceDocument,
  { transactions = [] }: Wholes,
  diagnostics: Diagnostics,
): void {
  for (const { budget, path } of placed) {
    const { name, form, signal } = budget.metric;
    const isOfAnswers = signal !== null || (form.kind === 'time' && form.of !== 'response');
    if (!isOfWhole(budget, transactions) || !isOfAnswers) continue;
    diagnostics.add({
      code: 'budgets.not-of-whole',
      where: placeOf(document, path),
      found: name,
      expected: 'p95 and other response times, errorRate or rps',
    });
  }
}

/** The most requests that a load can bring in a scope, over so many seconds; null where nobody can tell beforehand. */
export type MostOffered = (scope: Scope) => { readonly requests: number; readonly seconds: number } | null;

/** A floor above what an open load offers can never be met, and of a stage in which nothing is due nothing can be said. */
export function refuseUnoffered(
  placed: readonly PlacedBudget[],
  document: SourceDocument,
  mostOffered: MostOffered,
  diagnostics: Diagnostics,
): void {
  const idle = new Set<string>();
  for (const { budget, path } of placed) {
    const { scope, metric, limit } = budget;
    const most = mostOffered(scope);
    if (most === null) continue;
    if (scope.kind === 'stage' && most.requests === 0) {
      const where = placeOf(document, path.slice(0, -1));
      if (idle.has(where)) continue;
      idle.add(where);
      diagnostics.add({
        code: 'budgets.idle-stage',
        where,
        found: `stage ${scope.stage}, which has a rate of 0/s`,
        expected: 'a stage in which requests are due',
      });
      continue;
    }
    const offered = most.requests / most.seconds;
    // A request may have any number of events.
    if (metric.form.kind !== 'rate' || metric.signal !== null || limit <= offered * (1 + 1e-9)) continue;
    const shown = formatQuantity(rate, perSecond(Number(offered.toPrecision(4))));
    diagnostics.add({
      code: 'budgets.not-offered',
      where: placeOf(document, path),
      found: inWords(formatQuantity(rate, perSecond(limit))),
      expected: `at most ${shown}: the load offers no more`,
    });
  }
}

/** What a scenario writes so that a signal is recorded. */
const askedBy: { readonly [signal: string]: string } = {
  cache: 'cache: true',
  checks: 'expect: { status: 200 }',
  stream: 'stream: sse',
};

/** A limit on what the scenario does not read would have no data. */
export function refuseUnrecorded(
  placed: readonly PlacedBudget[],
  document: SourceDocument,
  { scenario, signals }: { readonly scenario: string; readonly signals: readonly string[] },
  diagnostics: Diagnostics,
): void {
  const told = new Set<string>();
  for (const { budget, path } of placed) {
    const { name, signal } = budget.metric;
    const where = placeOf(document, path);
    if (signal === null || signals.includes(signal) || told.has(where)) continue;
    told.add(where);
    diagnostics.add({
      code: 'budgets.not-recorded',
      where,
      found: name,
      expected: `a metric that the scenario ${scenario} records`,
      instead: `\`${askedBy[signal] ?? signal}\` in the scenario; or the limit for those scenarios alone that have it`,
    });
  }
}
