import { textTable } from '../src/report/render/text-table.ts';

/** One measured table. */
export interface Table {
  readonly title: string;
  /** A sentence on how it was measured. */
  readonly method: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Wider than any table here: nothing is dropped or shortened. */
const anyWidth = 1_000;

/** A table for the terminal. */
export function terminalTable({ title, method, columns, rows, notes }: Table): string {
  const cells = rows.map(row => row.map(text => ({ text })));
  const lines = textTable(columns, cells, anyWidth, text => text);
  return [title, method, '', ...lines, ...notes.map(note => `  ${note}`), ''].join('\n');
}

/** A table for a Markdown file, its columns aligned as formatters of Markdown do it. */
export function markdownTable({ title, method, columns, rows, notes }: Table): string {
  const escaped = [columns.map(column => column.title), ...rows].map(row =>
    row.map(text => text.replaceAll('|', '\\|')),
  );
  const widths = columns.map((_, index) =>
    Math.max(3, ...escaped.map(row => [...(row[index] ?? '')].length)),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, index) => aligned(row[index] ?? '', width, columns[index]?.align)).join(' | ')} |`;
  const rule = widths.map((width, index) =>
    columns[index]?.align === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const [head = [], ...body] = escaped;
  return [
    `**${title}.** ${method}`,
    '',
    ...[line(head), `| ${rule.join(' | ')} |`, ...body.map(line)],
    ...(notes.length === 0 ? [] : ['', ...notes.map(note => `- ${note}`)]),
  ].join('\n');
}

function aligned(text: string, width: number, align: 'left' | 'right' | undefined): string {
  const room = ' '.repeat(width - [...text].length);
  return align === 'right' ? room + text : text + room;
}
