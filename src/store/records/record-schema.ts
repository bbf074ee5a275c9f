import * as z from 'zod';
import type { Drift } from '../../model/run/description.ts';
import { type FailureKind, failureKinds, type RequestPhase, requestPhases } from '../../model/run/failure.ts';
import type { EncodedHistogram, RequestCounts, RunRecord } from '../../model/run/record.ts';
import { longestKept } from '../../safety/untrusted-text.ts';
import { baselineMarkSchema, headerSchema } from './header-schema.ts';

/** What the schema of every kind of record says of keys that it does not list. */
export const mayGrow = 'Later versions may add keys anywhere: leave those that you do not know as they are.';

/** The longest encoded histogram that is believed; the fullest one has some 60,000 characters. */
const longestHistogram = 200_000;

const count = z.int().nonnegative();
const duration = z.number().nonnegative();
const share = z.number().min(0).max(1);
const text = z.string();
const status = z.int().min(100).max(999);

const encodedHistogram = z
  .string()
  .max(longestHistogram)
  .regex(/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'base64')
  .describe(
    'HDR histogram of times in microseconds, 1 µs to 1 h, three significant digits; V2 compressed, in base64.',
  ) as unknown as z.ZodType<EncodedHistogram>;

/** A word of a list that later versions may lengthen; a harmless one, since reports show it. */
const growingWord = z.string().regex(/^[a-z][A-Za-z]{0,39}$/, 'a word of letters');

const failuresByKind = z
  .record(growingWord, count)
  .describe(`By kind: ${failureKinds.join(', ')}; later versions may know more.`) as unknown as z.ZodType<
  RequestCounts['failed']
>;

const window = z
  .object({
    kind: z.enum(['warmup', 'stage']),
    stage: count.describe('Stages count from 1; the warm-up is 0.'),
    startMs: duration.describe('From the start of the run.'),
    durationMs: duration.describe('The measured length.'),
  })
  .describe('A stretch of the run; a request belongs to the window in which it was due.');

const openWaits = z.object({ count, minUs: duration });

const windowStream = z
  .object({
    firstEvent: encodedHistogram.describe(
      'From written to the first event, of each stream that had one, and of those that timed out before it.',
    ),
    gap: encodedHistogram.describe('From each event to the next, and the waits that a timeout cut.'),
    cut: z
      .object({ firstEvent: openWaits, gap: openWaits })
      .describe('Times that are only known to be at least the recorded ones, and the least of those.'),
    blockFirstEvents: z.array(encodedHistogram),
    blockGaps: z.array(encodedHistogram),
    blockEvents: z.array(count).describe('Events that came in each block.'),
  })
  .describe('Streamed answers; left out where none was read as a stream.');

const endpointWindow = z
  .object({
    counts: z
      .object({ due: count, ok: count, failed: failuresByKind, unfinished: count })
      .describe('due = ok + all of failed + unfinished.'),
    statuses: z.record(z.string().regex(/^\d{3}$/), count).describe('Answers by status code.'),
    bytes: count.describe('Received on the wire, headers and bodies.'),
    completedOk: count.describe('Ok answers whose last byte came within the window, whenever they were due.'),
    censored: z
      .object({ count, minUs: duration })
      .describe('Requests whose time is only known to be at least the recorded one, and the least of those.'),
    late: z
      .object({
        response: encodedHistogram,
        onTime: encodedHistogram,
        censoredMinUs: duration.nullable(),
      })
      .exactOptional()
      .describe(
        'Requests that the generator took up over 1 ms late: response times, and the same less that.',
      ),
    histograms: z.object({
      response: encodedHistogram,
      service: encodedHistogram,
      firstByte: encodedHistogram,
      failed: encodedHistogram,
    }),
    blocks: z.array(encodedHistogram).describe('The response histogram in equal blocks of the window.'),
    blockDue: z.array(count).describe('Requests due in each block, however they ended.'),
    blockErrors: z.array(count).describe('Failed and unfinished requests of each block.'),
    blockCompleted: z.array(count).describe('Ok answers completed in each block.'),
    signals: z
      .record(
        z.string().min(1),
        z.object({
          told: count.describe(
            'Answers that said something: ok ones, of checks all that were looked at, of stream all that began.',
          ),
          sum: duration.describe(
            'What they said, added up: hits of the cache, answers that passed all checks, streams that came whole.',
          ),
          blockTold: z.array(count),
          blockSum: z.array(duration),
        }),
      )
      .optional()
      .describe('What answers said of themselves, by signal; left out where the scenario does not ask.'),
    stream: windowStream.exactOptional(),
  })
  .describe('What is known of one endpoint in one window.');

const perSecond = z.array(duration.nullable());
const expected = z.array(status).exactOptional();

const endpoint = z.object({
  name: z.string().min(1).describe('Method and route template, such as GET /api/bills/:id.'),
  expected: expected.describe('The statuses that the scenario expects, if it names any.'),
  windows: z.array(endpointWindow).describe("Parallel to the measurement's windows."),
  seconds: z
    .object({
      requests: z.array(count),
      errors: z.array(count),
      p50Us: perSecond,
      p95Us: perSecond,
      p99Us: perSecond,
      maxUs: perSecond,
    })
    .describe('Plain figures per second of the run, warm-up included; all arrays are equally long.'),
});

const errorBodies = z.array(z.object({ endpoint: text, seen: count, withErrors: count, message: text }));

const completion = z.discriminatedUnion('state', [
  z.object({ state: z.literal('complete') }),
  z.object({
    state: z.literal('interrupted'),
    signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']),
  }),
  z
    .object({ state: z.literal('notStarted'), reason: text })
    .describe('There was nothing to send load to: the API did not start, or its name does not resolve.'),
  z.object({ state: z.literal('neverAnswered'), afterMs: duration }),
  z
    .object({ state: z.literal('aborted'), errorRate: z.number().min(0).max(1), forMs: duration })
    .describe("The scenario's abortOn held: so large a share of errors over so long."),
  z.object({ state: z.literal('workerDied'), reason: text }),
]);

const serverEnd = z
  .object({
    code: z.int().nullable(),
    signal: z
      .string()
      .regex(/^SIG[A-Z0-9+-]{1,20}$/)
      .nullable(),
    atMs: duration.describe('From the start of the run.'),
    lastLines: z.array(z.string().max(longestKept)).max(20).describe('The end of its output.'),
  })
  .describe('How the API that Plimsoll had started ended during the run; there only where it did.');

const description = z
  .object({
    source: text.describe('The file and its version.'),
    operations: count,
    uncovered: z.array(text).describe('Operations that the scenario does not load.'),
    undescribed: z.array(text).describe('Endpoints that the description does not have.'),
    answers: count.describe('Answers of one pass behind the load whose type and body were looked at.'),
    unchecked: z.array(z.object({ operation: text, reason: text })),
    drifts: z
      .array(
        z.object({
          operation: text,
          status,
          of: growingWord.describe('status, type or body.') as unknown as z.ZodType<Drift['of']>,
          detail: text.nullable(),
          answers: count,
        }),
      )
      .describe('Answers that are not as declared.'),
  })
  .describe('How the run compares with a description of its API; left out where it was held against none.');

const measurement = z.object({
  completion: completion.describe('How the run came to its end.'),
  windows: z.array(window),
  endpoints: z.array(endpoint),
  transactions: z
    .array(endpoint)
    .exactOptional()
    .describe(
      'Journeys and groups of steps that are measured as a whole, think times taken off. No total counts them. Left out where nothing is.',
    ),
  load: z
    .object({
      model: z.enum(['open', 'closed']),
      offered: count
        .nullable()
        .describe('Journeys due by the plan, or asked for by iterations; null in another closed load.'),
      delivered: count.describe('Journeys started, or held back by the target alone.'),
      abandoned: count.describe('Journeys that ended early for want of a captured value.'),
      cut: count
        .exactOptional()
        .describe('Journeys that the end of the load cut between two of their requests.'),
      dry: z
        .object({ set: z.string().describe('Its name.'), rows: count })
        .exactOptional()
        .describe('A data set whose rows were all used once, so that journeys ended.'),
      users: z
        .strictObject({ asked: count, started: count })
        .exactOptional()
        .describe('Of a closed load: users asked for, and those that made at least one journey.'),
      sent: count.describe('Requests written to a connection.'),
    })
    .describe('What was asked and sent over the stages, warm-up apart.'),
  connections: z.object({
    attempts: count,
    errors: failuresByKind,
    closedIdle: count.describe('Idle connections that the server closed.'),
    peak: count.describe('The most connections open at once.'),
    queued: count.describe('Requests that had to wait because the pool was full.'),
    max: count.nullable().describe('The most connections allowed at once; null where each user has its own.'),
    streams: count
      .exactOptional()
      .describe('Of HTTP/2: the most requests at once on a connection, by the scenario and the server.'),
    moved: count
      .exactOptional()
      .describe(
        'Of HTTP/2: requests that a server gave back unprocessed as it ended a connection, and that were sent on another.',
      ),
    connect: encodedHistogram,
    tls: encodedHistogram,
    insecure: z.boolean().describe('True where certificates were not verified.'),
    proxy: z
      .object({ url: text, from: text })
      .exactOptional()
      .describe('The proxy that requests went through, and the variable or key that names it.'),
  }),
  generator: z
    .object({
      engine: z.enum(['http', 'autocannon']),
      pacing: z.enum(['precise', 'economical']),
      workers: z.int().positive(),
      busy: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .describe("The busiest worker's share of time spent working; null where it is not known."),
      sendLag: encodedHistogram,
      exhausted: z
        .record(z.string().min(1), count)
        .describe('Attempts to connect that failed for want of something on this machine, by error code.'),
      sharesMachine: z.boolean().describe('True where target and generator share a machine.'),
      cpu: z
        .object({
          cores: z.int().positive().describe('The cores that the generator may use.'),
          generator: share.describe('Plimsoll with all its threads.'),
          served: share
            .nullable()
            .describe('What Plimsoll started as the target; null where it started nothing, or cannot tell.'),
          others: share
            .nullable()
            .describe('Everything else; null where what Plimsoll started cannot be told apart from it.'),
          stolen: share.describe('What the host of a virtual machine gave to its other guests.'),
        })
        .nullable()
        .exactOptional()
        .describe('Who used the processor during the load, as shares of all cores; null where not known.'),
    })
    .describe('What the generator knows of itself.'),
  serverEnd: serverEnd.exactOptional(),
  droppedLogBytes: count
    .exactOptional()
    .describe(
      'Of the output of the API that Plimsoll had started, the bytes that its log was too short for.',
    ),
  slowest: z
    .array(
      z.object({
        endpoint: text,
        dueMs: duration,
        responseMs: duration,
        serviceMs: duration.nullable(),
        status: status.nullable(),
        requestId: text.nullable(),
      }),
    )
    .describe('The slowest requests, slowest first.'),
  checks: z
    .array(z.object({ endpoint: text, check: text, passed: count, failed: count }))
    .exactOptional()
    .describe('How often each check held, warm-up included. Left out where nothing is checked.'),
  errorBodies: errorBodies.exactOptional().describe('Answers that count as ok though their JSON has errors.'),
  blocking: z
    .array(
      z.object({ endpoint: text, function: z.enum(['prepare', 'check']), times: count, longestMs: duration }),
    )
    .exactOptional()
    .describe('Functions of the scenario that held the load generator up.'),
  failureSamples: z.array(
    z.object({
      endpoint: text,
      kind: growingWord.describe(
        `${failureKinds.join(', ')}, or another.`,
      ) as unknown as z.ZodType<FailureKind>,
      phase: growingWord.describe(
        `${requestPhases.join(', ')}, or another.`,
      ) as unknown as z.ZodType<RequestPhase>,
      dueMs: duration,
      status: status.nullable(),
      detail: text,
      body: text
        .nullable()
        .exactOptional()
        .describe('The start of the body of the answer. Null if it is not text, left out if none was kept.'),
    }),
  ),
  description: description.exactOptional(),
  drain: z.object({ durationMs: duration, completed: count }),
});

/** The run record, as zod reads it: every key and type, but not what holds between them. */
export const recordSchema = z
  .object({
    schemaVersion: z.literal(1),
    header: headerSchema,
    measurement,
    baseline: baselineMarkSchema.optional(),
  })
  .describe(
    `Everything measured in one run of Plimsoll, as numbers and mergeable histograms; no opinion. ${mayGrow}`,
  );

type Unchanging<T> = T extends string | number | boolean | null | undefined
  ? T
  : { readonly [Key in keyof T]: Unchanging<T[Key]> };

type StoredRecord = Unchanging<z.output<typeof recordSchema>>;

// Each constraint fails to compile where schema and model drift apart.
type Extends<Part extends Whole, Whole> = Part;
/** The run record, proven to be both what the schema reads and what the model says. */
export type CheckedRecord = Extends<StoredRecord, RunRecord> &
  Extends<Omit<RunRecord, 'newer'>, StoredRecord>;

/** The JSON Schema of a run record, draft 2020-12. */
export function recordJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: 'Plimsoll run record', ...z.toJSONSchema(recordSchema, { io: 'input' }) };
}
