import { fenced, printable } from '../../safety/untrusted-text.ts';
import { number } from '../../words/quantity-text.ts';
import type { Chart } from '../document/chart.ts';
import type { Block, Code, Entries, List } from '../document/document.ts';
import type { Row, Table, TableCell } from '../document/table.ts';
import { chartLines } from './chart-text.ts';
import { markdownLine, markdownSigns } from './markdown-text.ts';

/** The most rows of a table, totals apart, and the most lines of a chart. */
const mostRows = 200;
const mostSeries = 22;
const chartColumns = 60;
/** The longest command, and the longest line of a request. */
const longestCommand = 2_000;
const longestLine = 10_000;

/** A block, and how many of it are left out. */
export function markdownBlock(block: Block): string {
  const [text, left] = textOf(block);
  return left > 0 ? `${text}\n\nand ${number(left)} more` : text;
}

function textOf(block: Block): readonly [text: string, left: number] {
  switch (block.kind) {
    case 'paragraph':
      return [markdownLine(block.text), 0];
    case 'list':
      return [listText(block), block.omitted ?? 0];
    case 'facts':
      return [block.facts.map(({ name, value }) => `- ${name}: ${markdownLine(value)}`).join('\n'), 0];
    case 'entries':
      return [entriesText(block), block.omitted];
    case 'table':
      return tableText(block);
    case 'chart':
      return chartText(block);
    case 'plots':
      return ['', 0];
    case 'code':
      return [codeText(block), 0];
  }
}

function listText({ items }: List): string {
  return items
    .flatMap(({ text, items: below = [] }) => [
      `- ${markdownLine(text)}`,
      ...below.map(item => `  - ${markdownLine(item)}`),
    ])
    .join('\n');
}

function entriesText({ entries }: Entries): string {
  return entries
    .map(({ line, reason }) =>
      reason === null
        ? `- ${markdownLine(line)}`
        : `- ${markdownLine(reason.of)}: ${markdownLine([reason.text])}`,
    )
    .join('\n');
}

/** Figures keep to one line; no cell holds a line break or a bare pipe. */
function tableText({ columns, rows, omitted = 0 }: Table): readonly [text: string, left: number] {
  const body = rows.filter(({ isTotal }) => !isTotal);
  const shown = [...body.slice(0, mostRows), ...rows.filter(({ isTotal }) => isTotal)];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const lines = [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...shown.map(row =>
      line(
        row.cells.map((cell, index) => {
          const text = cellText(cell, row);
          return columns[index]?.align === 'right' ? text.replaceAll(' ', '\u00a0') : text;
        }),
      ),
    ),
  ];
  return [lines.join('\n'), Math.max(0, body.length - mostRows) + omitted];
}

function cellText(cell: TableCell, { isTotal }: Row): string {
  switch (cell.kind) {
    case 'verdict': {
      const words = [cell.verdict, ...cell.qualifiers.map(({ word }) => word)];
      return `${markdownSigns[cell.verdict]} ${words.join(', ')}`;
    }
    case 'figure':
      return cell.tone === 'decides' ? `**${cell.text}**` : cell.text;
    case 'interval':
      return cell.text;
    case 'text':
      return isTotal ? `**${markdownLine(cell.text)}**` : markdownLine(cell.text);
  }
}

function chartText(chart: Chart): readonly [text: string, left: number] {
  const series = chart.series.slice(0, mostSeries);
  const text = fenced(chartLines({ ...chart, series }, chartColumns));
  return [text, chart.series.length - series.length];
}

function codeText({ is, text }: Code): string {
  if (is === 'command') return fenced([printable(text, longestCommand)], 'sh');
  return fenced(
    text.split('\n').map(line => printable(line, longestLine)),
    'http',
  );
}
