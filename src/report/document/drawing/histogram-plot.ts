import type { ScopeData } from '../../../analysis/scope-data.ts';
import { sharedBins } from '../../../analysis/shared-bins.ts';
import { duration, observation, percent } from '../../../words/quantity-text.ts';
import type { Course } from '../plot.ts';
import { figure, left, right, table, textCell } from '../table.ts';

/** How many requests took how long, in the run and in its baseline. */
export function histogramPlot(measured: ScopeData, base: ScopeData | null): Course | null {
  if (base === null) return null;
  const histogramOf = ({ figures }: ScopeData) => figures.distribution('response').histogram;
  const bins = sharedBins(histogramOf(base), histogramOf(measured));
  if (bins.length === 0) return null;
  const middle = ({ fromMs, toMs }: (typeof bins)[number]) => Math.sqrt(fromMs * toMs);
  return {
    kind: 'course',
    title: 'Base and head by response time',
    says: [
      `The share of requests that took so long, base and head; p50 was ${observation(base.response.p50, 'ms')} and is ${observation(measured.response.p50, 'ms')}.`,
    ],
    x: { of: 'ms', scale: 'log' },
    y: { of: 'ratio', scale: 'linear' },
    layers: [
      {
        kind: 'bars',
        name: 'head',
        tone: 'main',
        bars: bins.map(({ fromMs, toMs, head }) => ({ from: fromMs, to: toMs, value: head })),
      },
      {
        kind: 'line',
        name: '',
        tone: 'side',
        points: bins.flatMap(({ fromMs, toMs, base: share }) => [
          [fromMs, share] as const,
          [toMs, share] as const,
        ]),
      },
    ],
    legend: [
      { name: 'head', tone: 'main', as: 'area' },
      { name: 'base', tone: 'side', as: 'line' },
    ],
    rowsAt: bins.map(middle),
    behind: table(
      [left('response time'), right('base'), right('head')],
      bins.map(({ fromMs, toMs, base: was, head: is }) => ({
        cells: [
          textCell(`${duration(fromMs)} – ${duration(toMs)}`),
          figure(percent(was), was, 'ratio'),
          figure(percent(is), is, 'ratio'),
        ],
      })),
    ),
  };
}
