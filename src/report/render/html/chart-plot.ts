import { none, quantity } from '../../../words/quantity-text.ts';
import type { Chart } from '../../document/chart.ts';
import type { Course } from '../../document/plot.ts';
import { figure, left, right, table, textCell } from '../../document/table.ts';
import { inlineWords } from './markup.ts';

/** A chart of one line along things in an order as a drawing; null of others. */
export function chartPlot({ x, series, marks }: Chart): Course | null {
  const [only] = series;
  if (x.kind !== 'ordered' || only === undefined || series.length > 1) return null;
  const { values, unit, limits } = only;
  const title = `${inlineWords(only.name)} by ${x.what}`;
  return {
    kind: 'course',
    title,
    says: [
      `${title}, ${values.length} of them${marks.length > 0 ? ', shaded where something changed' : ''}.`,
    ],
    x: { of: 'order', scale: 'linear', labels: x.labels },
    y: { of: unit, scale: 'linear' },
    layers: [
      ...marks.map(
        ({ from, to, what }) => ({ kind: 'shade', from: from - 0.5, to: to - 0.5, what }) as const,
      ),
      {
        kind: 'line',
        name: '',
        tone: 'main',
        dots: true,
        points: values.map((value, index) => [index, value] as const),
      },
      ...limits.map(value => ({ kind: 'limit', value, what: quantity(value, unit), over: null }) as const),
    ],
    rowsAt: values.map((_, index) => index),
    behind: table(
      [left(x.what), right(inlineWords(only.name))],
      values.map((value, index) => ({
        cells: [
          textCell(x.labels[index] ?? ''),
          figure(value === null ? none : quantity(value, unit), value, unit),
        ],
      })),
    ),
  };
}
