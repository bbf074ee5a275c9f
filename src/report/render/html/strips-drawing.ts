import { scaleLinear } from 'd3-scale';
import type { PlotTone, Strip, Strips } from '../../document/plot.ts';
import { verdictSigns } from '../../words/wording.ts';
import { axisScale, type Scale } from './axis.ts';
import { fillOf, ink } from './ink.ts';
import { element, empty, inlineWords, type Markup, text, together } from './markup.ts';

/** In units of the drawing: a row holds its name and, below it, its dots. */
const width = 460;
const rowHeight = 46;
const inset = { left: 12, right: 12, top: 24, bottom: 24 };

/** A drawing of repeated measurements: a row each, and over all of them what decides. */
export function stripsDrawing(strips: Strips, id: string): Markup {
  const { rows, unit, floor, tolerance, worse } = strips;
  const height = inset.top + rows.length * rowHeight + inset.bottom;
  const bottom = height - inset.bottom;
  const values = rows
    .flatMap(({ effects, low, high }) => [...effects, low, high])
    .flatMap(value => value ?? []);
  const span = [0, worse * floor, 1.5 * worse * tolerance, ...values];
  const x = axisScale({ of: unit, scale: 'linear' }, span, [inset.left, width - inset.right]);
  const [from, to] = [Math.min(...span), Math.max(...span)];
  const at = scaleLinear([from, to], [inset.left + 6, width - inset.right - 6]);
  const placed: Scale = { ...x, at, ticks: x.ticks.filter(({ value }) => value >= from && value <= to) };
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
    element('title', { id: `${id}-title` }, text(strips.title)),
    element('desc', { id: `${id}-says` }, text(inlineWords(strips.says))),
    ticks(placed, bottom),
    ...[['floor', worse * floor] as const, ['tolerated', worse * tolerance] as const].map(([what, value]) =>
      decider(what, value, placed, bottom),
    ),
    empty('path', { d: `M${placed.at(0).toFixed(1)},${inset.top - 4}V${bottom}`, ...ink.zero }),
    ...rows.map((row, index) => rowMarkup(row, inset.top + index * rowHeight, placed, worse)),
  );
}

function ticks({ at, ticks: named }: Scale, bottom: number): Markup {
  return together(
    ...named.map(({ value, label }) => {
      const x = at(value).toFixed(1);
      return together(
        empty('path', { d: `M${x},${inset.top - 4}V${bottom + 4}`, ...ink.axis }),
        element('text', { x, y: bottom + 18, 'text-anchor': 'middle', ...ink.label }, text(label)),
      );
    }),
  );
}

/** The floor and the tolerance: their names stand above, apart from each other. */
function decider(what: 'floor' | 'tolerated', value: number, { at }: Scale, bottom: number): Markup {
  const x = at(value);
  const isFloor = what === 'floor';
  const toRight = isFloor === value < 0;
  return together(
    empty('path', { d: `M${x.toFixed(1)},${inset.top - 8}V${bottom}`, ...(isFloor ? ink.floor : ink.limit) }),
    element(
      'text',
      {
        x: (x + (toRight ? 3 : isFloor ? -3 : 3)).toFixed(1),
        y: inset.top - 10,
        'text-anchor': toRight || !isFloor ? 'start' : 'end',
        'font-size': 11,
        ...(isFloor ? ink.label : ink.limitLabel),
      },
      text(what),
    ),
  );
}

function rowMarkup(
  { name, verdict, effects, estimate, low, high }: Strip,
  top: number,
  { at }: Scale,
  worse: 1 | -1,
): Markup {
  const tone: PlotTone = verdict === 'fail' ? 'bad' : 'main';
  const middle = top + 31;
  const told = effects.flatMap((effect, index) => (effect === null ? [] : [{ effect, index }]));
  const spread = 9 / Math.max(1, effects.length - 1);
  const dots = told.map(({ effect, index }) =>
    empty('circle', {
      cx: at(effect).toFixed(1),
      cy: (middle - 4.5 + index * spread).toFixed(1),
      r: 2.4,
      ...fillOf(tone, 0.55),
    }),
  );
  const ends = [low, high].map(end => (end === null ? null : at(end)));
  const [from, to] = ends;
  const bar =
    from === null && to === null
      ? []
      : [
          empty('rect', {
            x: (from ?? inset.left).toFixed(1),
            y: middle - 9,
            width: Math.max(1.5, (to ?? width - inset.right) - (from ?? inset.left)).toFixed(1),
            height: 18,
            rx: 3,
            ...fillOf(tone, 0.16),
          }),
        ];
  const line =
    estimate === null
      ? []
      : [
          empty('path', {
            d: `M${at(estimate).toFixed(1)},${middle - 9}v18`,
            ...ink.estimate,
            class: `${tone} estimate`,
          }),
        ];
  const isGain = verdict === 'pass' && high !== null && low !== null && (worse > 0 ? high < 0 : low > 0);
  const word = `${verdictSigns[verdict]} ${verdict}${isGain ? ', better' : ''}`;
  return together(
    element('text', { x: inset.left, y: top + 15, ...ink.over, 'font-size': 11.5 }, text(inlineWords(name))),
    element(
      'text',
      {
        x: width - inset.right,
        y: top + 15,
        'text-anchor': 'end',
        'font-size': 11,
        ...(verdict === 'fail' ? ink.limitLabel : ink.label),
      },
      text(word),
    ),
    ...bar,
    ...dots,
    ...line,
  );
}
