import { type Budget, type ScenarioBudgets, type Scope, standingBudgets } from '../model/budget.ts';
import { PlimsollError, problem } from '../model/error.ts';
import { parseMetric } from '../model/metric.ts';
import { millis } from '../model/units.ts';
import { type BudgetsFile, budgetsSchema, type Limits } from './budgets-schema.ts';
import { readDocument } from './document.ts';
import { type Gathering, gather } from './gathering.ts';
import { nearest } from './nearest.ts';
import { type Document, type Path, placeOf } from './place.ts';
import { problemsFromZod } from './problem-from-zod.ts';
import { formatQuantity } from './quantity.ts';
import { duration } from './quantity-kind.ts';
import { inWords } from './wording.ts';

/** A budgets file that was read. */
export interface Budgets {
  readonly document: Document;
  readonly value: BudgetsFile;
}

/** What budgets must fit: a scenario by its name, its endpoints by theirs. */
export interface BudgetSubject {
  readonly scenario: string;
  readonly endpoints: readonly string[];
  /** How many stages the load has. */
  readonly stages: number;
  /** The longest that a request may take. */
  readonly timeoutMs: number;
}

/** One limit, with its place in the file. */
interface PlacedBudget {
  readonly budget: Budget;
  readonly path: Path;
}

/** Reads a budgets file, relative to the working folder or absolute; all its mistakes are told at once. */
export async function readBudgets(file: string, cwd: string): Promise<Budgets> {
  const document = await readDocument(file, cwd);
  const result = budgetsSchema.safeParse(document.value);
  if (result.success) return { document, value: result.data };
  if (document.value === null || document.value === undefined) {
    const expected = 'a map such as { "defaults": { "p95": "100ms", "errorRate": "1%" } }';
    throw problem('value.missing', { where: document.file, found: 'an empty file', expected });
  }
  throw new PlimsollError(problemsFromZod(result.error, document).map(({ path: _path, ...told }) => told));
}

/**
 * The budgets of one scenario: defaults spread over its total and its endpoints, the more specific limit before the
 * general one, and an error rate of 1 % on the total where no budget names one. Budgets that do not fit the scenario
 * are told all at once.
 */
export function budgetsFor(budgets: Budgets | null, subject: BudgetSubject): ScenarioBudgets {
  const gathering = gather();
  const placed = budgets === null ? [] : spread(budgets, subject, gathering);
  if (budgets !== null) refuseAboveTimeout(placed, budgets.document, subject, gathering);
  gathering.finish();
  return {
    budgets: standingBudgets(placed.map(({ budget }) => budget)),
    onInconclusive: budgets?.value.regression.onInconclusive ?? 'warn',
    file: budgets?.document.file ?? null,
  };
}

function spread(
  { document, value }: Budgets,
  subject: BudgetSubject,
  gathering: Gathering,
): readonly PlacedBudget[] {
  const { scenario: name, endpoints, stages } = subject;
  const own = Object.hasOwn(value.scenarios ?? {}, name) ? value.scenarios?.[name] : undefined;
  const root: Path = ['scenarios', name];
  const total = merged({ kind: 'total' }, [
    [value.defaults, ['defaults']],
    [own?.total, [...root, 'total']],
  ]);
  const ofStages = Object.entries(own?.stages ?? {}).flatMap(([number, limits]) => {
    const path = [...root, 'stages', number];
    const stage = Number(number);
    if (stage > stages) gathering.add(noStage(placeOf(document, path), stage, subject));
    return merged({ kind: 'stage', stage }, [[limits, path]]);
  });
  const written = own?.endpoints ?? {};
  for (const endpoint of Object.keys(written)) {
    if (endpoints.includes(endpoint)) continue;
    gathering.add(noEndpoint(placeOf(document, [...root, 'endpoints', endpoint]), endpoint, subject));
  }
  const ofEndpoints = endpoints.flatMap(endpoint =>
    merged({ kind: 'endpoint', endpoint }, [
      [value.endpointDefaults, ['endpointDefaults']],
      [Object.hasOwn(written, endpoint) ? written[endpoint] : undefined, [...root, 'endpoints', endpoint]],
    ]),
  );
  return [...total, ...ofStages, ...ofEndpoints];
}

/** The limits of one scope; of several on one metric the last stands. */
function merged(
  scope: Scope,
  sources: readonly (readonly [Limits | undefined, Path])[],
): readonly PlacedBudget[] {
  const byMetric = new Map<string, PlacedBudget>();
  for (const [limits, path] of sources) {
    for (const [name, limit] of Object.entries(limits ?? {})) {
      const metric = parseMetric(name);
      if (metric === undefined || limit === undefined) continue;
      byMetric.set(name, { budget: { scope, metric, ...limit }, path: [...path, name] });
    }
  }
  return [...byMetric.values()];
}

function noStage(where: string, stage: number, { scenario, stages }: BudgetSubject) {
  return {
    code: 'value.reference',
    where,
    found: `stage ${stage}`,
    expected:
      stages === 1 ? `stage 1, the only one of ${scenario}` : `one of the ${stages} stages of ${scenario}`,
  } as const;
}

function noEndpoint(where: string, endpoint: string, { scenario, endpoints }: BudgetSubject) {
  const near = nearest(endpoint, endpoints);
  return {
    code: 'budget.noEndpoint',
    where,
    found: JSON.stringify(endpoint),
    expected: `an endpoint of ${scenario}: ${endpoints.join(', ')}`,
    ...(near === undefined ? {} : { instead: JSON.stringify(near) }),
  } as const;
}

function refuseAboveTimeout(
  placed: readonly PlacedBudget[],
  document: Document,
  { timeoutMs }: BudgetSubject,
  gathering: Gathering,
): void {
  for (const { budget, path } of placed) {
    if (budget.metric.kind !== 'latency' || budget.limit < timeoutMs) continue;
    const timeout = formatQuantity(duration, millis(timeoutMs));
    gathering.add({
      code: 'budget.aboveTimeout',
      where: placeOf(document, path),
      found: inWords(formatQuantity(duration, millis(budget.limit))),
      expected: `a limit below the timeout of ${timeout}`,
      instead: 'a lower limit, or a longer timeout in the scenario',
    });
  }
}
