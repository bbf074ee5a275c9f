import * as z from 'zod';
import { rowPicks } from '../../model/run/scenario.ts';
import { millis } from '../../model/units.ts';
import { durationKind, percentage } from '../grammar/quantity-kind.ts';
import { parseTarget } from '../grammar/target-url.ts';
import { authField } from './auth-schema.ts';
import { plainName } from './capture-schema.ts';
import {
  choice,
  labelField,
  mapOf,
  plainTextField,
  quantityField,
  schemaReference,
  sectionField,
  textField,
  trueOrFalse,
  weightField,
  wholeNumber,
} from './field.ts';
import { stepsSchema } from './flow-schema.ts';
import { loadSchema } from './load-schema.ts';
import { serveSchema } from './serve-schema.ts';
import { cacheField } from './signal-schema.ts';
import { headersField, redirectsField, timeoutField } from './step-schema.ts';
import { transportAside, transportFields } from './transport-schema.ts';

const dataSet = sectionField(
  {
    file: plainTextField('the path of a .csv or .json file', {
      description: 'A CSV file with a header row, or a JSON list of objects, relative to the scenario.',
      examples: ['data/bills.csv'],
    }),
    pick: choice(rowPicks, {
      description:
        'How the row of each journey is chosen. sequential: in order, again and again. shuffle: in another random order each time. unique: each row once, then the journeys end. Default: random.',
    }).default('random'),
  },
  { description: 'Rows of data. Each journey gets one row.' },
);

const journeys = z
  .array(
    sectionField(
      {
        name: labelField('The name of the journey. Default: "journey" and its number.', [
          'read a bill',
        ]).optional(),
        endpoint: labelField(
          'The name that the journey is measured under as a whole, think times taken off. Budgets know it as an endpoint. Default: it is not.',
          ['buy something'],
        ).optional(),
        weight: weightField('How often the journey is chosen, relative to the others.'),
        steps: stepsSchema.meta({ description: 'What one user does, in order: requests and pauses.' }),
      },
      { description: 'A sequence of steps that one virtual user makes.' },
    ),
    { error: 'a list of journeys, each with steps' },
  )
  .min(1, { error: 'a list of at least one journey' })
  .meta({ description: 'What virtual users do. Each arrival makes one journey, chosen by weight.' });

const abortOn = sectionField(
  {
    errorRate: quantityField(percentage, 'aboveZero', {
      description: 'The run ends if at least this share of requests fails.',
      examples: ['50%'],
    }),
    for: quantityField(durationKind, 'aboveZero', {
      description: 'How long the error rate must last.',
      examples: ['10s'],
    }),
  },
  { description: 'Ends the run early if the target is down. The run then fails.' },
);

/** The scenario file: what a person writes, read into numbers and defaults. */
export const scenarioSchema = sectionField(
  {
    $schema: schemaReference,
    name: labelField('The name of the scenario, as used in budgets. Default: the name of the file.', [
      'browse-bills',
    ]).optional(),
    target: textField(
      'a URL such as http://127.0.0.1:4010',
      {
        description:
          'Where the load goes: a URL, with a base path if you need one, or a Unix socket, with a base path after another colon.',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the notation is the example
        examples: ['http://127.0.0.1:4010', '${TARGET:-http://127.0.0.1:4010}', 'unix:/run/api.sock'],
      },
      parseTarget,
    ),
    serve: serveSchema.optional(),
    load: loadSchema,
    seed: wholeNumber(0, Number.MAX_SAFE_INTEGER, {
      description: 'The same seed sends the same requests. Default: 1.',
    }).default(1),
    engine: choice(['http', 'autocannon'], {
      description:
        "What sends the load: Plimsoll's own engine (http), or autocannon, for closed loads of a fixed list of requests. Default: http.",
    }).default('http'),
    ...transportFields,
    abortOn: abortOn.optional(),
    cache: cacheField.optional(),
    cookies: trueOrFalse({
      description: 'Each journey keeps the cookies that answers set, and sends them. Default: false.',
    }).default(false),
    defaults: sectionField(
      {
        timeout: timeoutField.default(millis(10_000)),
        headers: headersField.default({}),
        redirects: redirectsField.default('none'),
        auth: authField.default('none'),
      },
      { description: 'Settings for every step that does not set its own.' },
    ).default({ timeout: millis(10_000), headers: {}, redirects: 'none', auth: 'none' }),
    data: mapOf(
      plainName,
      dataSet,
      'a map of names and data files, such as { bills: { file: data/bills.csv } }',
      {
        description: 'Data sets by name. Steps use their columns as {{name.column}}.',
      },
    ).default({}),
    setup: stepsSchema
      .meta({
        description: 'Steps that are made once before the load. All journeys can use what they capture.',
      })
      .optional(),
    teardown: stepsSchema.meta({ description: 'Steps that are made once after the load.' }).optional(),
    journeys: journeys.optional(),
    steps: stepsSchema.optional(),
  },
  {
    title: 'Plimsoll scenario',
    description: 'A named workload: target, load and journeys.',
    oneOf: [{ required: ['journeys'] }, { required: ['steps'] }],
  },
  {
    stages: 'inside load: load: { model: open, stages: [...] }',
    rate: 'inside a stage of load',
    users: 'inside load',
    headers: 'inside defaults: defaults: { headers: {...} }',
    timeout: 'inside defaults: defaults: { timeout: 10s }',
    redirects: 'inside defaults: defaults: { redirects: follow }',
    auth: 'inside defaults: defaults: { auth: {...} }',
    budgets: 'a file of its own, budgets.json',
    url: 'target',
    ...transportAside,
  },
).check(
  z.refine(scenario => !('journeys' in scenario && 'steps' in scenario), {
    path: ['steps'],
    when: isMap,
    error: 'either journeys or, for a single one, steps',
  }),
  z.refine(scenario => 'journeys' in scenario || 'steps' in scenario, {
    path: ['steps'],
    when: isMap,
    error: 'a list of steps, such as - GET /api/bills; or journeys, each with steps',
  }),
  z.refine(
    ({ connections: { max, streams = 1 }, load }) =>
      max === undefined || max >= Math.ceil(mostUsers(load) / streams),
    {
      path: ['connections', 'max'],
      error: 'at least as many as there are users: in a closed load each has a connection of its own',
    },
  ),
  z.refine(({ connections: { streams }, protocol }) => streams === undefined || protocol === 'http2', {
    path: ['connections', 'streams'],
    error: 'protocol: http2 beside it: a connection of HTTP/1.1 has one request at a time',
  }),
);

/** A scenario as it was written, with units read and defaults in place. */
export type ScenarioFile = z.output<typeof scenarioSchema>;

/** The most users at once; none where arrivals share connections. */
function mostUsers(load: z.output<typeof loadSchema>): number {
  if (load.model === 'open') return 0;
  if ('users' in load) return load.users;
  return Math.max(...load.stages.map(({ users }) => Math.max(users.from, users.to)));
}

/** Also a map with mistakes is checked, so that all of them are told at once. */
function isMap({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
