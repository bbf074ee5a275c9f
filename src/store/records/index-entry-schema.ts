import { z } from 'zod';
import type { RunOutline } from '../../model/judgement/baseline.ts';
import { headerSchema } from './record-schema.ts';

const count = z.int().nonnegative();

const figures = {
  requests: count,
  errors: count,
  metrics: z.record(z.string(), z.number().nonnegative().nullable()),
  atLeast: z.array(z.string()),
};

const outlineSchema: z.ZodType<RunOutline> = z.strictObject({
  schemaVersion: z.literal(1),
  recordBytes: count,
  header: headerSchema,
  completion: z.enum(['complete', 'interrupted', 'notStarted', 'neverAnswered', 'aborted', 'workerDied']),
  total: z.strictObject(figures),
  endpoints: z.array(z.strictObject({ name: z.string().min(1), ...figures })),
});

/** An outline from its text; null where that is damaged or of another version: it can be made anew from the record. */
export function parseOutline(text: string): RunOutline | null {
  try {
    return outlineSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** An outline as it is stored. */
export function outlineText(outline: RunOutline): string {
  return `${JSON.stringify(outline)}\n`;
}
