import { area, curveLinear, line } from 'd3-shape';
import type { Layer } from '../../document/plot.ts';
import type { Frame } from './axis.ts';
import { fillOf, ink, strokeOf } from './ink.ts';
import { element, empty, type Markup, text, together } from './markup.ts';

/** A layer as it is drawn: its shape, the names at the ends of its lines, and what is written over everything. */
export interface DrawnLayer {
  readonly shape: Markup;
  readonly ends: readonly { readonly name: string; readonly y: number }[];
  readonly labels: Markup;
}

const nothing = together();

/** Draws a layer. */
export function layerMarkup(layer: Layer, frame: Frame): DrawnLayer {
  switch (layer.kind) {
    case 'line':
      return lineMarkup(layer, frame);
    case 'band':
      return { shape: bandMarkup(layer, frame), ends: [], labels: nothing };
    case 'bars':
      return { shape: barsMarkup(layer, frame), ends: [], labels: nothing };
    case 'shade':
      return shadeMarkup(layer, frame);
    case 'limit':
      return limitMarkup(layer, frame);
  }
}

type Of<Kind extends Layer['kind']> = Extract<Layer, { readonly kind: Kind }>;

function lineMarkup({ points, tone, name, dots }: Of<'line'>, { x, y }: Frame): DrawnLayer {
  const path = line<(typeof points)[number]>()
    .defined(([, value]) => value !== null)
    .x(([at]) => x.at(at))
    .y(([, value]) => y.at(value ?? 0))
    .curve(curveLinear)
    .digits(1)([...points]);
  const last = points.findLast(([, value]) => value !== null);
  const marks = dots
    ? points.flatMap(([at, value]) =>
        value === null
          ? []
          : [
              empty('circle', {
                cx: x.at(at).toFixed(1),
                cy: y.at(value).toFixed(1),
                r: 3,
                ...fillOf(tone, 1),
              }),
            ],
      )
    : [];
  return {
    shape: together(empty('path', { d: path ?? '', ...strokeOf(tone) }), ...marks),
    ends: name === '' || last === undefined ? [] : [{ name, y: y.at(last[1] ?? 0) }],
    labels: nothing,
  };
}

function bandMarkup({ points, tone }: Of<'band'>, { x, y }: Frame): Markup {
  const path = area<(typeof points)[number]>()
    .defined(([, low, high]) => low !== null && high !== null)
    .x(([at]) => x.at(at))
    .y0(([, low]) => y.at(low ?? 0))
    .y1(([, , high]) => y.at(high ?? 0))
    .digits(1)([...points]);
  return empty('path', { d: path ?? '', ...fillOf(tone, 0.22) });
}

function barsMarkup({ bars, tone }: Of<'bars'>, { x, y, bottom }: Frame): Markup {
  const rects = bars
    .filter(({ value }) => value > 0)
    .map(({ from, to, value }) => {
      const [left, right, top] = [x.at(from), x.at(to), y.at(value)];
      const gap = Math.min(1, (right - left) / 4);
      return `M${(left + gap / 2).toFixed(1)},${bottom}V${top.toFixed(1)}H${(right - gap / 2).toFixed(1)}V${bottom}Z`;
    });
  return empty('path', { d: rects.join(''), ...fillOf(tone, tone === 'main' ? 0.5 : 0.75) });
}

function shadeMarkup({ from, to, what }: Of<'shade'>, { x, top, bottom }: Frame): DrawnLayer {
  const [left, right] = [x.at(from), x.at(to)];
  const rect = {
    x: left.toFixed(1),
    y: top,
    width: Math.max(1, right - left).toFixed(1),
    height: bottom - top,
  };
  const label = element(
    'text',
    { x: (left + 3).toFixed(1), y: top - 7, 'font-size': 11, ...ink.label },
    text(what),
  );
  return { shape: empty('rect', { ...rect, ...ink.shade }), ends: [], labels: label };
}

function limitMarkup(
  { value, what, over, isPoint }: Of<'limit'>,
  { x, y, left, right, top }: Frame,
): DrawnLayer {
  const bounded = (at: number) => Math.min(right, Math.max(left, at));
  const [from, to] = over === null ? [left, right] : (over.map(at => bounded(x.at(at))) as [number, number]);
  const at = y.at(value);
  const middle = (from + to) / 2;
  const marker = isPoint
    ? [empty('circle', { cx: middle.toFixed(1), cy: at.toFixed(1), r: 3, ...fillOf('bad', 1) })]
    : [];
  const isHigh = at - 6 < top;
  const place = isPoint
    ? middle > (left + right) / 2
      ? { x: (to + 0).toFixed(1), 'text-anchor': 'end' }
      : { x: from.toFixed(1), 'text-anchor': 'start' }
    : { x: to.toFixed(1), 'text-anchor': 'end' };
  return {
    shape: together(
      empty('path', { d: `M${from.toFixed(1)},${at.toFixed(1)}H${to.toFixed(1)}`, ...ink.limit }),
      ...marker,
    ),
    ends: [],
    labels: element(
      'text',
      { ...place, y: (isHigh ? at + 14 : at - 6).toFixed(1), 'font-size': 11, ...ink.limitLabel },
      text(what),
    ),
  };
}
