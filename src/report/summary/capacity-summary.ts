import * as z from 'zod';
import type { Capacity } from '../../model/capacity/capacity.ts';
import { scopeName } from '../../model/judgement/budget.ts';
import type { RecordHeader } from '../../model/run/record-header.ts';
import { verdict } from './run-schema.ts';

const count = z.int().nonnegative();
const number = z.number().nullable();
const level = z.number().nonnegative();

const probe = z.strictObject({
  level: level.describe('The load that was tried: journeys started per second, or users.'),
  confirms: z.boolean().describe('True of a longer one, which confirms the end.'),
  requests: count,
  rps: number,
  p50: number.describe('In milliseconds. Null if too few requests were answered.'),
  p95: number,
  p99: number,
  errorRate: number,
  file: z.string().nullable().describe('The run record. Null if it could not be written.'),
  outcome: z.enum(['held', 'broke', 'fellBehind', 'failed', 'generator', 'blurred', 'interrupted']),
  broke: z
    .array(
      z.strictObject({
        scope: z.string().describe('"total", or the name of an endpoint.'),
        metric: z.string(),
        observed: number,
        limit: number,
      }),
    )
    .describe('The budgets that broke, worst first.'),
});

const end = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('found'), capacity: level, brokeAt: level }),
    z.strictObject({ kind: z.literal('none'), brokeAt: level }),
    z.strictObject({ kind: z.literal('most'), capacity: level }),
    z.strictObject({ kind: z.literal('generator'), capacity: level.nullable(), limitedAt: level }),
    z.strictObject({ kind: z.literal('interrupted'), heldAt: level.nullable() }),
  ])
  .describe(
    'How the search ended: it was found; not even the lowest load held (none); the highest one held (most); the load generator was the limit (generator); or it was interrupted.',
  );

const capacitySummarySchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    header: (
      z.looseObject({ id: z.string(), scenario: z.string() }) as unknown as z.ZodType<RecordHeader>
    ).describe('What was measured, where and when, as in a run record.'),
    verdict,
    unit: z
      .enum(['perSecond', 'users'])
      .describe('The unit of every load: journeys started per second, or users.'),
    capacity: number.describe('The highest load that held. Null if none did, or if it is not known.'),
    limit: number.describe('The least that budgets.json asks for. Null if it does not.'),
    end,
    terms: z
      .strictObject({
        unit: z.enum(['perSecond', 'users']),
        from: level,
        to: level,
        precision: z.number().positive(),
        stepMs: level,
        warmupMs: level,
      })
      .describe('Where the search began and was to end, and how near it comes.'),
    earlier: z
      .strictObject({ capacity: level, commit: z.string().nullable(), startedAt: z.string() })
      .nullable()
      .describe('The latest search of the same workload on a like machine.'),
    probes: z.array(probe).describe('Every load that was tried, in order.'),
  })
  .describe('What plimsoll capacity found.');

/** What a search of the capacity comes to for programs. */
export type CapacitySummary = z.output<typeof capacitySummarySchema>;

/** The JSON Schema of the summary of a search, draft 2020-12. */
export function capacitySummaryJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: 'Plimsoll capacity summary', ...z.toJSONSchema(capacitySummarySchema, { io: 'input' }) };
}

/** The summary of a search. */
export function capacitySummaryOf(capacity: Capacity): CapacitySummary {
  const { header, terms, probes, end: ended, limit, standing, earlier } = capacity;
  return {
    schemaVersion: 1,
    header,
    verdict: standing.verdict,
    unit: terms.unit,
    capacity: 'capacity' in ended ? ended.capacity : null,
    ...{ limit, end: ended, terms, earlier },
    probes: probes.map(({ outcome, ...figures }) => ({
      ...figures,
      outcome: outcome.kind,
      broke:
        outcome.kind === 'broke'
          ? outcome.by.map(({ scope, metric, observed, limit: most }) => ({
              scope: scopeName(scope),
              metric: metric.name,
              observed: observed?.value ?? null,
              limit: most,
            }))
          : [],
    })),
  };
}
