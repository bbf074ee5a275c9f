import type { Table } from '../table.ts';

/** What a section measured. */
export interface Measured {
  readonly tables: readonly Table[];
  /** Everything behind the tables, as plain data. */
  readonly figures: unknown;
}
