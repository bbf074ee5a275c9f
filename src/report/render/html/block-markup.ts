import { printable } from '../../../safety/untrusted-text.ts';
import { number } from '../../../words/quantity-text.ts';
import type { Block, Code, Entries, Entry, Facts, List } from '../../document/document.ts';
import { verdictSigns } from '../../words/wording.ts';
import { chartPlot } from './chart-plot.ts';
import { element, inlineMarkup, type Markup, text, together } from './markup.ts';
import { plotsMarkup } from './plot-markup.ts';
import { sparklineTable } from './sparkline-table.ts';
import { tableLabel, tableMarkup } from './table-markup.ts';

/** The longest command, and the longest line of a request. */
const longestCommand = 2_000;
const longestLine = 10_000;

/** A block of a document; `of` says what its section is about, `numbered` counts what needs an id. */
export function blockMarkup(block: Block, of: string, numbered: () => number): Markup {
  switch (block.kind) {
    case 'paragraph':
      return element('p', {}, inlineMarkup(block.text));
    case 'list':
      return listMarkup(block);
    case 'facts':
      return factsMarkup(block);
    case 'entries':
      return entriesMarkup(block);
    case 'table':
      return tableMarkup(block, tableLabel(block, of));
    case 'chart': {
      const plot = chartPlot(block);
      return plot === null
        ? sparklineTable(block, of)
        : plotsMarkup({ kind: 'plots', only: 'drawing', of: null, plots: [plot] }, numbered);
    }
    case 'plots':
      return plotsMarkup(block, numbered);
    case 'code':
      return codeMarkup(block);
  }
}

function listMarkup({ items, style, omitted = 0 }: List): Markup {
  const lines = items.map(({ text: line, items: below = [] }) =>
    element(
      'li',
      {},
      inlineMarkup(line),
      ...(below.length === 0
        ? []
        : [element('ul', {}, ...below.map(item => element('li', {}, inlineMarkup(item))))]),
    ),
  );
  const more = omitted > 0 ? [element('li', { class: 'more' }, text(`and ${number(omitted)} more`))] : [];
  return element('ul', { class: style }, ...lines, ...more);
}

function factsMarkup({ facts }: Facts): Markup {
  return element(
    'dl',
    {},
    ...facts.map(({ name, value }) =>
      element('div', {}, element('dt', {}, text(name)), element('dd', {}, inlineMarkup(value))),
    ),
  );
}

function entriesMarkup({ entries, omitted, whole }: Entries): Markup {
  const where = whole === null ? '' : `, ${whole}`;
  return together(
    element('ul', { class: 'entries' }, ...entries.map(entryMarkup)),
    ...(omitted > 0 ? [element('p', { class: 'more' }, text(`and ${number(omitted)} more${where}`))] : []),
  );
}

function entryMarkup({ verdict, line, reason }: Entry): Markup {
  const word =
    verdict === null
      ? []
      : [
          element('span', { class: `verdict ${verdict}` }, text(`${verdictSigns[verdict]} ${verdict}`)),
          text(' '),
        ];
  const why = reason === null ? [] : [element('p', {}, inlineMarkup([reason.text]))];
  return element('li', {}, ...word, element('span', { class: 'line' }, inlineMarkup(line)), ...why);
}

function codeMarkup({ is, text: code }: Code): Markup {
  const lines =
    is === 'command'
      ? [printable(code, longestCommand)]
      : code.split('\n').map(line => printable(line, longestLine));
  const label = is === 'command' ? 'Command' : 'Request';
  return element(
    'pre',
    { tabindex: 0, role: 'region', 'aria-label': label },
    element('code', { dir: 'ltr' }, text(lines.join('\n'))),
  );
}
