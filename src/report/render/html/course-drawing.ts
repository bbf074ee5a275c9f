import type { Course, Layer } from '../../document/plot.ts';
import { axisScale, type Frame } from './axis.ts';
import { fillOf, ink, strokeOf } from './ink.ts';
import { layerMarkup } from './layer-drawing.ts';
import { element, empty, inlineWords, type Markup, text, together } from './markup.ts';

/** In units of the drawing, which a page scales. */
const width = 460;
const height = 230;
const inset = { left: 58, right: 54, top: 22, bottom: 26 };

/** A drawing of values over a horizontal axis; `label` and `description` are ids of the elements that name it. */
export function courseDrawing(course: Course, id: string): Markup {
  const { layers } = course;
  const [left, right, top, bottom] = [inset.left, width - inset.right, inset.top, height - inset.bottom];
  const frame: Frame = {
    x: axisScale(course.x, layers.flatMap(xValues), [left, right]),
    y: axisScale(course.y, layers.flatMap(yValues), [bottom, top]),
    left,
    right,
    top,
    bottom,
  };
  const drawn = layers.map(layer => layerMarkup(layer, frame));
  return element(
    'svg',
    {
      class: 'plot',
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-says`,
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
    },
    element('title', { id: `${id}-title` }, text(course.title)),
    element('desc', { id: `${id}-says` }, text(inlineWords(course.says))),
    yAxis(frame),
    xAxis(frame),
    ...drawn.map(({ shape }) => shape),
    ...apart(
      drawn.flatMap(({ ends }) => ends),
      frame,
    ),
    ...drawn.map(({ labels }) => labels),
    legendMarkup(course, frame),
  );
}

function legendMarkup({ legend = [] }: Course, { right, top }: Frame): Markup {
  return together(
    ...legend.map(({ name, tone, as }, index) => {
      const y = top + 6 + index * 16;
      const sample =
        as === 'line'
          ? empty('path', { d: `M${right - 62},${y}h16`, ...strokeOf(tone) })
          : empty('rect', { x: right - 62, y: y - 5, width: 16, height: 10, ...fillOf(tone, 0.5) });
      return together(
        sample,
        element('text', { x: right - 40, y, dy: '.32em', 'font-size': 11, ...ink.name }, text(name)),
      );
    }),
  );
}

/** Where a table's rows lie in the drawing. */
export function rowPlaces(course: Course): readonly number[] {
  const scale = axisScale(course.x, course.layers.flatMap(xValues), [inset.left, width - inset.right]);
  return course.rowsAt.map(value => Math.round(scale.at(value) * 10) / 10);
}

function yAxis({ y, left, right }: Frame): Markup {
  return together(
    ...y.ticks.map(({ value, label }) => {
      const at = y.at(value).toFixed(1);
      return together(
        empty('path', { d: `M${left},${at}H${right}`, ...ink.axis }),
        element('text', { x: left - 8, y: at, dy: '.32em', 'text-anchor': 'end', ...ink.label }, text(label)),
      );
    }),
  );
}

function xAxis({ x, bottom }: Frame): Markup {
  return together(
    ...x.ticks.map(({ value, label }) => {
      const at = x.at(value).toFixed(1);
      return together(
        empty('path', { d: `M${at},${bottom}v4`, ...ink.axis }),
        element('text', { x: at, y: bottom + 18, 'text-anchor': 'middle', ...ink.label }, text(label)),
      );
    }),
  );
}

/** Names at the ends of lines, moved apart where they would cover each other. */
function apart(
  ends: readonly { readonly name: string; readonly y: number }[],
  { right, top, bottom }: Frame,
): readonly Markup[] {
  const gap = 13;
  const sorted = [...ends].sort((one, other) => one.y - other.y);
  const placed: number[] = [];
  for (const { y } of sorted) placed.push(Math.max(y, (placed.at(-1) ?? top - gap) + gap));
  const over = Math.max(0, (placed.at(-1) ?? 0) - bottom);
  return sorted.map(({ name }, index) =>
    element(
      'text',
      {
        x: right + 5,
        y: ((placed[index] ?? 0) - over).toFixed(1),
        dy: '.32em',
        ...ink.name,
        'font-size': 11,
      },
      text(name),
    ),
  );
}

function xValues(layer: Layer): readonly number[] {
  switch (layer.kind) {
    case 'line':
    case 'band':
      return layer.points.map(([x]) => x);
    case 'bars':
      return layer.bars.flatMap(({ from, to }) => [from, to]);
    case 'shade':
      return [layer.from, layer.to];
    case 'limit':
      return layer.isPoint || layer.over === null ? [] : layer.over;
  }
}

function yValues(layer: Layer): readonly number[] {
  switch (layer.kind) {
    case 'line':
      return layer.points.flatMap(([, y]) => y ?? []);
    case 'band':
      return layer.points.flatMap(([, low, high]) => [low ?? [], high ?? []].flat());
    case 'bars':
      return layer.bars.map(({ value }) => value);
    case 'limit':
      return [layer.value];
    case 'shade':
      return [];
  }
}
