import { type CurvePoint, percentileCurve } from '../../../analysis/percentile-curve.ts';
import type { ScopeData } from '../../../analysis/scope-data.ts';
import { none, number, observation } from '../../../words/quantity-text.ts';
import type { Course, Layer, PlotPoint } from '../plot.ts';
import { left, right, table, textCell, time } from '../table.ts';
import type { DrawnLimit } from './limits.ts';
import { timeScale } from './time-scale.ts';

/** The response time below which each share of the requests stayed, far into the tail, with the limits on its quantiles; null where only a summary is known. */
export function percentilePlot(
  measured: ScopeData,
  base: ScopeData | null,
  limits: readonly DrawnLimit[],
): Course | null {
  const curve = percentileCurve(measured.figures.distribution('response'));
  if (curve.length < 3) return null;
  const was = base === null ? [] : percentileCurve(base.figures.distribution('response'));
  const last = curve.at(-1)?.oneIn ?? 1;
  const ofQuantiles = limits.flatMap((limit): readonly Layer[] => {
    const oneIn = oneInOf(limit, last);
    if (oneIn === null) return [];
    const { value, what } = limit;
    return [{ kind: 'limit', value, what, over: [oneIn / 1.8, oneIn * 1.8], isPoint: true }];
  });
  const { p50, p95, p99, max } = measured.response;
  const rows = notable(curve);
  return {
    kind: 'course',
    title: 'Percentiles',
    says: [
      `Response times by percentile: p50 ${observation(p50, 'ms')}, p95 ${observation(p95, 'ms')}, p99 ${observation(p99, 'ms')}, the longest ${observation(max, 'ms')}.`,
    ],
    x: { of: 'rarity', scale: 'log' },
    y: {
      of: 'ms',
      scale: timeScale([
        ...[...curve, ...was].map(({ value }) => value.value),
        ...ofQuantiles.flatMap(limit => (limit.kind === 'limit' ? [limit.value] : [])),
      ]),
    },
    layers: [
      ...(was.length === 0
        ? []
        : [{ kind: 'line', name: 'base', tone: 'side', points: was.map(pointOf) } as const]),
      { kind: 'line', name: was.length === 0 ? '' : 'head', tone: 'main', points: curve.map(pointOf) },
      ...ofQuantiles,
    ],
    rowsAt: rows.map(({ oneIn }) => oneIn),
    behind: table(
      [left('percentile'), right('response time'), right('longer')],
      rows.map(({ oneIn, value }) => ({
        cells: [textCell(percentileName(oneIn, last)), time(value), textCell(shareLonger(oneIn, last))],
      })),
    ),
  };
}

const pointOf = ({ oneIn, value }: CurvePoint): PlotPoint => [oneIn, value.value];

/** Enough points for a table: two of three are left out, the first and the last never. */
function notable(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  return curve.filter((_, index) => index % 2 === 0 || index === curve.length - 1);
}

function percentileName(oneIn: number, last: number): string {
  if (oneIn === 1) return 'shortest';
  return oneIn === last ? 'longest' : `p${number(100 * (1 - 1 / oneIn), 6)}`;
}

function shareLonger(oneIn: number, last: number): string {
  if (oneIn === 1) return 'nearly all';
  return oneIn === last ? none : `1 in ${number(oneIn)}`;
}

/** Where on the axis the quantile of a limit lies; null of what is no quantile of response times. */
function oneInOf({ metric, scope }: DrawnLimit, last: number): number | null {
  if (scope.kind === 'stage') return null;
  if (metric === 'max') return last;
  const percent = /^p([\d.]+)$/.exec(metric)?.[1];
  return percent === undefined ? null : Math.min(last, 1 / (1 - Number(percent) / 100));
}
