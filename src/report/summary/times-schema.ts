import * as z from 'zod';
import { reportedQuantiles } from '../../model/judgement/metric.ts';

const count = z.int().nonnegative();

/** Times in a summary. */
export const times = z
  .strictObject(
    Object.fromEntries(
      (['avg', 'min', ...reportedQuantiles, 'max'] as const).map(name => [name, z.number().nullable()]),
    ) as Record<'avg' | 'min' | (typeof reportedQuantiles)[number] | 'max', z.ZodNullable<z.ZodNumber>>,
  )
  .describe(
    'In milliseconds. Null if there are too few requests for this quantile (n(1 − q) < 1), or no expected answer.',
  );

/** Streamed answers in a summary. */
export const streamed = z.strictObject({
  streams: count.describe('Streamed answers that began.'),
  broken: count.describe('Those of them that did not come whole.'),
  events: count.describe('Events that came in the measured window.'),
  eventsPerSecond: z.number().nonnegative().nullable(),
  firstEventMs: times.describe('Time to the first event, in milliseconds: from when a request was written.'),
  gapMs: times.describe('From each event to the next, in milliseconds.'),
});
