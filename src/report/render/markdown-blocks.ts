/** One column of a Markdown table. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A Markdown table; the cells are Markdown already, without line breaks and bare pipes. Figures keep to one line. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
    ...rows.map(cells =>
      line(
        cells.map((cell, index) =>
          columns[index]?.align === 'right' ? cell.replaceAll(' ', '\u00a0') : cell,
        ),
      ),
    ),
  ].join('\n');
}

/** A folded section; `title` is plain text of our own. */
export function folded(title: string, ...blocks: readonly string[]): string {
  const content = blocks.filter(block => block !== '').join('\n\n');
  return `<details>\n<summary>${title}</summary>\n\n${content}\n\n</details>`;
}
