import type { PlotTone } from '../../document/plot.ts';

/**
 * How things are drawn, as presentation attributes, so that they show where styles are refused; the classes let the style
 * repaint them for dark screens.
 */
export const ink = {
  line: { class: 'main', fill: 'none', stroke: '#2f5fd0', 'stroke-width': 2, 'stroke-linejoin': 'round' },
  limit: { class: 'limit', fill: 'none', stroke: '#b3261e', 'stroke-width': 1.5, 'stroke-dasharray': '5 3' },
  shade: { class: 'shade', fill: '#6b7280', 'fill-opacity': 0.14 },
  axis: { class: 'axis', fill: 'none', stroke: '#d5d9e0', 'stroke-width': 1 },
  zero: { class: 'zero', fill: 'none', stroke: '#545c69', 'stroke-width': 1 },
  floor: { class: 'floor', fill: 'none', stroke: '#6b7280', 'stroke-width': 1.25, 'stroke-dasharray': '2 3' },
  estimate: { fill: 'none', stroke: '#2f5fd0', 'stroke-width': 2.5 },
  label: { class: 'label', fill: '#545c69' },
  name: { class: 'name', fill: '#1b1f27' },
  /** Over lines: with an edge in the colour of the paper. */
  over: {
    class: 'name over',
    fill: '#1b1f27',
    stroke: '#ffffff',
    'stroke-width': 3,
    'paint-order': 'stroke',
  },
  limitLabel: {
    class: 'limit-label',
    fill: '#b3261e',
    stroke: '#ffffff',
    'stroke-width': 3,
    'stroke-linejoin': 'round',
    'paint-order': 'stroke',
  },
} as const;

const colors: { readonly [tone in PlotTone]: string } = {
  main: '#2f5fd0',
  middle: '#6f92e6',
  faint: '#a9bff2',
  side: '#6b7280',
  bad: '#b3261e',
};

/** A line of a tone; what something is held against is dashed as well, so that nobody needs to tell colours apart. */
export function strokeOf(tone: PlotTone) {
  return {
    class: tone,
    fill: 'none',
    stroke: colors[tone],
    'stroke-width': tone === 'main' ? 2.25 : 1.5,
    'stroke-linejoin': 'round',
    'stroke-dasharray': tone === 'side' ? '2 3' : null,
  } as const;
}

/** An area of a tone. */
export function fillOf(tone: PlotTone, opacity: number) {
  return { class: `${tone} area`, fill: colors[tone], 'fill-opacity': opacity } as const;
}
