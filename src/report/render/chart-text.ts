import { displayWidth, padded, printable, shortened } from '../../safety/untrusted-text.ts';
import { none, quantity } from '../../words/quantity-text.ts';
import type { Chart } from '../document/chart.ts';
import type { Inline } from '../words/inline.ts';
import { greatestOf, sparkline } from './sparkline.ts';

/** The longest name in a line of a chart. */
const longestName = 32;

/**
 * A chart in text, since that renders everywhere: a line of bars for each series, and of several their names and what the
 * highest bar stands for.
 */
export function chartLines({ series }: Chart, columns: number): readonly string[] {
  const [only] = series;
  if (only && series.length === 1) return [sparkline(only.values, columns)];
  const names = series.map(({ name }) => nameOf(name));
  const widest = Math.max(...names.map(displayWidth));
  return series.map(({ values, unit }, index) => {
    const top = greatestOf(values);
    const end = top === null ? none : `at most ${quantity(top, unit)}`;
    return `${padded(names[index] ?? '', widest)}  ${sparkline(values, columns)}  ${end}`;
  });
}

function nameOf(inline: Inline): string {
  return inline
    .map(part => (typeof part === 'string' ? part : shortened(printable(part.text, part.most), longestName)))
    .join('');
}
