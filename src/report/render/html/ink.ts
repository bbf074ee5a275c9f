/**
 * How things are drawn, as presentation attributes, so that they show where styles are refused; the classes let the style
 * repaint them for dark screens.
 */
export const ink = {
  line: { class: 'line', fill: 'none', stroke: '#2f5fd0', 'stroke-width': 2, 'stroke-linejoin': 'round' },
  limit: { class: 'limit', fill: 'none', stroke: '#b3261e', 'stroke-width': 1.5, 'stroke-dasharray': '5 3' },
  shade: { class: 'shade', fill: '#6b7280', 'fill-opacity': 0.14 },
} as const;
