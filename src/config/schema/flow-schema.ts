import * as z from 'zod';
import { parseCondition, type WrittenCondition } from '../grammar/condition.ts';
import type { RequestText } from '../grammar/quantity-text.ts';
import type { RequestLine } from '../grammar/request-line.ts';
import { labelField, sectionField, textField, weightField, wholeNumber } from './field.ts';
import { requestLine, requestStep, thinkStep } from './step-schema.ts';

/** A journey with more steps would hardly come to its end. */
const mostRepeats = 1_000;

/** A request or a pause, as the scenario file has it. */
export type PlainStep = z.output<typeof plainStep>;

/** A step as the scenario file has it. */
export type WrittenStep =
  | PlainStep
  | { readonly repeat: number; readonly steps: readonly WrittenStep[] }
  | { readonly group: string; readonly steps: readonly WrittenStep[] }
  | WrittenIf
  | { readonly oneOf: readonly WrittenWay[] }
  | { readonly parallel: readonly (RequestLine | z.output<typeof requestStep>)[] };

/** Steps under a condition. */
export interface WrittenIf {
  readonly if: WrittenCondition;
  readonly steps: readonly WrittenStep[];
  readonly else?: readonly WrittenStep[] | undefined;
}

/** A way that may be picked: a request, or steps. */
export type WrittenWay = RequestLine | { readonly weight: number; readonly steps: readonly WrittenStep[] };

type StepInput =
  | z.input<typeof plainStep>
  | { readonly repeat: number; readonly steps: readonly StepInput[] }
  | { readonly group: string; readonly steps: readonly StepInput[] }
  | {
      readonly if: string;
      readonly steps: readonly StepInput[];
      readonly else?: readonly StepInput[] | undefined;
    }
  | {
      readonly oneOf: readonly (
        | RequestText
        | { readonly weight?: number | undefined; readonly steps: readonly StepInput[] }
      )[];
    }
  | { readonly parallel: readonly (RequestText | z.input<typeof requestStep>)[] };

const plainStep = z.union([requestLine, requestStep, thinkStep]);

const innerSteps = z.lazy(() => stepsSchema);

const repeatStep = sectionField(
  {
    repeat: wholeNumber(1, mostRepeats, {
      description: 'How often the steps are made, one round after the other.',
      examples: [3],
    }),
    steps: innerSteps,
  },
  { description: 'Steps that are made several times.' },
);

const groupStep = sectionField(
  {
    group: labelField(
      'The name that the steps are measured under as a whole, think times taken off. Budgets know it as an endpoint.',
      ['check out'],
    ),
    steps: innerSteps,
  },
  { description: 'Steps that are measured as a whole, besides their requests.' },
  { name: 'group', endpoint: 'group, which is the name that budgets know' },
);

const ifStep = sectionField(
  {
    if: textField(
      'a comparison such as {{stock}} > 0',
      {
        description:
          'When the steps are made: {{stock}} > 0, {{state}} == open, {{token}} or not {{token}}. Operators are == != <= >= < and >.',
        examples: ['{{stock}} > 0', 'not {{token}}'],
      },
      parseCondition,
    ),
    steps: innerSteps,
    else: innerSteps.optional(),
  },
  { description: 'Steps that are made if a condition holds, and others that are made if it does not.' },
);

const anySteps = z
  .array(
    z.lazy(() => anyStep),
    { error: 'a list of steps, such as - GET /api/bills, or an empty one' },
  )
  .meta({ description: 'What is made on this way. An empty list for nothing.' });

const oneOfStep = sectionField(
  {
    oneOf: z
      .array(
        z.union(
          [
            requestLine,
            sectionField(
              {
                weight: weightField('How often the way is picked, relative to the others.'),
                steps: anySteps,
              },
              { description: 'A way that is picked so often.' },
              { request: 'inside steps: steps: [GET /api/bills]' },
            ),
          ],
          { error: 'a request such as GET /api/bills, or a map with the keys weight and steps' },
        ),
        { error: 'a list of requests, or of maps with steps' },
      )
      .min(2, { error: 'a list of at least two ways' })
      .max(100, { error: 'a list of at most 100 ways' })
      .meta({ description: 'Each journey takes one of these ways. The same seed picks the same ones.' }),
  },
  { description: 'One of several ways, picked by weight.' },
);

const parallelStep = sectionField(
  {
    parallel: z
      .array(
        z.union([requestLine, requestStep], {
          error: 'a request such as GET /api/bills, or a map with the key request',
        }),
        { error: 'a list of requests, such as - GET /app.css' },
      )
      .min(2, { error: 'a list of at least two requests' })
      .max(50, { error: 'a list of at most 50 requests' })
      .meta({
        description:
          'The requests. The journey goes on when all have ended. None can use what another captures.',
      }),
  },
  { description: 'Requests that are made at once, as a page makes them.' },
);

const anyStep: z.ZodType<WrittenStep, StepInput> = z
  .union([...plainStep.options, repeatStep, groupStep, ifStep, oneOfStep, parallelStep], {
    error: 'a request such as GET /api/bills, or a map with a key such as request, think or repeat',
  })
  .meta({ id: 'step' });

/** The steps of a journey: requests, pauses, and steps of steps. */
export const stepsSchema: z.ZodType<readonly WrittenStep[], readonly StepInput[]> = z
  .array(
    z.lazy(() => anyStep),
    { error: 'a list of steps, such as - GET /api/bills' },
  )
  .min(1, { error: 'a list of at least one step, such as - GET /api/bills' })
  .check(
    z.refine(steps => steps.length === 0 || steps.some(hasRequest), {
      error: 'at least one request among the steps, such as - GET /api/bills',
    }),
  )
  .meta({ id: 'steps', description: 'What one user does, in order: requests and pauses.' });

/** Where anything is wrong within a step, that is told instead. */
function hasRequest(step: unknown): boolean {
  if (typeof step !== 'object' || step === null) return false;
  const inner = ['steps', 'else', 'oneOf', 'parallel'].flatMap(key => {
    const value = (step as { readonly [key: string]: unknown })[key];
    return Array.isArray(value) ? value : [];
  });
  return inner.length > 0 ? inner.some(hasRequest) : 'request' in step || 'method' in step;
}
