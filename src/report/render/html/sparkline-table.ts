import { line } from 'd3-shape';
import { none, quantity } from '../../../words/quantity-text.ts';
import type { Chart, Series } from '../../document/chart.ts';
import { ink } from './ink.ts';
import { element, empty, inlineMarkup, type Markup, text, together } from './markup.ts';

/** In pixels, and the most values that are drawn one by one. */
const width = 240;
const height = 36;
const mostPoints = 120;
/** The most lines of a chart. */
const mostSeries = 100;

/** Values along one axis, a row each with its own scale: what it is, its course with its limits, and its greatest value. */
export function sparklineTable({ series, marks }: Chart, of: string): Markup {
  const rows = series.slice(0, mostSeries).map(one => {
    const top = greatest(one.values);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, inlineMarkup(one.name)),
      element('td', {}, sparkline(one, marks)),
      element('td', { align: 'right' }, text(top === null ? none : quantity(top, one.unit))),
    );
  });
  const titles = element(
    'tr',
    {},
    element('th', { scope: 'col' }, text('what')),
    element('th', { scope: 'col' }, text('course')),
    element('th', { scope: 'col', align: 'right' }, text('at most')),
  );
  const table = element('table', {}, element('thead', {}, titles), element('tbody', {}, ...rows));
  return together(
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${of}: course` }, table),
    ...(series.length > mostSeries
      ? [element('p', { class: 'more' }, text(`and ${series.length - mostSeries} more`))]
      : []),
  );
}

function sparkline({ values, limits }: Series, marks: Chart['marks']): Markup {
  const points = thinned(values);
  const top = Math.max(
    greatest(values) ?? 0,
    ...limits.filter(limit => limit <= 2 * (greatest(values) ?? 0)),
  );
  const x = (index: number) => 1 + (index / Math.max(1, points.length - 1)) * (width - 2);
  const y = (value: number) => height - 2 - (top > 0 ? value / top : 0) * (height - 4);
  const path = line<number | null>()
    .defined(value => value !== null)
    .x((_, index) => x(index))
    .y(value => y(value ?? 0))
    .digits(1)(points);
  const share = (index: number) => (index / Math.max(1, values.length)) * width;
  return element(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    ...marks
      .filter(({ to, from }) => to > from)
      .map(({ from, to }) =>
        empty('rect', {
          x: share(from).toFixed(1),
          y: 0,
          width: (share(to) - share(from)).toFixed(1),
          height,
          ...ink.shade,
        }),
      ),
    ...limits
      .filter(limit => limit <= top)
      .map(limit => empty('path', { d: `M0,${y(limit).toFixed(1)}H${width}`, ...ink.limit })),
    empty('path', { d: path ?? '', ...ink.line }),
  );
}

/** So many values that each can be seen: of those that fall together, the greatest. */
function thinned(values: readonly (number | null)[]): (number | null)[] {
  const length = Math.min(mostPoints, values.length);
  return Array.from({ length }, (_, index) => {
    const from = Math.floor((index * values.length) / length);
    return greatest(values.slice(from, Math.floor(((index + 1) * values.length) / length)));
  });
}

function greatest(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((most, value) => Math.max(most, value), 0);
}
