import { z } from 'zod';
import type { IndexEntry } from '../../model/judgement/baseline.ts';
import { headerSchema } from './record-schema.ts';

const count = z.int().nonnegative();

const figures = {
  requests: count,
  errors: count,
  metrics: z.record(z.string(), z.number().nonnegative().nullable()),
  atLeast: z.array(z.string()),
};

const indexEntrySchema: z.ZodType<IndexEntry> = z.strictObject({
  schemaVersion: z.literal(1),
  recordBytes: count,
  header: headerSchema,
  completion: z.enum(['complete', 'interrupted', 'notStarted', 'neverAnswered', 'aborted', 'workerDied']),
  total: z.strictObject(figures),
  endpoints: z.array(z.strictObject({ name: z.string().min(1), ...figures })),
});

/** An index entry from its text; null where that is damaged or of another version: it can be made anew from the record. */
export function parseIndexEntry(text: string): IndexEntry | null {
  try {
    return indexEntrySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** An index entry as it is stored. */
export function indexEntryText(entry: IndexEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
