import * as z from 'zod';
import { failureKinds } from '../../model/run/failure.ts';
import { descriptionSummary } from './description-summary.ts';
import { gateSummary } from './gate-summary.ts';
import { comparisonCode, invalidCode, runReasonCode } from './reason-codes.ts';
import { failureSample, repeatsSummary, verdict } from './run-schema.ts';
import { streamed, times } from './times-schema.ts';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const perSecond = z.number().nonnegative();

const measured = z.strictObject({
  requests: count.describe('Requests that were due in the measured window, however they ended.'),
  ok: count.describe('Requests that were answered as expected.'),
  errors: count.describe('Requests that failed or did not finish.'),
  errorRate: z.number().min(0).max(1).nullable().describe('errors / requests. Null if no request was due.'),
  rps: perSecond.nullable().describe('Ok answers that completed in the window, per second.'),
  latencyMs: times.describe('Response time, in milliseconds: from when a request was due to its last byte.'),
  serviceMs: times.describe(
    'Service time, in milliseconds: from when a request was written to its last byte.',
  ),
  censored: count.describe('Requests that never ended. Their true times are at least the recorded ones.'),
  lowerBounds: z
    .array(z.string())
    .describe(
      'Which of these figures are lower bounds, such as latencyMs.p99, because requests at or below them never ended.',
    ),
  statuses: z.record(z.string(), count).describe('Number of answers by status code.'),
  failures: z
    .partialRecord(z.enum(failureKinds), count)
    .describe('Number of failed requests by kind of failure.'),
  unfinished: count.describe('Requests that were under way when the run was cut short.'),
  bytes: count.describe('Bytes received on the wire, headers and bodies.'),
  stream: streamed.optional().describe('Streamed answers. Left out if no answer was read as a stream.'),
  signals: z
    .record(z.string(), z.number().nullable())
    .optional()
    .describe(
      'Metrics that the scenario asks for, such as cacheHitRatio, by name. Null if no answer tells. Left out if it asks for none.',
    ),
});

/** An interval in a summary; an end is null where it is open. */
export const interval = z
  .strictObject({ low: z.number().nullable(), high: z.number().nullable(), confidence: z.number() })
  .nullable();

const finding = z.strictObject({
  kind: z
    .enum(['budget', 'regression'])
    .describe('Compared with a limit (budget) or with earlier runs (regression).'),
  scope: z.string().describe('"total", "stage N", or the name of an endpoint.'),
  metric: z.string().describe('Such as p95, errorRate or rps.'),
  unit: z.enum(['ms', 'ratio', 'perSecond']).describe('The unit of observed, limit, baseline and interval.'),
  status: verdict,
  observed: z.number().nullable().describe('The measured value. Null if nothing was measured.'),
  atLeast: z.boolean().describe('True if the observed value is a lower bound.'),
  limit: z.number().nullable(),
  baseline: z.number().nullable().describe('The value it is compared with. Null without a comparison.'),
  change: z
    .number()
    .nullable()
    .describe('observed / baseline − 1; for error rates observed − baseline. Null without a comparison.'),
  changeInterval: interval.describe('Confidence interval of the change. An open end is null.'),
  required: z.boolean().describe('False if this regression finding can fail the run, but need not pass.'),
  confounded: z
    .boolean()
    .describe('True if error rates differ as well, so that these are the times of different requests.'),
  evidence: z
    .enum(['limit', 'withinRuns', 'prediction', 'shares', 'thin'])
    .describe(
      'What the verdict is based on: a limit, the times within the two runs, the spread between earlier runs, error counts, or too little data.',
    ),
  detectable: z
    .number()
    .nullable()
    .describe(
      'The smallest relative change that can be found, given the spread between earlier runs. Null otherwise.',
    ),
  interval: interval.describe(
    'Confidence interval of the observed value. An end is null if there are too few samples for it.',
  ),
  firm: z.boolean().describe('True if the whole interval lies on one side of the limit.'),
  samples: count,
  reason: z.string().describe('Why it has its status, in one sentence.'),
  reasonCode: runReasonCode,
});

const run = z.strictObject({
  id: z.string().describe("The run record's id."),
  scenario: z.string(),
  verdict,
  firm: z
    .boolean()
    .describe(
      'True if the verdict is a fail beyond doubt. It stands before a run that is not a measurement.',
    ),
  exitCode: z.int(),
  completion: z
    .enum(['complete', 'interrupted', 'notStarted', 'neverAnswered', 'aborted', 'workerDied'])
    .describe('How the run ended. The figures of an interrupted or aborted run are partial.'),
  attempt: z
    .int()
    .positive()
    .describe('1, or more if the run was repeated because its load generator spoiled it.'),
  earlierAttempts: z
    .array(z.strictObject({ id: z.string(), why: z.string() }))
    .describe('The run records of the attempts before, and why they are not measurements.'),
  startedAt: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
  load: z
    .strictObject({
      offered: count
        .nullable()
        .describe(
          'Journeys planned, or asked for by iterations. Null in another closed load, where answers decide how many there are.',
        ),
      delivered: count.describe('Journeys started.'),
      cut: count
        .nullable()
        .describe('Journeys that the end of the load cut between two requests. Null in older records.'),
      users: z
        .strictObject({ asked: count, started: count })
        .nullable()
        .describe('Users of a closed load. Null in an open load, and in older records.'),
      undone: z
        .array(
          z.strictObject({ code: z.enum(['journeys', 'data', 'users', 'endpoints']), reason: z.string() }),
        )
        .describe(
          'What was asked for and not done, of a run that came to its end. With any, a pass is a warning.',
        ),
    })
    .describe('What was asked for and what was done.'),
  cpu: z
    .strictObject({
      cores: z.int().positive(),
      generator: share,
      served: share.nullable().describe('What Plimsoll started as the target. Null if it started nothing.'),
      others: share.nullable().describe('Everything else. Null if it is not known.'),
      stolen: share.describe('What the host of a virtual machine gave to other guests.'),
    })
    .nullable()
    .describe(
      'Who used the processor of the load generator while the load ran: shares of all its cores. Null if it is not known.',
    ),
  serverEnd: z
    .strictObject({
      code: z.int().nullable(),
      signal: z.string().nullable(),
      atMs: z.number().nonnegative().describe('From the start of the run.'),
      lastLines: z.array(z.string()).describe('The end of its output.'),
    })
    .nullable()
    .describe('How the API that Plimsoll started ended during the run. Null if it did not.'),
  total: measured,
  stages: z.record(z.string(), measured).describe('Figures by the number of the stage, from 1.'),
  endpoints: z.record(z.string(), measured).describe('Figures by the name of the endpoint.'),
  transactions: z
    .record(z.string(), measured)
    .exactOptional()
    .describe(
      'Figures of journeys and groups that are measured as a whole, by name; think times are not counted. Left out if there are none.',
    ),
  findings: z
    .array(finding)
    .describe(
      'Budgets, then regressions. Each worst first: fail, invalid, inconclusive and warn, by how far it is over its limit or how much worse it is, then pass.',
    ),
  comparison: z
    .strictObject({
      state: z.enum(['none', 'refused', 'compared']),
      strength: z
        .enum(['unlike', 'fewRuns', 'manyRuns'])
        .nullable()
        .describe(
          'How strong the evidence is: another machine or workload (unlike), one to seven runs of a like machine (fewRuns), or eight or more (manyRuns).',
        ),
      baseline: z.string().nullable().describe('The id of the baseline run. Null if there was no baseline.'),
      commit: z.string().nullable().describe('The commit of the baseline run.'),
      runs: z.array(z.string()).describe('The ids of all earlier runs that were used.'),
      lastRun: z
        .strictObject({
          startedAt: z.iso.datetime(),
          p95Change: z.number().describe('p95 / its p95 − 1, over all endpoints. It decides nothing.'),
        })
        .nullable()
        .describe('The latest like run, if it is no baseline only because nobody saved it.'),
      why: z.string().nullable().describe('Which baseline was chosen and why, or why nothing was compared.'),
      whyCode: comparisonCode
        .nullable()
        .describe('The same for programs. Null if nobody asked for a comparison.'),
      notes: z.array(z.string()).describe('Sentences on how strong the evidence is.'),
      missing: z
        .boolean()
        .describe('True if the run fails because nothing was compared, which requireBaseline asks for.'),
    })
    .describe('What the run was compared with.'),
  repeats: repeatsSummary,
  failureSamples: z
    .array(failureSample)
    .describe('Some failed requests: up to three of each endpoint and kind, 1,000 at most.'),
  invalidBecause: z.array(z.string()).describe('Why the run is not a measurement. Empty if it is one.'),
  invalidBecauseCodes: z
    .array(invalidCode)
    .describe('The same for programs: the kind of each reason, in the same order.'),
  budgetsFile: z
    .string()
    .nullable()
    .describe(
      'The budgets file that was used. Null if none was found: an error rate of 1 % is the only limit then.',
    ),
  gate: gateSummary,
  description: descriptionSummary.exactOptional(),
  unbudgeted: z.array(z.string()).describe('Endpoints without a budget.'),
  notes: z.array(z.string()),
});

/** The summary that `--json` writes, as zod reads it. */
export const summarySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    verdict: verdict.describe(
      'The worst verdict of all runs: the first of a firm fail, invalid, fail, inconclusive, warn and pass.',
    ),
    exitCode: z.int(),
    runs: z.array(run),
  })
  .describe('What Plimsoll measured and judged, one entry per scenario.');

/** The summary of one or more judged runs. */
export type Summary = z.output<typeof summarySchema>;

/** The JSON Schema of the summary, draft 2020-12. */
export function summaryJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: 'Plimsoll summary', ...z.toJSONSchema(summarySchema, { io: 'input' }) };
}
