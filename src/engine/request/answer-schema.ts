import { problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RequestStep } from '../../model/run/scenario.ts';
import { type SchemaCheck, schemaCheck } from '../../safety/schema-check.ts';

/**
 * Compiles the JSON Schema (draft 7) that a step expects of its answers, null where it expects none; one that is no schema
 * is a `PlimsollError`.
 */
export function compileAnswerSchema({ expect, endpoint }: RequestStep, plan: Plan): SchemaCheck | null {
  if (expect.schema === null) return null;
  try {
    return schemaCheck(expect.schema);
  } catch (error) {
    throw problem('schema.invalid', {
      where: `${plan.file ?? plan.scenario}: the schema expected of ${plan.endpoints[endpoint]?.name}`,
      found: error instanceof Error ? error.message : String(error),
      expected: 'a JSON Schema (draft 7)',
    });
  }
}
