import type { Plot, Plots } from '../../document/plot.ts';
import { courseDrawing, rowPlaces } from './course-drawing.ts';
import { element, inlineMarkup, type Markup, text, together } from './markup.ts';
import { stripsDrawing } from './strips-drawing.ts';
import { tableMarkup } from './table-markup.ts';

/** Drawings side by side, each with what it says and the figures behind it; `numbered` makes ids of this page alone. */
export function plotsMarkup({ of, plots }: Plots, numbered: () => number): Markup {
  return together(
    ...(of === null ? [] : [element('h3', { class: 'of' }, inlineMarkup(of))]),
    element('div', { class: 'plots' }, ...plots.map(plot => figureMarkup(plot, `plot-${numbered()}`))),
  );
}

function figureMarkup(plot: Plot, id: string): Markup {
  const drawing = plot.kind === 'course' ? courseDrawing(plot, id) : stripsDrawing(plot, id);
  const places = plot.kind === 'course' ? rowPlaces(plot) : [];
  return element(
    'figure',
    { class: plot.kind },
    element('figcaption', {}, text(plot.title)),
    drawing,
    element(
      'details',
      { class: 'behind' },
      element('summary', {}, text(`Figures of “${plot.title}”`)),
      element('p', {}, inlineMarkup(plot.says)),
      tableMarkup(plot.behind, `Figures of ${plot.title}`, places),
    ),
  );
}
