import type { MetricUnit } from '../../model/judgement/metric.ts';
import type { Interval, Observed, Verdict } from '../../model/judgement/verdict.ts';
import { none, number, observation } from '../../words/quantity-text.ts';
import type { Inline } from '../words/inline.ts';
import type { Qualifier } from '../words/wording.ts';
import type { Placed } from './placed.ts';

/** A table as data. */
export interface Table extends Placed {
  readonly kind: 'table';
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Row[];
  /** How many more rows there are. */
  readonly omitted?: number;
}

/** One column. */
export interface TableColumn extends Placed {
  readonly title: string;
  /** Its title on a screen, where no fold says what the table is of and every letter takes room. */
  readonly onScreen?: string;
  readonly align: 'left' | 'right';
  /** True of a column of long texts, which gets the room that the others leave and is cut to it. */
  readonly fills?: true;
  /** Columns that may go where there is no room, lowest first; never, if absent. */
  readonly goes?: number;
}

/** One row; a total stands out. */
export interface Row {
  readonly cells: readonly TableCell[];
  readonly isTotal?: true;
}

/** One cell: what it shows, and the value behind it. */
export type TableCell =
  | { readonly kind: 'text'; readonly text: Inline }
  | Figure
  | { readonly kind: 'interval'; readonly text: string; readonly value: Interval | null }
  | {
      readonly kind: 'verdict';
      readonly verdict: Verdict;
      readonly qualifiers: readonly Qualifier[];
    };

/** A number with its unit. */
export interface Figure {
  readonly kind: 'figure';
  readonly text: string;
  /** Shorter, for a screen. */
  readonly onScreen?: string;
  readonly value: number | null;
  readonly unit: FigureUnit;
  /** What a reader must not miss: what `decides` a verdict, or what `warns` among many figures. */
  readonly tone?: 'decides' | 'warns' | undefined;
}

/** `relative` and `difference` are changes, as shares of the base and as differences of shares. */
export type FigureUnit = MetricUnit | 'count' | 'bytes' | 'relative' | 'difference';

/** A table of these rows. */
export function table(columns: readonly TableColumn[], rows: readonly Row[]): Table {
  return { kind: 'table', columns, rows };
}

/** A column of words. */
export function left(title: string, more: Partial<TableColumn> = {}): TableColumn {
  return { title, align: 'left', ...more };
}

/** A column of figures. */
export function right(title: string, more: Partial<TableColumn> = {}): TableColumn {
  return { title, align: 'right', ...more };
}

/** A cell of words. */
export function textCell(...words: Inline): TableCell {
  return { kind: 'text', text: words };
}

/** A cell of a number. */
export function figure(text: string, value: number | null, unit: FigureUnit): Figure {
  return { kind: 'figure', text, value, unit };
}

/** A cell of a count. */
export function count(value: number): Figure {
  return figure(number(value), value, 'count');
}

/** A cell of a time that may be a lower bound, in milliseconds. */
export function time(observed: Observed | null): Figure {
  return figure(observation(observed, 'ms'), observed?.value ?? null, 'ms');
}

/** A cell without a value. */
export const nothing: TableCell = { kind: 'text', text: [none] };
