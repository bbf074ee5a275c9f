import { printable } from '../../safety/untrusted-text.ts';
import { number } from '../../words/quantity-text.ts';
import type { Block, Code, Entries, Entry, Facts, List } from '../document/document.ts';
import type { TableCell as DocumentCell, Row, Table } from '../document/table.ts';
import { plainText } from '../words/inline.ts';
import { verdictSigns } from '../words/wording.ts';
import { chartLines } from './chart-text.ts';
import { paintOf, type Screen } from './terminal-screen.ts';
import { type TextCell, textTable, wrapped } from './text-table.ts';

/** The most entries above the tables, which hold them all. */
const mostEntries = 20;
/** The longest command, and the longest line of a request. */
const longestCommand = 2_000;
const longestLine = 100_000;

/** The lines of a block. */
export function blockLines(block: Block, screen: Screen): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return wrapped(plainText(block.text), screen.width, '  ');
    case 'list':
      return listLines(block, screen);
    case 'facts':
      return factLines(block, screen);
    case 'entries':
      return entriesLines(block, screen);
    case 'table':
      return tableLines(block, screen);
    case 'chart':
      return chartLines(block, screen.width);
    case 'plots':
      return [];
    case 'code':
      return codeLines(block, screen);
  }
}

function listLines({ items, style, omitted = 0 }: List, { width, colors }: Screen): readonly string[] {
  const [lead, indent] = style === 'points' ? ['• ', '  '] : style === 'asides' ? ['', '  '] : ['  ', '    '];
  const lines = items.flatMap(({ text, items: below = [] }) => [
    ...wrapped(plainText(text), width, indent, lead),
    ...below.flatMap(item => wrapped(plainText(item), width, '    ', '    ')),
  ]);
  const all = omitted > 0 ? [...lines, `${lead}and ${number(omitted)} more`] : lines;
  return style === 'asides' ? all.map(colors.dim) : all;
}

function factLines({ facts, style }: Facts, { width, colors }: Screen): readonly string[] {
  if (style === 'aside') {
    return facts.flatMap(({ name, value }) =>
      wrapped(`${name}: ${plainText(value)}`, width, '  ').map(colors.dim),
    );
  }
  const room = Math.max(...facts.map(({ name }) => name.length)) + 2;
  return facts.flatMap(({ name, value }) =>
    wrapped(plainText(value), width, ' '.repeat(room + 2), `  ${name.padEnd(room)}`),
  );
}

function entriesLines({ entries, omitted, whole }: Entries, screen: Screen): readonly string[] {
  const shown = entries.slice(0, mostEntries);
  const more = entries.length - shown.length + omitted;
  const where = whole === null ? '' : `, ${whole}`;
  return [
    ...shown.flatMap(entry => entryLines(entry, screen)),
    ...(more > 0 ? [`  and ${number(more)} more${where}`] : []),
  ];
}

function entryLines({ verdict, line, reason }: Entry, screen: Screen): readonly string[] {
  const { width, colors } = screen;
  if (verdict === null) return wrapped(plainText(line), width, '    ', '  ').map(colors.dim);
  const word = `${verdictSigns[verdict]} ${verdict}`;
  const [first = '', ...rest] = wrapped(plainText(line), width, '    ', `  ${word}  `);
  const why = reason === null ? [] : wrapped(plainText([reason.text]), width, '    ', '    ');
  return [first.replace(word, paintOf(verdict, screen)(word)), ...rest, ...why.map(colors.dim)];
}

/** A table with a legend of the signs that qualify its verdicts. */
function tableLines({ columns, rows, omitted = 0 }: Table, screen: Screen): readonly string[] {
  const { width, colors } = screen;
  const titles = columns.map(column => ({ ...column, title: column.onScreen ?? column.title }));
  const cells = rows.map(row => row.cells.map(cell => cellOf(cell, row, screen)));
  const qualifiers = rows.flatMap(row =>
    row.cells.flatMap(cell => (cell.kind === 'verdict' ? cell.qualifiers : [])),
  );
  const legend = new Set(qualifiers.map(({ sign, word, meaning }) => `${sign} ${word}: ${meaning}`));
  return [
    ...textTable(titles, cells, width, colors.dim),
    ...(omitted > 0 ? [`and ${number(omitted)} more`] : []),
    ...[...legend].map(colors.dim),
  ];
}

function cellOf(cell: DocumentCell, { isTotal }: Row, screen: Screen): TextCell {
  const { colors } = screen;
  switch (cell.kind) {
    case 'verdict': {
      const { verdict, qualifiers } = cell;
      const words = [verdict, ...qualifiers.map(({ sign }) => sign)].join(' ');
      return { text: `${verdictSigns[verdict]} ${words}`, paint: paintOf(verdict, screen) };
    }
    case 'figure': {
      const text = cell.onScreen ?? cell.text;
      if (cell.tone === 'warns') return { text, paint: colors.red };
      return isTotal ? { text, paint: colors.bold } : { text };
    }
    case 'interval':
      return { text: cell.text };
    case 'text': {
      const text = plainText(cell.text);
      return isTotal ? { text, paint: colors.bold } : { text };
    }
  }
}

function codeLines({ is, text }: Code, { width, colors }: Screen): readonly string[] {
  if (is === 'command') {
    return wrapped(`again: ${printable(text, longestCommand)}`, width, '  ').map(colors.dim);
  }
  return text.split('\n').map(written => `    ${printable(written, longestLine)}`.trimEnd());
}
