import { z } from 'zod';
import { reportedQuantiles } from '../../model/judgement/metric.ts';
import { failureKinds } from '../../model/run/failure.ts';

const count = z.int().nonnegative();
const perSecond = z.number().nonnegative();
/** A verdict in a summary. */
export const verdict = z.enum(['pass', 'warn', 'fail', 'inconclusive', 'invalid']);

const times = z
  .strictObject(
    Object.fromEntries(
      (['avg', 'min', ...reportedQuantiles, 'max'] as const).map(name => [name, z.number().nullable()]),
    ) as Record<'avg' | 'min' | (typeof reportedQuantiles)[number] | 'max', z.ZodNullable<z.ZodNumber>>,
  )
  .describe('Milliseconds; null where n(1 − q) < 1, or where no request was answered as expected.');

const measured = z.strictObject({
  requests: count.describe('Due in the measured window, however they ended.'),
  ok: count.describe('Answered as expected.'),
  errors: count.describe('Failed and unfinished.'),
  errorRate: z.number().min(0).max(1).nullable().describe('errors / requests; null where nothing was due.'),
  rps: perSecond.nullable().describe('Ok answers completed in the window, per second.'),
  latencyMs: times.describe('Response time: from when a request was due to its last byte, in milliseconds.'),
  serviceMs: times.describe(
    'Service time: from when a request was written to its last byte, in milliseconds.',
  ),
  censored: count.describe('Requests that never ended: their times are at least those recorded.'),
  lowerBounds: z
    .array(z.string())
    .describe(
      'Which of these figures are lower bounds, such as latencyMs.p99: censored times lie at or below.',
    ),
  statuses: z.record(z.string(), count).describe('Answers by status code.'),
  failures: z.partialRecord(z.enum(failureKinds), count).describe('Failed requests by kind.'),
  unfinished: count.describe('Requests still under way when the run was cut short.'),
  bytes: count.describe('Received on the wire, headers and bodies.'),
});

/** An interval in a summary; an end is null where it is open. */
export const interval = z
  .strictObject({ low: z.number().nullable(), high: z.number().nullable(), confidence: z.number() })
  .nullable();

const finding = z.strictObject({
  kind: z.enum(['budget', 'regression']).describe('Held against a limit, or against earlier runs.'),
  scope: z.string().describe('total, stage N, or the name of an endpoint.'),
  metric: z.string().describe('For instance p95, errorRate or rps.'),
  unit: z.enum(['ms', 'ratio', 'perSecond']).describe('The unit of observed, limit, baseline and interval.'),
  status: verdict,
  observed: z.number().nullable().describe('Null where nothing was measured.'),
  atLeast: z.boolean().describe('True where the observed value is a lower bound.'),
  limit: z.number().nullable(),
  baseline: z.number().nullable().describe('What it is compared with; null without a comparison.'),
  change: z
    .number()
    .nullable()
    .describe('observed / baseline − 1, of error rates observed − baseline; null without a comparison.'),
  changeInterval: interval.describe('Confidence interval of the change; an end is null where it is open.'),
  required: z.boolean().describe('False of a regression that can accuse, but need not pass.'),
  confounded: z
    .boolean()
    .describe('True where error rates differ as well, so that these are the times of other requests.'),
  evidence: z
    .enum(['limit', 'withinRuns', 'prediction', 'shares', 'thin'])
    .describe(
      'What decided: a limit; the times within the two runs; the spread between earlier runs; error counts; or too little data.',
    ),
  detectable: z
    .number()
    .nullable()
    .describe('The least relative change that the spread between earlier runs lets see; null otherwise.'),
  interval: interval.describe(
    'Confidence interval of the observed value; an end is null where samples are too few.',
  ),
  firm: z.boolean().describe('True where the whole interval lies on one side of what decides.'),
  samples: count,
  reason: z.string(),
});

const run = z.strictObject({
  id: z.string().describe("The run record's id."),
  scenario: z.string(),
  verdict,
  exitCode: z.int(),
  completion: z
    .enum(['complete', 'interrupted', 'notStarted', 'neverAnswered', 'aborted', 'workerDied'])
    .describe('How the run ended; the figures of an interrupted or aborted run are partial.'),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  load: z
    .strictObject({ offered: count.nullable(), delivered: count })
    .describe('Journeys due by the plan (null in a closed model) and journeys started.'),
  total: measured,
  stages: z.record(z.string(), measured).describe('By number, from 1.'),
  endpoints: z.record(z.string(), measured).describe('By name.'),
  findings: z.array(finding),
  comparison: z
    .strictObject({
      state: z.enum(['none', 'refused', 'compared']),
      strength: z
        .enum(['unlike', 'fewRuns', 'manyRuns'])
        .nullable()
        .describe('Another machine or workload; one to seven runs of a like machine; eight or more.'),
      baseline: z
        .string()
        .nullable()
        .describe("The id of the run that stands as 'baseline'; null where there is none."),
      commit: z.string().nullable().describe('Its commit.'),
      runs: z.array(z.string()).describe('The ids of all earlier runs that were looked at.'),
      why: z.string().nullable().describe('Which baseline and why, or why nothing was compared.'),
      notes: z.array(z.string()).describe('How strong the evidence is.'),
    })
    .describe('What the run was compared with.'),
  invalidBecause: z.array(z.string()).describe('Why the run is not a measurement; empty where it is one.'),
  unbudgeted: z.array(z.string()).describe('Endpoints without a budget.'),
  notes: z.array(z.string()),
});

/** The summary that `--json` writes, as zod reads it. */
export const summarySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    verdict: verdict.describe('The first of invalid, fail, inconclusive, warn, pass over all runs.'),
    exitCode: z.int(),
    runs: z.array(run),
  })
  .describe('What Plimsoll measured and judged, one entry a scenario.');

/** The summary of one or more judged runs. */
export type Summary = z.output<typeof summarySchema>;

/** The JSON Schema of the summary, draft 2020-12. */
export function summaryJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: 'Plimsoll summary', ...z.toJSONSchema(summarySchema, { io: 'input' }) };
}
