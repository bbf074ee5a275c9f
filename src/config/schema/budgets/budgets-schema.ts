import * as z from 'zod';
import {
  exampleMetrics,
  type MetricTable,
  metricTable,
  parseMetric,
} from '../../../analysis/metrics/table.ts';
import { problem } from '../../../model/error.ts';
import type { CapacityLimit } from '../../../model/judgement/budget.ts';
import type { MetricUnit } from '../../../model/judgement/metric.ts';
import { nearest } from '../../../words/nearest.ts';
import { parseQuantity } from '../../grammar/quantity.ts';
import { percentage, type Quantity, rate, shortDuration } from '../../grammar/quantity-kind.ts';
import type { RateText } from '../../grammar/quantity-text.ts';
import {
  field,
  mapOf,
  plainTextField,
  quantityField,
  schemaReference,
  sectionField,
  textField,
} from '../field.ts';
import type { MetricLimits } from './budgets-value.ts';
import { regressionSchema } from './regression-schema.ts';

/** A limit in its metric's unit: milliseconds, a share, or events per second. */
export interface Limit {
  readonly limit: number;
  readonly warn: number | null;
  readonly waiver: { readonly until: string; readonly reason: string } | null;
}

const waiver = sectionField(
  {
    until: textField(
      'a day such as 2027-01-31',
      {
        description: 'The last day (UTC) on which a failure is only a warning.',
        examples: ['2027-01-31'],
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      },
      readDay,
    ),
    reason: plainTextField('a sentence that says why', {
      description: 'Why the limit is not enforced yet.',
    }),
  },
  { description: 'Turns failures into warnings until a given day.' },
);

/** One limit as people write it: the quantity alone, or with a warning line or a waiver. */
function limitOf<T extends number>(
  id: string,
  kind: Quantity<T>,
  direction: 'atMost' | 'atLeast',
  description: string,
) {
  const least = kind.base === '%' ? 'zero' : 'aboveZero';
  const one = quantityField(kind, least, { description });
  const full = sectionField(
    {
      limit: one,
      warn: quantityField(kind, least, { description: 'Warn past this value.' }).optional(),
      waiver: waiver.optional(),
    },
    { description },
  ).check(
    z.refine(
      ({ limit, warn }) => warn === undefined || (direction === 'atMost' ? warn < limit : warn > limit),
      {
        path: ['warn'],
        error: `a value ${direction === 'atMost' ? 'below' : 'above'} the limit, so that the warning comes first`,
      },
    ),
  );
  return z
    .union([one, full], { error: `${kind.expected}; or a map with limit, warn and waiver` })
    .transform(
      (written): Limit =>
        typeof written === 'number'
          ? { limit: written, warn: null, waiver: null }
          : { limit: written.limit, warn: written.warn ?? null, waiver: written.waiver ?? null },
    )
    .meta({ id, description });
}

/** A percentage with a sign is no limit but a change from earlier runs. */
function aside(text: string): string | undefined {
  const percent = /^\s*[-+](\d+(?:\.\d+)?%)\s*$/.exec(text)?.[1];
  return percent === undefined
    ? undefined
    : `"regression": { "tolerance": "${percent}" }, for a change from earlier runs`;
}

/** How a limit in a unit is written. */
const quantities: { readonly [unit in MetricUnit]: Quantity<number> } = {
  ms: { ...shortDuration, aside },
  ratio: { ...percentage, aside },
  perSecond: { ...rate, aside },
};

/** The limits of one scope, by metric: those that editors offer, and any other name of an open row. */
function limitsFor(table: MetricTable) {
  const examples = exampleMetrics(table);
  const metricNames = `a metric: ${examples.join(', ')}, or any other percentile`;
  const kinds = new Map<string, ReturnType<typeof limitOf>>();
  const limitNamed = (name: string) => {
    const row = table.find(({ offered }) => offered.includes(name));
    const metric = parseMetric(name, table);
    if (row === undefined || metric === undefined) throw new Error(`${name} is offered, and no metric`);
    const { id, description } = row.limit;
    const kind = kinds.get(id) ?? limitOf(id, quantities[metric.unit], metric.direction, description);
    kinds.set(id, kind);
    return kind;
  };
  const [openName = ''] = table.flatMap(({ isOpen, offered }) => (isOpen ? offered : []));
  return z
    .object(
      Object.fromEntries(
        table.flatMap(({ offered }) => offered).map(name => [name, limitNamed(name).optional()]),
      ),
      { error: 'a map of metrics and limits, such as { "p95": "100ms" }' },
    )
    .catchall(limitNamed(openName))
    .check(
      z.superRefine(
        (written, context) => {
          for (const name of Object.keys(written ?? {})) {
            if (parseMetric(name, table) !== undefined) continue;
            const near = name === 'p100' ? 'max' : nearest(name, examples);
            const unknown = {
              code: 'budgets.unknown-metric',
              expected: metricNames,
              ...(near === undefined ? {} : { instead: near }),
            };
            context.addIssue({ code: 'custom', path: [name], params: { problem: unknown } });
          }
        },
        { when: ({ value }) => typeof value === 'object' },
      ),
    )
    .meta({
      id: 'limits',
      description:
        'Limits by metric. rps, cacheHitRatio, checks and stream.events are minimums, all other limits are maximums.',
      propertyNames: { pattern: `^(?:${table.map(({ names }) => names).join('|')})$` },
    });
}

const stageNumber = field<string, string>(
  key => {
    if (typeof key === 'string' && /^[1-9]\d{0,3}$/.test(key)) return key;
    throw problem('budgets.unknown-stage', { expected: 'the number of a stage: 1 for the first' });
  },
  { type: 'string', pattern: '^[1-9]\\d*$', description: 'The number of a stage, from 1.' },
);

const anyName = field<string, string>(key => String(key), { type: 'string', description: 'A name.' });

/** The budgets file over a table of metrics: what a person writes, read into numbers. */
export function budgetsSchemaFor(table: MetricTable): typeof budgetsSchema {
  return table === metricTable ? budgetsSchema : schemaOver(table);
}

function schemaOver(table: MetricTable) {
  // The names of metrics are a grammar, which no list of keys can say: its type is written by hand.
  const limits = limitsFor(table) as z.ZodType as z.ZodType<Limits, MetricLimits>;
  const scenarioBudgets = sectionField(
    {
      total: limits.optional().meta({ description: 'Limits on all requests of the scenario together.' }),
      stages: mapOf(
        stageNumber,
        limits,
        'a map of stage numbers and limits, such as { "2": { "p95": "150ms" } }',
        {
          description: 'Limits on all requests of a stage, by its number from 1.',
        },
      ).optional(),
      endpoints: mapOf(
        anyName,
        limits,
        'a map of endpoints and limits, such as { "GET /api": { "p95": "100ms" } }',
        {
          description: 'Limits by endpoint: method and route, such as GET /api/bills/:id.',
        },
      ).optional(),
      capacity: textField<CapacityLimit, RateText | `${number} users`>(
        'a rate such as "150/s", or "50 users" of a closed load',
        {
          description:
            'The least load that plimsoll capacity has to find: "150/s", or "50 users" of a closed load.',
          examples: ['150/s', '50 users'],
        },
        readCapacity,
      ).optional(),
    },
    { description: 'The budgets of one scenario.' },
  );

  return sectionField(
    {
      $schema: schemaReference,
      defaults: limits.optional().meta({ description: 'Limits on the total of every scenario.' }),
      endpointDefaults: limits
        .optional()
        .meta({ description: 'Limits on every endpoint of every scenario.' }),
      scenarios: mapOf(anyName, scenarioBudgets, 'a map of scenario names and their budgets', {
        description: 'Budgets by the name of the scenario.',
      }).optional(),
      regression: regressionSchema.prefault({}),
    },
    {
      title: 'Plimsoll budgets',
      description: 'Limits on latency, errors and throughput, and how runs are compared with earlier ones.',
    },
    {
      total: 'inside a scenario: scenarios: { "name": { "total": {...} } }, or defaults',
      endpoints: 'inside a scenario: scenarios: { "name": { "endpoints": {...} } }',
      stages: 'inside a scenario: scenarios: { "name": { "stages": {...} } }',
    },
  );
}

/** The budgets file over all metrics that there are. */
export const budgetsSchema = schemaOver(metricTable);

/** A budgets file as it was written, with units read. */
export type BudgetsFile = z.output<typeof budgetsSchema>;

/** The limits of one scope, by metric. */
export type Limits = { readonly [metric: string]: Limit | undefined };

/** Reads the least load that has to hold. */
function readCapacity(text: string): CapacityLimit {
  const users = /^\s*([1-9]\d{0,6})\s+users?\s*$/.exec(text)?.[1];
  if (users !== undefined) return { unit: 'users', least: Number(users) };
  return { unit: 'perSecond', least: parseQuantity(rate, text) };
}

/** Reads a day that the calendar has. */
function readDay(text: string): string {
  const day = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text))
    return text;
  throw problem('value.invalid', { expected: 'a day of the calendar, as year-month-day: 2027-01-31' });
}
