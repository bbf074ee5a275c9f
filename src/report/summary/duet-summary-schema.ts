import * as z from 'zod';
import { gateSummary } from './gate-summary.ts';
import { duetEndCode, duetReasonCode } from './reason-codes.ts';
import { verdict } from './run-schema.ts';
import { interval } from './summary-schema.ts';

const count = z.int().nonnegative();
const durationMs = z.number().nonnegative();

const contestant = z.strictObject({
  kind: z.enum(['ref', 'url']),
  name: z.string().describe('The ref or the URL.'),
  commit: z.string().nullable().describe('The commit. Null for a URL.'),
  instances: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('The URLs of all instances, if the side has several.'),
});

const finding = z.strictObject({
  endpoint: z.string(),
  metric: z.string().describe('p50, p95, p99 or errorRate.'),
  unit: z.enum(['ms', 'ratio', 'perSecond']).describe('The unit of base and head.'),
  status: z.enum(['pass', 'warn', 'fail', 'inconclusive']),
  required: z.boolean().describe('False if this finding can fail the duet, but need not pass.'),
  base: z
    .number()
    .nullable()
    .describe(
      'The geometric mean of a time over restarts, or the mean error rate. Null if no restart has a value.',
    ),
  head: z.number().nullable(),
  change: z.number().nullable().describe('head / base − 1; for error rates head − base.'),
  changeInterval: interval.describe('Confidence interval of the change. An open end is null.'),
  confounded: z
    .boolean()
    .describe('True if error rates differ as well, so that these are the times of different requests.'),
  established: z.boolean().describe('True if it is established that head is worse.'),
  pValue: z
    .number()
    .nullable()
    .describe('Adjusted for all comparisons and interim looks. Null before the first look.'),
  spread: z
    .number()
    .nullable()
    .describe('Standard deviation over restarts of the log ratio, or of the difference of error rates.'),
  units: count.describe('The number of restarts or rounds that have a value.'),
  samples: count.describe('The number of requests on both sides.'),
  reason: z.string().describe('Why it has its status, in one sentence.'),
  reasonCode: duetReasonCode,
});

const control = z
  .strictObject({
    units: count.describe('The number of restarts or rounds that were looked at.'),
    findings: z.array(
      finding
        .pick({
          endpoint: true,
          metric: true,
          change: true,
          changeInterval: true,
          established: true,
          pValue: true,
        })
        .extend({
          base: z.number().nullable().describe('The half of its turns that stands for base.'),
          head: z.number().nullable().describe('The other half.'),
        }),
    ),
  })
  .describe(
    'What the same test says of base against itself: halves of its own turns. It never decides. Null before the first look, and of older records.',
  );

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
    base: contestant.describe('The build before the change.'),
    head: contestant.describe('The build after the change.'),
    units: z.strictObject({
      kind: z
        .enum(['restart', 'round'])
        .describe('restart: a fresh start of two builds. round: the same for two URLs, without a start.'),
      measured: count,
      dropped: count.describe(
        'Measured besides and not counted, since the machine kept both sides from running.',
      ),
      most: count,
      continuedAfter: z.array(count).describe('After how many it was continued. Empty if it was not.'),
      loadMs: durationMs.describe('How long both sides were loaded, together, without warm-up.'),
      wallMs: durationMs.describe('How long the restarts took, including starts and warm-up.'),
    }),
    end: z.enum(['decided', 'interrupted', 'broken']),
    endReason: z.string().nullable().describe('Why the duet ended.'),
    endReasonCode: duetEndCode.nullable().describe('The same for programs. Null exactly if endReason is.'),
    tolerance: z.number().describe('The relative change that is tolerated.'),
    floor: z.number().describe('The smallest relative change that counts as one.'),
    findings: z.array(finding),
    control: control.nullable(),
    notes: z.array(z.string()).describe('Sentences on how far the evidence reaches.'),
    gate: gateSummary,
    command: z.string().describe('The command that repeats the duet.'),
  })
  .describe('What a duet of Plimsoll found: head against base.');

/** The summary of a judged duet. */
export type DuetSummary = z.output<typeof duetSummarySchema>;

/** The summary of several heads against one base, as zod reads it. */
export const duetsSummarySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    kind: z.literal('duets'),
    verdict: verdict.describe('The worst verdict of all heads.'),
    exitCode: z.int(),
    duets: z.array(duetSummarySchema).min(2).describe('Each head against base, in the order of the command.'),
  })
  .describe('What a duet of several heads found.');

/** The summary of several heads. */
export type DuetsSummary = z.output<typeof duetsSummarySchema>;

/** The JSON Schema of a duet's summary, draft 2020-12. */
export function duetSummaryJsonSchema(): z.core.JSONSchema.BaseSchema {
  return {
    title: 'Plimsoll duet summary',
    ...z.toJSONSchema(z.union([duetSummarySchema, duetsSummarySchema]), { io: 'input' }),
  };
}
