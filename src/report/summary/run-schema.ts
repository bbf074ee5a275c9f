import * as z from 'zod';

/** A verdict in a summary. */
export const verdict = z.enum(['pass', 'warn', 'fail', 'inconclusive', 'invalid']);

/** A failed request in a summary. */
export const failureSample = z.strictObject({
  endpoint: z.string(),
  kind: z.string(),
  phase: z.string(),
  status: z.int().nullable(),
  detail: z.string(),
  body: z
    .string()
    .nullable()
    .describe('The start of the body of the answer. Null if none was kept, or if it is not text.'),
});

/** The runs of a load that was played several times, in a summary. */
export const repeatsSummary = z
  .strictObject({
    asked: z.int(),
    runs: z.array(
      z.strictObject({
        id: z.string(),
        verdict,
        isJudged: z.boolean().describe('False of a run that is not a measurement, and so does not count.'),
      }),
    ),
    values: z
      .array(
        z.strictObject({
          scope: z.string(),
          metric: z.string(),
          observed: z.array(z.number().nullable()).describe('Of each run that is judged, in their order.'),
        }),
      )
      .describe('One for each budget.'),
  })
  .nullable()
  .describe(
    'The runs of a load that was played several times; findings are medians then. Null of a single run.',
  );
