import { createRequire } from 'node:module';
import type { ErrorObject } from 'ajv';
import { problem } from '../../model/error.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { RequestStep } from '../../model/run/scenario.ts';
import { LinearPatterns, schemaOptions } from '../../safety/linear-pattern.ts';

/** Checks a value: what is wrong with it first, or null. */
export type AnswerCheck = (value: unknown) => Partial<Pick<ErrorObject, 'instancePath' | 'message'>> | null;

const require = createRequire(import.meta.url);

/**
 * Compiles the JSON Schema (draft 7) that a step expects of its answers, null where it expects none; one that is no schema
 * is a `PlimsollError`. Ajv is slow to load, and most scenarios do without; and each schema has its own, since one Ajv
 * refuses a second schema of the same `$id`.
 */
export function compileAnswerSchema({ expect, endpoint }: RequestStep, plan: Plan): AnswerCheck | null {
  if (expect.schema === null) return null;
  try {
    const { Ajv } = require('ajv') as typeof import('ajv');
    const patterns = new LinearPatterns();
    const validate = new Ajv(schemaOptions(patterns)).compile(expect.schema);
    return value => {
      patterns.begin();
      return validate(value) ? null : (validate.errors?.[0] ?? {});
    };
  } catch (error) {
    throw problem('schema.invalid', {
      where: `${plan.file ?? plan.scenario}: the schema expected of ${plan.endpoints[endpoint]?.name}`,
      found: error instanceof Error ? error.message : String(error),
      expected: 'a JSON Schema (draft 7)',
    });
  }
}
