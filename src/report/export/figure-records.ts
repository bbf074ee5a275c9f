import type { Document, Records } from '../document/document.ts';
import type { Summary } from '../summary/summary-schema.ts';
import { type MeasuredScope, measuredScopes } from './measured-scopes.ts';

const columns = [
  'scenario',
  'startedAt',
  'scope',
  'name',
  'metric',
  'unit',
  'value',
  'lowerBound',
  'limit',
  'budget',
  'baseline',
  'change',
  'regression',
] as const;

type Cell = Records['rows'][number][number];
type Figure = readonly [metric: string, unit: string, value: number | null, isLowerBound: boolean];

/** The flat table of a document for spreadsheets: its own, or of runs a row for each scope and metric. */
export function recordsOf(document: Document): Records {
  if (document.records !== undefined) return document.records;
  if (document.subject !== 'run' && document.subject !== 'comparison') return { columns: [], rows: [] };
  return { columns, rows: document.summary.runs.flatMap(rowsOfRun) };
}

function rowsOfRun(run: Summary['runs'][number]): readonly (readonly Cell[])[] {
  return measuredScopes(run).flatMap(scope => {
    const figures = figuresIn(scope);
    const shown = new Set(figures.map(([metric]) => metric));
    const judged = new Map(
      scope.findings
        .filter(({ metric }) => !shown.has(metric))
        .map(({ metric, unit, observed, atLeast }): [string, Figure] => [
          metric,
          [metric, unit, observed, atLeast],
        ]),
    );
    return [...figures, ...judged.values()].map(figure => rowOf(run, scope, figure));
  });
}

function rowOf(
  { scenario, startedAt }: Summary['runs'][number],
  { kind, name, findings }: MeasuredScope,
  [metric, unit, value, isLowerBound]: Figure,
): readonly Cell[] {
  const budget = findings.find(finding => finding.kind === 'budget' && finding.metric === metric);
  const regression = findings.find(finding => finding.kind === 'regression' && finding.metric === metric);
  return [
    scenario,
    startedAt,
    kind,
    name,
    metric,
    unit,
    value,
    isLowerBound,
    budget?.limit ?? null,
    budget?.status ?? null,
    regression?.baseline ?? null,
    regression?.change ?? null,
    regression?.status ?? null,
  ];
}

/** The figures of a scope by the names that budgets have for them. */
function figuresIn({ figures }: MeasuredScope): readonly Figure[] {
  const { requests, ok, errors, errorRate, rps, latencyMs, serviceMs, bytes, lowerBounds } = figures;
  const bounds = new Set(lowerBounds);
  const times = (prefix: string, key: string, all: typeof latencyMs): readonly Figure[] =>
    Object.entries(all).map(([name, value]) => [
      `${prefix}${name}`,
      'ms',
      value,
      bounds.has(`${key}.${name}`),
    ]);
  return [
    ['requests', 'count', requests, false],
    ['ok', 'count', ok, false],
    ['errors', 'count', errors, false],
    ['errorRate', 'ratio', errorRate, false],
    ['rps', 'perSecond', rps, false],
    ['bytes', 'bytes', bytes, false],
    ...times('', 'latencyMs', latencyMs),
    ...times('service.', 'serviceMs', serviceMs),
    ...Object.entries(figures.signals ?? {}).map(([name, value]): Figure => [name, 'ratio', value, false]),
  ];
}
