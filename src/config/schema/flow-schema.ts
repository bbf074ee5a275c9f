import * as z from 'zod';
import { labelField, sectionField, wholeNumber } from './field.ts';
import { requestLine, requestStep, thinkStep } from './step-schema.ts';

/** A journey with more steps would hardly come to its end. */
const mostRepeats = 1_000;

/** A request or a pause, as the scenario file has it. */
export type PlainStep = z.output<typeof plainStep>;

/** A step as the scenario file has it. */
export type WrittenStep =
  | PlainStep
  | { readonly repeat: number; readonly steps: readonly WrittenStep[] }
  | { readonly group: string; readonly steps: readonly WrittenStep[] };

type StepInput =
  | z.input<typeof plainStep>
  | { readonly repeat: number; readonly steps: readonly StepInput[] }
  | { readonly group: string; readonly steps: readonly StepInput[] };

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

/** The steps of a journey: requests, pauses, and steps of steps. */
export const stepsSchema: z.ZodType<readonly WrittenStep[], readonly StepInput[]> = z
  .array(
    z.union([...plainStep.options, repeatStep, groupStep], {
      error: 'a request such as GET /api/bills, or a map with a key such as request, think or repeat',
    }),
    { error: 'a list of steps, such as - GET /api/bills' },
  )
  .min(1, { error: 'a list of at least one step, such as - GET /api/bills' })
  .check(
    z.refine(steps => steps.length === 0 || steps.some(hasRequest), {
      error: 'at least one request among the steps, such as - GET /api/bills',
    }),
  )
  .meta({ id: 'steps', description: 'What one user does, in order: requests and pauses.' });

function hasRequest(step: unknown): boolean {
  return typeof step === 'object' && step !== null && !('think' in step);
}
