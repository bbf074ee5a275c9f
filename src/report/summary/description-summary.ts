import * as z from 'zod';
import type { Judgement } from '../../model/judgement/verdict.ts';
import type { Measurement } from '../../model/run/record.ts';

const count = z.int().nonnegative();

/** How a run compares with the description of its API, as zod reads it. */
export const descriptionSummary = z
  .strictObject({
    source: z.string().describe('The description of the API, from --openapi.'),
    operations: count,
    uncovered: z.array(z.string()).describe('Operations that the scenario does not load.'),
    undescribed: z.array(z.string()).describe('Endpoints that the description does not have.'),
    answers: count.describe('Answers of one pass behind the load whose type and body were checked.'),
    unchecked: z
      .array(z.strictObject({ operation: z.string(), reason: z.string() }))
      .describe('Operations whose bodies could not be checked.'),
    drifts: z
      .array(
        z.strictObject({
          operation: z.string(),
          status: z.int(),
          of: z.enum(['status', 'type', 'body']),
          detail: z.string().nullable(),
          answers: count,
        }),
      )
      .describe('Answers that are not as declared.'),
    fails: z.boolean().describe('True if they fail the run, which --fail-on-drift asks for.'),
  })
  .describe('How the run compares with the description of its API. Left out without --openapi.');

/** How a run compares with the description of its API; nothing where it was held against none. */
export function descriptionIn(
  { description }: Measurement,
  { hasDrifted = false }: Judgement,
): { readonly description?: z.output<typeof descriptionSummary> } {
  if (description === undefined) return {};
  const { uncovered, undescribed, unchecked, drifts, ...rest } = description;
  return {
    description: {
      ...rest,
      fails: hasDrifted,
      ...{ uncovered: [...uncovered], undescribed: [...undescribed] },
      ...{ unchecked: [...unchecked], drifts: [...drifts] },
    },
  };
}
