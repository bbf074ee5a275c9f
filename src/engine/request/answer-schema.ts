import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RequestStep } from '../../model/run/scenario.ts';

const require = createRequire(import.meta.url);

/**
 * Compiles the JSON Schema (draft 7) that a step expects of its answers, null where it expects none; one that is no schema
 * is a `PlimsollError`. Ajv is slow to load, and most scenarios do without; and each schema has its own, since one Ajv
 * refuses a second schema of the same `$id`.
 */
export function compileAnswerSchema({ expect, endpoint }: RequestStep, plan: Plan): ValidateFunction | null {
  if (expect.schema === null) return null;
  try {
    const { Ajv } = require('ajv') as typeof import('ajv');
    return new Ajv({ strict: false, validateFormats: false }).compile(expect.schema);
  } catch (error) {
    throw problem('schema.invalid', {
      where: `${plan.file ?? plan.scenario}: the schema expected of ${plan.endpoints[endpoint]?.name}`,
      found: error instanceof Error ? error.message : String(error),
      expected: 'a JSON Schema (draft 7)',
    });
  }
}
