import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { budgetsJsonSchema, scenarioJsonSchema } from '../src/config/schema-documents.ts';
import { capacitySummaryJsonSchema } from '../src/report/summary/capacity-summary.ts';
import { duetSummaryJsonSchema } from '../src/report/summary/duet-summary-schema.ts';
import { summaryJsonSchema } from '../src/report/summary/summary-schema.ts';
import { duetJsonSchema } from '../src/store/records/duet-schema.ts';
import { recordJsonSchema } from '../src/store/records/record-schema.ts';

/** The generated files of this folder, each with the function that makes its content. */
const documents: { readonly [file: string]: () => unknown } = {
  'budgets.json': budgetsJsonSchema,
  'capacity-summary.json': capacitySummaryJsonSchema,
  'duet-record.json': duetJsonSchema,
  'duet-summary.json': duetSummaryJsonSchema,
  'run-record.json': recordJsonSchema,
  'scenario.json': scenarioJsonSchema,
  'summary.json': summaryJsonSchema,
};

/** The text of every generated file, by its name. */
export function schemaDocuments(): { readonly [file: string]: string } {
  return Object.fromEntries(
    Object.entries(documents).map(([file, make]) => [file, `${JSON.stringify(make(), null, 2)}\n`]),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, text] of Object.entries(schemaDocuments())) {
    await writeFile(new URL(file, import.meta.url), text);
  }
}
