import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import type { JsonSchema } from '../../model/run/scenario.ts';

const require = createRequire(import.meta.url);

/**
 * Compiles a JSON Schema (draft 7); throws where it is none. Ajv is slow to load, and most scenarios do without; and each
 * schema has its own, since one Ajv refuses a second schema of the same `$id`.
 */
export function compileAnswerSchema(schema: JsonSchema): ValidateFunction {
  const { Ajv } = require('ajv') as typeof import('ajv');
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}
