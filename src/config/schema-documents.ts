import * as z from 'zod';
import { budgetsSchema } from './schema/budgets/budgets-schema.ts';
import { scenarioSchema } from './schema/scenario-schema.ts';

/** A JSON Schema document. */
type SchemaDocument = { readonly [keyword: string]: unknown };

/** The JSON Schema of scenario files as people write them, variables and all. */
export function scenarioJsonSchema(): SchemaDocument {
  return documentOf('scenario', scenarioSchema);
}

/** The JSON Schema of budgets files. */
export function budgetsJsonSchema(): SchemaDocument {
  return documentOf('budgets', budgetsSchema);
}

/** Draft 7, which every editor reads. */
function documentOf(name: string, schema: z.ZodType): SchemaDocument {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    // Zod leaves out the examples of values that are transformed; these ones are of the text itself.
    override: ({ zodSchema, jsonSchema }) => {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
    },
  });
  return { $schema, $id: `urn:plimsoll:${name}`, ...rest };
}
