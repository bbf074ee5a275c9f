import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, Options, ValidateFunction } from 'ajv';
import { LinearPatterns, TooMuchText } from './linear-pattern.ts';

const require = createRequire(import.meta.url);

/** What of a value does not match a schema, and where in it. */
export type SchemaMismatch = Partial<Pick<ErrorObject, 'instancePath' | 'message'>>;

/** Checks a value: what does not match first, or null. Throws a `RangeError` of one that is nested too deeply. */
export type SchemaCheck = (value: unknown) => SchemaMismatch | null;

/**
 * Compiles a JSON Schema (draft 7, or 2020-12) for values that may be made to take long: what they are checked by takes a time in proportion to
 * them. Throws what Ajv says of one that is no schema. Ajv is slow to load, and most scenarios do without; and each schema has its own,
 * since one Ajv refuses a second schema of the same `$id`.
 */
export function schemaCheck(schema: object): SchemaCheck {
  const { ajv, patterns } = carefulAjv(isOf2020(schema));
  return checkBy(ajv.compile(schema), patterns);
}

/** Compiles schemas that refer to parts of one document by its name: `NAME#/…`. Throws as `schemaCheck` does. */
export function schemaChecksIn(
  document: object,
  { name, draft }: { readonly name: string; readonly draft: '7' | '2020-12' },
): (schema: object) => SchemaCheck {
  const { ajv, patterns } = carefulAjv(draft === '2020-12', { validateSchema: false });
  ajv.addSchema(document, name);
  return schema => checkBy(ajv.compile(schema), patterns);
}

function carefulAjv(
  is2020: boolean,
  more: Options = {},
): { readonly ajv: Ajv; readonly patterns: LinearPatterns } {
  const Class = is2020
    ? (require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js')).Ajv2020
    : (require('ajv') as typeof import('ajv')).Ajv;
  const patterns = new LinearPatterns();
  const regExp = Object.assign((source: string) => patterns.pattern(source), { code: 'patterns' });
  const ajv = new Class({ strict: false, validateFormats: false, code: { regExp }, ...more });
  // Ajv's own compares each item with each other one.
  ajv.removeKeyword('uniqueItems').addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    validate: (isAsked: boolean, items: readonly unknown[]) => !isAsked || areUnique(items),
    error: { message: 'must NOT have duplicate items' },
  });
  return { ajv, patterns };
}

function checkBy(validate: ValidateFunction, patterns: LinearPatterns): SchemaCheck {
  return value => {
    patterns.begin();
    try {
      return validate(value) ? null : (validate.errors?.[0] ?? {});
    } catch (error) {
      if (error instanceof TooMuchText) return { message: error.message };
      // Ajv calls these where it compares objects.
      if (error instanceof TypeError)
        return { message: 'has a member valueOf or toString, and cannot be compared' };
      throw error;
    }
  };
}

/** Keywords that draft 7 does not know, and would pass over. */
const newKeywords =
  /"(?:prefixItems|unevaluatedItems|unevaluatedProperties|dependentSchemas|dependentRequired|minContains|maxContains|\$dynamicRef)":/;

/** By what a schema says of itself; one that says nothing is of draft 7 unless it holds a keyword of 2020-12. */
function isOf2020(schema: object): boolean {
  const { $schema } = schema as { readonly $schema?: unknown };
  if (typeof $schema === 'string') return /\/draft\/2020-12\/schema#?$/.test($schema);
  return newKeywords.test(JSON.stringify(schema));
}

function areUnique(items: readonly unknown[]): boolean {
  return new Set(items.map(item => JSON.stringify(item, inOrder))).size === items.length;
}

/** Members in one order, so that objects that are equal are one text. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
