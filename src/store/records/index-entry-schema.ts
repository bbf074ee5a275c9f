import * as z from 'zod';
import { PlimsollError } from '../../model/error.ts';
import type { IndexEntry } from '../../model/judgement/baseline.ts';
import { baselineMarkSchema, headerSchema } from './header-schema.ts';
import { migrations } from './migrations.ts';
import { parseStored, type RecordKind } from './stored-record.ts';

const count = z.int().nonnegative();

const figures = {
  requests: count,
  errors: count,
  metrics: z.record(z.string(), z.number().nonnegative().nullable()),
  atLeast: z.array(z.string()),
  onTime: z.record(z.string(), z.number().nonnegative().nullable()).optional(),
};

const indexEntrySchema: z.ZodType<IndexEntry> = z.object({
  schemaVersion: z.literal(1),
  recordBytes: count,
  header: headerSchema,
  completion: z.enum(['complete', 'interrupted', 'notStarted', 'neverAnswered', 'aborted', 'workerDied']),
  total: z.object(figures),
  endpoints: z.array(z.object({ name: z.string().min(1), ...figures })),
  baseline: baselineMarkSchema.optional(),
  isMeasurement: z.boolean().optional(),
});

const indexEntry: RecordKind<IndexEntry> = {
  noun: 'index entry',
  folder: 'reports/runs/outlines',
  others: [],
  migrations: migrations.indexEntry,
  schema: indexEntrySchema,
};

/** An index entry from its text; null where that is damaged or not understood: it can be made anew from the record. */
export function parseIndexEntry(text: string): IndexEntry | null {
  try {
    const { newer: _, ...entry } = parseStored(text, indexEntry.noun, indexEntry);
    return entry;
  } catch (error) {
    if (error instanceof PlimsollError) return null;
    throw error;
  }
}

/** An index entry from what it was before it was written; null of what is none. */
export function checkedIndexEntry(value: unknown): IndexEntry | null {
  return indexEntrySchema.safeParse(value).data ?? null;
}

/** An index entry as it is stored. */
export function indexEntryText(entry: IndexEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
