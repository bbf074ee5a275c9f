import { observe } from '../../analysis/observe.ts';
import type { ScopeData } from '../../analysis/scope-data.ts';
import type { Metric } from '../../model/judgement/metric.ts';
import { none, number, observation, percent } from '../../words/quantity-text.ts';
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

/** The columns of a table of figures, those of signals among them. */
export function figureColumns(signals: readonly Metric[]): readonly TableColumn[] {
  const titles = [
    'requests',
    'rps',
    'p50',
    'p95',
    'p99',
    'max',
    ...signals.map(({ name }) => name),
    'errors',
  ];
  return titles.map(title => ({ title, align: 'right' }));
}

/** The figures of a scope, a cell a column. */
export function figureCells({ figures, response }: ScopeData, signals: readonly Metric[]): readonly string[] {
  return [
    number(figures.requests),
    figures.rps === null ? none : number(figures.rps),
    ...(['p50', 'p95', 'p99', 'max'] as const).map(name => observation(response[name], 'ms')),
    ...signals.map(metric => observation(observe(metric, figures), metric.unit)),
    errorCell(figures.errors, figures.requests),
  ];
}

/** Errors and their share. */
export function errorCell(errors: number, requests: number): string {
  return errors === 0 ? '0' : `${number(errors)} (${percent(errors / requests)})`;
}
