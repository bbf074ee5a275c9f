import type { CourseStep } from '../../../analysis/course.ts';
import type { ScopeData } from '../../../analysis/scope-data.ts';
import type { Window } from '../../../model/run/record.ts';
import { counted, number, observation, percent, quantity, span } from '../../../words/quantity-text.ts';
import type { Course, Layer, PlotAxis, PlotPoint } from '../plot.ts';
import {
  count,
  figure,
  left,
  right,
  type TableCell,
  type TableColumn,
  table,
  textCell,
  time,
} from '../table.ts';
import type { DrawnLimit } from './limits.ts';
import { timeScale } from './time-scale.ts';

/** In milliseconds from the start of the run. */
const elapsed: PlotAxis = { of: 'elapsed', scale: 'linear' };

/** p50, p95 and p99 over the run, as bands, with the limits on them and the warm-up shaded. */
export function latencyPlot(
  measured: ScopeData,
  windows: readonly Window[],
  limits: readonly DrawnLimit[],
): Course | null {
  const steps = measured.course();
  if (steps.length < 2) return null;
  const drawn = limits.filter(({ metric }) => ['p50', 'p95', 'p99'].includes(metric));
  const line = (name: 'p50' | 'p95' | 'p99', tone: 'main' | 'middle' | 'faint'): Layer => ({
    kind: 'line',
    name,
    tone,
    points: steps.map(step => [middleOf(step), step[name]?.value ?? null]),
  });
  const band = (low: 'p50' | 'p95', high: 'p95' | 'p99', tone: 'middle' | 'faint'): Layer => ({
    kind: 'band',
    tone,
    points: steps.map(step => [middleOf(step), step[low]?.value ?? null, step[high]?.value ?? null]),
  });
  const values = steps.flatMap(({ p50, p95, p99 }) => [p50, p95, p99].flatMap(one => one?.value ?? []));
  const { p50, p95, p99 } = measured.response;
  return {
    ...courseOfSteps(steps, windows),
    title: 'Response time over the run',
    says: [
      `p50, p95 and p99 of the response times over the run; altogether ${observation(p50, 'ms')}, ${observation(p95, 'ms')} and ${observation(p99, 'ms')}.`,
    ],
    y: { of: 'ms', scale: timeScale([...values, ...drawn.map(({ value }) => value)]) },
    layers: [
      ...shades(windows),
      band('p95', 'p99', 'faint'),
      band('p50', 'p95', 'middle'),
      line('p99', 'faint'),
      line('p50', 'middle'),
      line('p95', 'main'),
      ...drawn.map((limit): Layer => limitLayer(limit, windows)),
    ],
    behind: stepTable(steps, [
      ['p50', step => time(step.p50)],
      ['p95', step => time(step.p95)],
      ['p99', step => time(step.p99)],
    ]),
  };
}

/** Requests due and answered as expected, each second, with limits on the rate. */
export function ratePlot(
  measured: ScopeData,
  windows: readonly Window[],
  limits: readonly DrawnLimit[],
): Course | null {
  const steps = measured.course();
  if (steps.length < 2) return null;
  const line = (name: string, pick: 'requests' | 'completed', tone: 'main' | 'side'): Layer => ({
    kind: 'line',
    name,
    tone,
    points: steps.map((step): PlotPoint => [middleOf(step), perSecondIn(step, pick)]),
  });
  const { requests, completed } = measured.figures;
  return {
    ...courseOfSteps(steps, windows),
    title: 'Rate offered and delivered',
    says: [
      `Requests due each second, and those answered as expected: ${counted(requests, 'request')} due over the stages, ${number(completed)} answered.`,
    ],
    y: { of: 'perSecond', scale: 'linear' },
    layers: [
      ...shades(windows),
      line('offered', 'requests', 'side'),
      line('delivered', 'completed', 'main'),
      ...limits.filter(({ metric }) => metric === 'rps').map((limit): Layer => limitLayer(limit, windows)),
    ],
    behind: stepTable(steps, [
      ['offered', step => rate(perSecondIn(step, 'requests'))],
      ['delivered', step => rate(perSecondIn(step, 'completed'))],
    ]),
  };
}

/** The share of requests that failed over the run, with limits on it; null where none did. */
export function failurePlot(
  measured: ScopeData,
  windows: readonly Window[],
  limits: readonly DrawnLimit[],
): Course | null {
  const steps = measured.course();
  const failed = steps.reduce((sum, { errors }) => sum + errors, 0);
  if (steps.length < 2 || failed === 0) return null;
  const share = ({ requests, errors }: CourseStep) => (requests > 0 ? errors / requests : 0);
  const { errors, errorRate } = measured.figures;
  return {
    ...courseOfSteps(steps, windows),
    title: 'Failures over the run',
    says: [
      `The share of requests that failed or never ended: ${counted(errors, 'error')} over the stages${errorRate === null ? '' : `, ${percent(errorRate)}`}.`,
    ],
    y: { of: 'ratio', scale: 'linear' },
    layers: [
      ...shades(windows),
      {
        kind: 'bars',
        name: '',
        tone: 'bad',
        bars: steps.map(step => ({ from: step.fromMs, to: step.toMs, value: share(step) })),
      },
      ...limits
        .filter(({ metric }) => metric === 'errorRate')
        .map((limit): Layer => limitLayer(limit, windows)),
    ],
    behind: stepTable(steps, [
      ['requests', step => count(step.requests)],
      ['errors', step => count(step.errors)],
      ['share', step => figure(percent(share(step)), share(step), 'ratio')],
    ]),
  };
}

function courseOfSteps(steps: readonly CourseStep[], _windows: readonly Window[]) {
  return { kind: 'course', x: elapsed, rowsAt: steps.map(middleOf) } as const;
}

const middleOf = ({ fromMs, toMs }: CourseStep) => (fromMs + toMs) / 2;

function perSecondIn(step: CourseStep, pick: 'requests' | 'completed'): number {
  const seconds = (step.toMs - step.fromMs) / 1_000;
  return seconds > 0 ? step[pick] / seconds : 0;
}

function rate(value: number): TableCell {
  return figure(quantity(value, 'perSecond'), value, 'perSecond');
}

function shades(windows: readonly Window[]): readonly Layer[] {
  return windows
    .filter(({ kind, durationMs }) => kind === 'warmup' && durationMs > 0)
    .map(({ startMs, durationMs }) => ({
      kind: 'shade',
      from: startMs,
      to: startMs + durationMs,
      what: 'warm-up',
    }));
}

/** Of a stage, over that stage; else over all of them, since no warm-up is judged. */
function limitLayer({ scope, value, what }: DrawnLimit, windows: readonly Window[]): Layer {
  const stages = windows.filter(
    window => window.kind === 'stage' && (scope.kind !== 'stage' || window.stage === scope.stage),
  );
  const from = Math.min(...stages.map(({ startMs }) => startMs));
  const to = Math.max(...stages.map(({ startMs, durationMs }) => startMs + durationMs));
  return { kind: 'limit', value, what, over: stages.length === 0 ? null : [from, to] };
}

function stepTable(
  steps: readonly CourseStep[],
  columns: readonly (readonly [title: string, cell: (step: CourseStep) => TableCell])[],
): Course['behind'] {
  const titles: readonly TableColumn[] = [left('from'), ...columns.map(([title]) => right(title))];
  return table(
    titles,
    steps.map(step => ({
      cells: [
        textCell(`${span(step.fromMs)}${step.window === 'warmup' ? ' (warm-up)' : ''}`),
        ...columns.map(([, cell]) => cell(step)),
      ],
    })),
  );
}
