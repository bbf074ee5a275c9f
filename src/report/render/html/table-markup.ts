import { number } from '../../../words/quantity-text.ts';
import type { Row, Table, TableCell, TableColumn } from '../../document/table.ts';
import { verdictSigns } from '../../words/wording.ts';
import { element, inlineMarkup, inlineWords, type Markup, text, together } from './markup.ts';

/** The most rows of a table, totals apart. */
const mostRows = 1_000;
/** From so many rows on a table is worth sorting and filtering. */
const fewestToSort = 3;

/** A table that scrolls sideways by itself where it is too wide, also by keyboard; `places` says where its rows lie in a drawing. */
export function tableMarkup(table: Table, label: string, places: readonly number[] = []): Markup {
  const { columns, rows, omitted = 0 } = table;
  const body = rows.filter(({ isTotal }) => !isTotal);
  const totals = rows.filter(({ isTotal }) => isTotal);
  const more = Math.max(0, body.length - mostRows) + omitted;
  const head = element('thead', {}, rowMarkup(columns.map(titleCell)));
  const bodyRows = body
    .slice(0, mostRows)
    .map((row, index) => rowMarkup(cells(row, columns, places.length === 0), places[index]));
  const foot =
    totals.length === 0 ? [] : [element('tfoot', {}, ...totals.map(row => rowMarkup(cells(row, columns))))];
  const whole = element(
    'table',
    { class: body.length >= fewestToSort && places.length === 0 ? 'sortable' : null },
    head,
    element('tbody', {}, ...bodyRows),
    ...foot,
  );
  return together(
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label }, whole),
    ...(more > 0 ? [element('p', { class: 'more' }, text(`and ${number(more)} more`))] : []),
    ...legend(rows),
  );
}

function rowMarkup(content: readonly Markup[], place?: number): Markup {
  return element('tr', { 'data-at': place }, ...content);
}

function titleCell({ title, align }: TableColumn): Markup {
  return element('th', { scope: 'col', ...aligned(align) }, text(title));
}

function cells(row: Row, columns: readonly TableColumn[], isSorted = true): readonly Markup[] {
  return row.cells.map((cell, index) => {
    const align = columns[index]?.align ?? 'left';
    const attributes = { ...aligned(align), ...toneOf(cell), 'data-v': isSorted ? sortedBy(cell) : null };
    return index === 0
      ? element('th', { scope: 'row', ...attributes }, cellMarkup(cell))
      : element('td', attributes, cellMarkup(cell));
  });
}

/** Figures stand right-aligned also where no style is. */
function aligned(align: TableColumn['align']): { readonly align: string | null } {
  return { align: align === 'right' ? 'right' : null };
}

function toneOf(cell: TableCell): { readonly class?: string } {
  if (cell.kind !== 'figure' || cell.tone === undefined) return {};
  return { class: cell.tone };
}

/** What a column is sorted by where its text does not tell. */
function sortedBy(cell: TableCell): number | null {
  const value = cell.kind === 'figure' ? cell.value : cell.kind === 'interval' ? cell.value?.low : null;
  return typeof value === 'number' ? Number(value.toPrecision(6)) : null;
}

function cellMarkup(cell: TableCell): Markup {
  switch (cell.kind) {
    case 'verdict': {
      const words = [cell.verdict, ...cell.qualifiers.map(({ word }) => word)].join(', ');
      return element(
        'span',
        { class: `verdict ${cell.verdict}` },
        text(`${verdictSigns[cell.verdict]} ${words}`),
      );
    }
    case 'figure':
      return cell.tone === 'decides' ? element('strong', {}, text(cell.text)) : text(cell.text);
    case 'interval':
      return text(cell.text);
    case 'text':
      return inlineMarkup(cell.text);
  }
}

/** What the words mean that qualify verdicts. */
function legend(rows: readonly Row[]): readonly Markup[] {
  const qualifiers = rows.flatMap(row =>
    row.cells.flatMap(cell => (cell.kind === 'verdict' ? cell.qualifiers : [])),
  );
  const meanings = new Set(qualifiers.map(({ word, meaning }) => `${word}: ${meaning}`));
  if (meanings.size === 0) return [];
  return [element('p', { class: 'aside' }, text([...meanings].join('; ')))];
}

/** What a table is called where nothing else names it: its first column. */
export function tableLabel({ columns }: Table, of: string): string {
  const [first] = columns;
  return inlineWords([`${of}: table by ${first?.title ?? 'row'}`]);
}
