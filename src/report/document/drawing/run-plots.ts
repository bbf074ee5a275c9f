import { analyse } from '../../../analysis/analysis.ts';
import type { ScopeData } from '../../../analysis/scope-data.ts';
import type { Scope } from '../../../model/judgement/budget.ts';
import type { JudgedRun } from '../../../model/judgement/judged-run.ts';
import { regressionsIn } from '../../../model/judgement/regression.ts';
import { name } from '../../words/inline.ts';
import { type Plots, plotsOf } from '../plot.ts';
import { failurePlot, latencyPlot, ratePlot } from './course-plots.ts';
import { histogramPlot } from './histogram-plot.ts';
import { limitsOn } from './limits.ts';
import { percentilePlot } from './percentile-plot.ts';
import { trendPlot } from './trend-plot.ts';

/** The most endpoints whose drawings are always visible, and that have drawings at all. */
const mostVisible = 2;
const mostDrawn = 6;

/** The drawings of a run: of all endpoints together and of those that are no pass, and of the others. */
export interface RunPlots {
  readonly visible: readonly Plots[];
  readonly others: readonly Plots[];
  /** How many endpoints have none. */
  readonly without: number;
}

/** Makes the drawings of a run; an endpoint that is alone is all of them. */
export function runPlots(run: JudgedRun): RunPlots {
  const endpoints = run.record.measurement.endpoints.map(({ name: endpoint }) => endpoint);
  if (endpoints.length < 2) return { visible: totalPlots(run), others: [], without: 0 };
  const noted = notedEndpoints(run, endpoints);
  const [first, rest] = [noted.slice(0, mostVisible), noted.slice(mostVisible)];
  const others = [...rest, ...endpoints.filter(endpoint => !noted.includes(endpoint))];
  const drawn = others.slice(0, mostDrawn - first.length);
  return {
    visible: [...totalPlots(run), ...first.flatMap(endpoint => endpointPlots(endpoint, run))],
    others: drawn.flatMap(endpoint => endpointPlots(endpoint, run)),
    without: others.length - drawn.length,
  };
}

/** The endpoints of findings that are no pass, the worst first. */
function notedEndpoints({ judgement }: JudgedRun, endpoints: readonly string[]): readonly string[] {
  const findings = [...judgement.findings, ...regressionsIn(judgement.comparison)];
  const named = findings.flatMap(({ scope, status }) =>
    scope.kind === 'endpoint' && status !== 'pass' && endpoints.includes(scope.endpoint)
      ? [scope.endpoint]
      : [],
  );
  return [...new Set(named)];
}

function totalPlots(run: JudgedRun): readonly Plots[] {
  const { measurement } = run.record;
  const { windows, endpoints } = measurement;
  const [only] = endpoints;
  const scope: Scope = { kind: 'total' };
  const measured = analyse(run.record).of(scope);
  const own =
    endpoints.length === 1 && only !== undefined
      ? limitsOn({ kind: 'endpoint', endpoint: only.name }, run)
      : [];
  const limits = [...limitsOn(scope, run), ...own];
  const base = baseOf(scope, run);
  return plotsOf(null, [
    latencyPlot(measured, windows, limits),
    percentilePlot(measured, base, limits),
    ratePlot(measured, windows, limits),
    failurePlot(measured, windows, limits),
    histogramPlot(measured, base),
    trendPlot(scope, run, measured.response.p95?.value ?? null, limits),
  ]);
}

function endpointPlots(endpoint: string, run: JudgedRun): readonly Plots[] {
  const { windows } = run.record.measurement;
  const scope = { kind: 'endpoint', endpoint } as const;
  const measured = analyse(run.record).of(scope);
  const limits = limitsOn(scope, run);
  const base = baseOf(scope, run);
  return plotsOf(
    [name(endpoint)],
    [
      latencyPlot(measured, windows, limits),
      percentilePlot(measured, base, limits),
      failurePlot(measured, windows, limits),
      histogramPlot(measured, base),
      trendPlot(scope, run, measured.response.p95?.value ?? null, limits),
    ],
  );
}

function baseOf(scope: Scope, { judgement }: JudgedRun): ScopeData | null {
  const { comparison } = judgement;
  if (comparison.state !== 'compared' || comparison.measured === undefined) return null;
  return analyse(comparison.measured).of(scope);
}
