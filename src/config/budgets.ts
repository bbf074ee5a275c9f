import { type MetricTable, metricTable, parseMetric, standingBudgets } from '../analysis/metrics/table.ts';
import type { Problem } from '../model/error.ts';
import type { ScenarioBudgets, Scope } from '../model/judgement/budget.ts';
import { usualRegression } from '../model/judgement/regression-policy.ts';
import { nearest } from '../words/nearest.ts';
import {
  type MostOffered,
  type PlacedBudget,
  refuseAboveTimeout,
  refuseOfWhole,
  refuseUnoffered,
  refuseUnrecorded,
} from './placed-budget.ts';
import { defaultName } from './scenario/scenario-file.ts';
import { type BudgetsFile, budgetsSchemaFor, type Limits } from './schema/budgets/budgets-schema.ts';
import { regressionPolicy } from './schema/budgets/regression-schema.ts';
import { problemsFromZod } from './schema/problem-from-zod.ts';
import { gather } from './source/diagnostics.ts';
import { readDocument } from './source/document.ts';
import { type Path, placeOf, type SourceDocument, valueAt } from './source/place.ts';

/** Budgets whose shape was checked. */
export interface CheckedBudgets {
  readonly document: SourceDocument;
  /** The metrics that it may name. */
  readonly table: MetricTable;
  /** Null where anything is wrong with its shape. */
  readonly value: BudgetsFile | null;
  /** What is wrong with its shape. */
  readonly problems: readonly Problem[];
}

/** What budgets must fit: a scenario by its name, its endpoints by theirs. */
export interface BudgetSubject {
  readonly scenario: string;
  readonly endpoints: readonly string[];
  /** The names of what is measured as a whole, which count as endpoints of their own; left out where nothing is. */
  readonly transactions?: readonly string[];
  /** How many stages the load has. */
  readonly stages: number;
  /** The longest that a request may take. */
  readonly timeoutMs: number;
  /** What its load offers; left out of a record, which does not say what was planned. */
  readonly mostOffered?: MostOffered;
  /** The signals that it reads of answers, by name: some metrics are read from them. */
  readonly signals: readonly string[];
  /** Its file; null where it has none. */
  readonly file: string | null;
  /**
   * The other scenarios of the run and of the folder, for which a file may hold budgets as well; null where they are not
   * known, so that no name can be told to be wrong.
   */
  readonly others: readonly string[] | null;
}

/** Reads a budgets file, relative to the working folder or absolute; what is wrong with its shape is for `budgetsFor` to tell. */
export async function readBudgetsFile(
  file: string,
  cwd: string,
  table: MetricTable = metricTable,
): Promise<CheckedBudgets> {
  return checkBudgets(await readDocument(file, cwd), table);
}

/** Whether budgets name scenarios besides these: only then does it matter what others there are. */
export function namesOthers({ document }: CheckedBudgets, scenarios: readonly string[]): boolean {
  return Object.keys(mapAt(document.value, ['scenarios'])).some(name => !scenarios.includes(name));
}

/** Checks the shape of budgets. */
export function checkBudgets(document: SourceDocument, table: MetricTable = metricTable): CheckedBudgets {
  const result = budgetsSchemaFor(table).safeParse(document.value);
  if (result.success) return { document, table, value: result.data, problems: [] };
  if (document.value === null || document.value === undefined) {
    const expected = 'a map such as { "defaults": { "p95": "100ms", "errorRate": "1%" } }';
    const empty = { code: 'file.empty', where: document.file, expected } as const;
    return { document, table, value: null, problems: [empty] };
  }
  const problems = problemsFromZod(result.error, document).map(({ path: _path, ...told }) => told);
  return { document, table, value: null, problems };
}

/**
 * The budgets of one scenario: defaults spread over its total and its endpoints, the more specific limit before the
 * general one, and an error rate of 1 % on the total where no budget names one. Budgets that do not fit the scenario
 * are told all at once.
 */
export function budgetsFor(budgets: CheckedBudgets | null, subject: BudgetSubject): ScenarioBudgets {
  if (budgets === null) {
    return {
      budgets: standingBudgets([]),
      regression: usualRegression,
      onInconclusive: 'warn',
      file: null,
      unused: [],
    };
  }
  const { document, table, value, problems } = budgets;
  const diagnostics = gather();
  diagnostics.add(...problems, ...strangers(document, subject));
  const placed = value === null ? [] : spread(value, subject, table);
  refuseAboveTimeout(placed, document, subject, diagnostics);
  if (subject.mostOffered !== undefined) refuseUnoffered(placed, document, subject.mostOffered, diagnostics);
  refuseUnrecorded(placed, document, subject, diagnostics);
  refuseOfWhole(placed, document, subject, diagnostics);
  diagnostics.finish();
  return {
    budgets: standingBudgets(
      placed.map(({ budget }) => budget),
      table,
    ),
    regression: value === null ? usualRegression : regressionPolicy(value.regression),
    onInconclusive: value?.regression.onInconclusive ?? 'warn',
    ...(value?.regression.requireBaseline ? { requireBaseline: true } : {}),
    ...capacityIn(value, subject),
    file: document.file,
    unused: unusedNames(document, subject),
  };
}

function capacityIn(
  value: BudgetsFile | null,
  { scenario }: BudgetSubject,
): Pick<ScenarioBudgets, 'capacity'> {
  const capacity = value?.scenarios?.[scenario]?.capacity;
  return capacity === undefined ? {} : { capacity };
}

/** Names of a budgets file that stand for nothing; whatever else may be wrong with it, they can be told. */
function strangers(document: SourceDocument, subject: BudgetSubject): readonly Problem[] {
  const { scenario, stages } = subject;
  const endpoints = namesOf(subject);
  const root: Path = ['scenarios', scenario];
  const namesAt = (...path: Path) => Object.keys(mapAt(document.value, path));
  return [
    ...misspelt(document, subject),
    ...namesAt(...root, 'stages')
      .filter(stage => Number(stage) > stages)
      .map(stage => noStage(placeOf(document, [...root, 'stages', stage]), Number(stage), subject)),
    ...namesAt(...root, 'endpoints')
      .filter(endpoint => !endpoints.includes(endpoint))
      .map(endpoint => noEndpoint(placeOf(document, [...root, 'endpoints', endpoint]), endpoint, subject)),
  ];
}

/** Scenarios that a budgets file names and nobody knows. */
function unusedNames({ value }: SourceDocument, { scenario, others }: BudgetSubject): readonly string[] {
  if (others === null) return [];
  return Object.keys(mapAt(value, ['scenarios'])).filter(name => name !== scenario && !others.includes(name));
}

/** A name that nobody has, and that can only mean a scenario without budgets of its own: nearly its name, or its file's. */
function misspelt(document: SourceDocument, subject: BudgetSubject): readonly Problem[] {
  const { scenario, file } = subject;
  if (Object.hasOwn(mapAt(document.value, ['scenarios']), scenario)) return [];
  const unused = unusedNames(document, subject);
  const ofFile = file === null ? undefined : unused.find(name => name === defaultName(file));
  const meant = ofFile ?? nearest(scenario, unused);
  if (meant === undefined) return [];
  return [
    {
      code: 'budgets.unknown-scenario',
      where: placeOf(document, ['scenarios', meant]),
      found: JSON.stringify(meant),
      expected: 'the name of a scenario',
      instead: JSON.stringify(scenario),
    },
  ];
}

function mapAt(value: unknown, path: Path): object {
  const found = valueAt(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {};
}

function spread(value: BudgetsFile, subject: BudgetSubject, table: MetricTable): readonly PlacedBudget[] {
  const { scenario: name, transactions = [] } = subject;
  const own = Object.hasOwn(value.scenarios ?? {}, name) ? value.scenarios?.[name] : undefined;
  const root: Path = ['scenarios', name];
  const total = merged(table, { kind: 'total' }, [
    [value.defaults, ['defaults']],
    [own?.total, [...root, 'total']],
  ]);
  const ofStages = Object.entries(own?.stages ?? {}).flatMap(([number, limits]) => {
    const path = [...root, 'stages', number];
    return merged(table, { kind: 'stage', stage: Number(number) }, [[limits, path]]);
  });
  const written = own?.endpoints ?? {};
  const ofEndpoints = namesOf(subject).flatMap(endpoint =>
    merged(table, { kind: 'endpoint', endpoint }, [
      // A limit for single requests is none for many of them together.
      [transactions.includes(endpoint) ? undefined : value.endpointDefaults, ['endpointDefaults']],
      [Object.hasOwn(written, endpoint) ? written[endpoint] : undefined, [...root, 'endpoints', endpoint]],
    ]),
  );
  return [...total, ...ofStages, ...ofEndpoints];
}

/** The limits of one scope; of several on one metric the last stands. */
function merged(
  table: MetricTable,
  scope: Scope,
  sources: readonly (readonly [Limits | undefined, Path])[],
): readonly PlacedBudget[] {
  const byMetric = new Map<string, PlacedBudget>();
  for (const [limits, path] of sources) {
    for (const [name, limit] of Object.entries(limits ?? {})) {
      const metric = parseMetric(name, table);
      if (metric === undefined || limit === undefined) continue;
      byMetric.set(name, { budget: { scope, metric, ...limit }, path: [...path, name] });
    }
  }
  return [...byMetric.values()];
}

function namesOf({ endpoints, transactions = [] }: BudgetSubject): readonly string[] {
  return [...endpoints, ...transactions];
}

function noStage(where: string, stage: number, { scenario, stages }: BudgetSubject) {
  return {
    code: 'budgets.unknown-stage',
    where,
    found: `stage ${stage}`,
    expected:
      stages === 1 ? `stage 1, the only one of ${scenario}` : `one of the ${stages} stages of ${scenario}`,
  } as const;
}

function noEndpoint(where: string, endpoint: string, subject: BudgetSubject) {
  const { scenario } = subject;
  const endpoints = namesOf(subject);
  const near = nearest(endpoint, endpoints);
  return {
    code: 'budgets.unknown-endpoint',
    where,
    found: JSON.stringify(endpoint),
    expected: `an endpoint of ${scenario}: ${endpoints.join(', ')}`,
    ...(near === undefined ? {} : { instead: JSON.stringify(near) }),
  } as const;
}
