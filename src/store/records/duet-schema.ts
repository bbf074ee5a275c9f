import * as z from 'zod';
import { type DuetRecord, urlsOf } from '../../model/duet/duet.ts';
import { headerSchema } from './header-schema.ts';
import { mayGrow } from './record-schema.ts';

const count = z.int().nonnegative();
const duration = z.number().nonnegative();
const text = z.string();
const side = z.enum(['base', 'head']);
const timeUs = z.number().nonnegative().nullable();

const bothOf = <Value extends z.ZodType>(value: Value) => z.object({ base: value, head: value });

const sideReading = z
  .object({
    requests: count.describe('Due, however they ended.'),
    errors: count.describe('Failed or unfinished.'),
    samples: count.describe('Response times that the quantiles are of.'),
    unanswered: count.describe('How many of these are of requests that waited in vain.'),
    p50Us: timeUs,
    p95Us: timeUs,
    p99Us: timeUs,
    tailUs: timeUs
      .optional()
      .describe(
        'The geometric mean of the times above p90 and up to p98; null where requests that waited in vain are among them.',
      ),
    signals: z
      .record(z.string().min(1), z.object({ told: count, sum: duration }))
      .optional()
      .describe('What answers said of themselves, by signal; left out where the scenario does not ask.'),
  })
  .refine(({ requests, errors }) => errors <= requests, 'no more errors than requests')
  .refine(({ samples, unanswered }) => unanswered <= samples, 'no more unanswered than samples')
  .describe('What one endpoint showed on one side; times in microseconds, null of no expected answer.');

const readings = z.array(
  z.object({
    endpoint: z.string().min(1),
    base: sideReading,
    head: sideReading,
    instances: bothOf(z.array(sideReading).min(1))
      .optional()
      .describe('Each instance by itself, where a side has several; base and head are all of them together.'),
  }),
);

const share = z.number().min(0).max(1).nullable();

const machine = bothOf(
  z.object({
    stolen: share.describe('Of the time for which cores worked or would have, what the host gave to others.'),
    throttled: share.describe('Of the turns, for how long a control group around Plimsoll was throttled.'),
    waited: share.describe('Of the turns, for how long some task waited for a core.'),
  }),
).describe(
  'How the machine fared in the measured turns of each side, as shares; null where it does not tell.',
);

/** One restart of a duet, as zod reads it. */
export const restartSchema = z
  .object({
    number: z.int().positive(),
    startedAt: z.iso.datetime(),
    first: side.describe('The side that was started first.'),
    firstFolder: side
      .optional()
      .describe('The side that ran in the first of the two folders; left out where none was drawn.'),
    builds: bothOf(z.int().positive())
      .optional()
      .describe('Which of its builds each side ran, from 1; left out where none was drawn.'),
    warmUpMs: duration,
    isWarm: z
      .boolean()
      .describe('False where the median was not seen to be flat before the measurement began.'),
    loadMs: duration.describe('For how long both sides were loaded, together, without warm-up.'),
    wallMs: duration.describe('From the start of the servers to the end of the last answer.'),
    endpoints: readings,
    cpuUsPerRequest: bothOf(duration)
      .nullable()
      .describe('CPU time of the servers for each request, in microseconds; null where it is not known.'),
    sendLagP99Us: bothOf(duration).describe(
      'The p99 of how late the generator itself sent, in microseconds.',
    ),
    turnRise: bothOf(duration.nullable())
      .optional()
      .describe(
        'The median of the last third of the turns over that of the first; null of too few answers, left out of older records.',
      ),
    machine: machine.optional(),
    control: readings
      .optional()
      .describe(
        'Base against itself: of each two of its turns in a row, one by coin as base and the other as head; left out of older records.',
      ),
  })
  .describe('Both sides started afresh, warmed up, and loaded in turn.');

/** What a side is, as zod reads it. */
export const contestantSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ref'), ref: text, commit: text }),
  z.object({
    kind: z.literal('url'),
    url: text,
    others: z.array(text).optional().describe('Further instances of it.'),
  }),
]);

/** How a duet was laid out, as zod reads it. */
export const layoutSchema = z
  .object({
    repeat: z.enum(['restart', 'round']).describe('Fresh starts of two builds, or rounds of two APIs.'),
    slotMs: z.number().positive(),
    pairsPerRestart: z.int().positive(),
    load: z.discriminatedUnion('model', [
      z.object({ model: z.literal('open'), rate: duration.describe('Journeys per second.') }),
      z.object({ model: z.literal('closed'), users: duration }),
    ]),
    mostRestarts: z.int().positive(),
  })
  .describe('How the duet was laid out.');

/** Which duet it is, as zod reads it. */
export const duetHeaderSchema = headerSchema.omit({ target: true, timeoutMs: true }).extend({ seed: count });

/** A duet, as zod reads it. */
export const duetSchema = z
  .object({
    schemaVersion: z.literal(2),
    header: duetHeaderSchema,
    contestants: bothOf(contestantSchema),
    layout: layoutSchema,
    restarts: z
      .array(restartSchema)
      .refine(
        restarts => restarts.every(({ number }, index) => number === index + 1),
        'restarts numbered from 1 without a gap',
      ),
    dropped: z
      .array(z.object({ number: z.int().positive(), startedAt: z.iso.datetime(), machine }))
      .optional()
      .describe(
        'Restarts that were measured and do not count, since the machine kept both sides from running; the next one has the number.',
      ),
    continued: z
      .array(z.object({ after: count, startedAt: z.iso.datetime() }))
      .optional()
      .describe('Where it was continued: how many restarts there were, and when it went on.'),
    end: z.discriminatedUnion('state', [
      z.object({ state: z.literal('decided') }),
      z.object({
        state: z.literal('interrupted'),
        signal: z.enum(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']),
      }),
      z.object({
        state: z.literal('broken'),
        reason: text,
        cause: z.enum(['spoiled', 'noneAnswered']).optional(),
      }),
    ]),
  })
  .refine(holdsItsInstances, 'a reading of each instance of both sides, and of no others')
  .describe(`Everything measured in one duet of Plimsoll; no opinion. ${mayGrow}`);

/** Whether readings have as many instances as the sides have URLs. */
function holdsItsInstances({ contestants, restarts }: Pick<DuetRecord, 'contestants' | 'restarts'>): boolean {
  const { base, head } = { base: urlsOf(contestants.base).length, head: urlsOf(contestants.head).length };
  const isOne = Math.max(base, head) <= 1;
  return restarts.every(({ endpoints }) =>
    endpoints.every(({ instances }) =>
      isOne
        ? instances === undefined
        : base === head && instances?.base.length === base && instances.head.length === head,
    ),
  );
}

type Unchanging<T> = T extends string | number | boolean | null | undefined
  ? T
  : { readonly [Key in keyof T]: Unchanging<T[Key]> };

type StoredDuet = Unchanging<z.output<typeof duetSchema>>;

// Each constraint fails to compile where schema and model drift apart.
type Extends<Part extends Whole, Whole> = Part;
/** The duet, proven to be both what the schema reads and what the model says. */
export type CheckedDuet = Extends<StoredDuet, DuetRecord> & Extends<Omit<DuetRecord, 'newer'>, StoredDuet>;

/** The JSON Schema of a duet, draft 2020-12. */
export function duetJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: 'Plimsoll duet record', ...z.toJSONSchema(duetSchema, { io: 'input' }) };
}
