import { problem } from '../../model/error.ts';
import type { JsonSchema } from '../../model/run/scenario.ts';
import { schemaCheck } from '../../safety/schema-check.ts';
import { inWords } from '../../words/value-text.ts';
import { readDocument } from '../source/document.ts';

/** Reads the JSON Schema file that an answer is expected to satisfy; one that does not compile is `value.invalid`. */
export async function readExpectedSchema(file: string, cwd: string): Promise<JsonSchema> {
  const document = await readDocument(file, cwd);
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem('schema.invalid', {
      where: document.file,
      found: inWords(value),
      expected: 'a JSON Schema',
    });
  }
  try {
    const check = schemaCheck(value);
    for (const simplest of [null, true, 0, '', [], {}]) check(simplest);
  } catch (cause) {
    const isEndless = cause instanceof RangeError;
    const found = isEndless ? 'a schema that refers to itself without end' : (cause as Error).message;
    throw problem(
      'schema.invalid',
      { where: document.file, found, expected: 'a JSON Schema (draft 7 or 2020-12)' },
      { cause },
    );
  }
  return value as JsonSchema;
}
