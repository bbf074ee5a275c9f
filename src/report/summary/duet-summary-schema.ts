import { z } from 'zod';
import { interval, verdict } from './summary-schema.ts';

const count = z.int().nonnegative();
const durationMs = z.number().nonnegative();

const contestant = z.strictObject({
  kind: z.enum(['ref', 'url']),
  name: z.string().describe('The ref or the URL.'),
  commit: z.string().nullable().describe('Null of a URL.'),
});

const finding = z.strictObject({
  endpoint: z.string(),
  metric: z.string().describe('p50, p95, p99 or errorRate.'),
  unit: z.enum(['ms', 'ratio']).describe('The unit of base and head.'),
  status: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
  required: z.boolean().describe('False where it can accuse, but the duet is green without it.'),
  base: z
    .number()
    .nullable()
    .describe('The geometric mean of a time, or the mean error rate, over units; null where none tells.'),
  head: z.number().nullable(),
  change: z.number().nullable().describe('head / base − 1, of error rates head − base.'),
  changeInterval: interval.describe('Confidence interval of the change; an end is null where it is open.'),
  confounded: z
    .boolean()
    .describe('True where error rates differ as well, so that these are the times of other requests.'),
  established: z.boolean().describe('Whether the change for the worse is established.'),
  pValue: z
    .number()
    .nullable()
    .describe('Adjusted for all comparisons and looks; null before the first look.'),
  spread: z
    .number()
    .nullable()
    .describe('Standard deviation over units of the log ratio, or of the difference of error rates.'),
  units: count.describe('The units that told something.'),
  samples: count.describe('Requests of both sides.'),
  reason: z.string(),
});

/** The summary of a duet that `--json` writes, as zod reads it. */
export const duetSummarySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    kind: z.literal('duet'),
    verdict,
    exitCode: z.int(),
    id: z.string().describe("The duet record's id."),
    scenario: z.string(),
    startedAt: z.iso.datetime(),
    durationMs,
    base: contestant.describe('What it was.'),
    head: contestant.describe('What it is now.'),
    units: z.strictObject({
      kind: z.enum(['restart', 'round']).describe('Fresh starts of two builds, or rounds of two APIs.'),
      measured: count,
      most: count,
      loadMs: durationMs.describe('For how long both sides were loaded, together, without warm-up.'),
      wallMs: durationMs.describe('How long the units took, starts and warm-up included.'),
    }),
    end: z.enum(['decided', 'interrupted', 'broken']),
    endReason: z.string().nullable().describe('Why it ended.'),
    tolerance: z.number().describe('The relative change that is tolerated.'),
    floor: z.number().describe('The least relative change that is called one.'),
    findings: z.array(finding),
    notes: z.array(z.string()).describe('How far the evidence reaches.'),
    command: z.string().describe('The command that repeats it.'),
  })
  .describe('What a duet of Plimsoll found: head against base.');

/** The summary of a judged duet. */
export type DuetSummary = z.output<typeof duetSummarySchema>;

/** The JSON Schema of a duet's summary, draft 2020-12. */
export function duetSummaryJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: 'Plimsoll duet summary', ...z.toJSONSchema(duetSummarySchema, { io: 'input' }) };
}
