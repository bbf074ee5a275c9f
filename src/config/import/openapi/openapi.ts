import { mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type { Imported, ImportedJourney, ImportedRequest } from '../form/imported.ts';
import { Omissions } from '../form/omissions.ts';
import { isSafeMethod, mayChange } from '../form/safe-method.ts';
import { readDescribed } from './described-document.ts';
import { openApiIn } from './openapi-document.ts';
import { operationsOf, serversOf } from './openapi-operations.ts';
import { openApiParts } from './openapi-parts.ts';
import { requestOf } from './openapi-request.ts';

/** Journeys are started so often that each of them comes up several times a second, within reason. */
const rateOf = (journeys: number) => Math.min(50, Math.max(10, 5 * journeys));

/** One request for each operation of a description, in a journey for each of its tags; of an Arazzo file a journey for each workflow. */
export async function importOpenApi(from: string, options: ImportOptions): Promise<Imported> {
  const { cwd, includesWrites, proxies } = options;
  const described = await readDescribed(from, cwd, proxies);
  if ('arazzo' in described.root) return (await import('./arazzo.ts')).importArazzo(described, options);
  const document = await openApiIn(described);
  const parts = await openApiParts(document.root);
  const omissions = new Omissions();
  const [{ origin, basePath }] = serversOf(document, parts.resolved);
  const byTag = new Map<string, ImportedRequest[]>();
  for (const operation of operationsOf(document.root, parts.resolved)) {
    const what = `${operation.method} ${operation.path}`;
    if (!includesWrites && !isSafeMethod(operation.method)) {
      omissions.add(what, mayChange);
      continue;
    }
    const request = requestOf(operation, basePath, document, parts);
    if (typeof request === 'string') omissions.add(what, request);
    else byTag.set(operation.tag, [...(byTag.get(operation.tag) ?? []), request]);
  }
  const journeys = [...byTag].map(([name, steps]): ImportedJourney => ({ name, weight: 1, steps }));
  const title = textIn(mapIn(document.root.info).title) ?? 'api';
  const rate = rateOf(journeys.length);
  return {
    ...{ source: `${document.shown} (OpenAPI ${document.version}, ${title})`, title, origin, journeys },
    ...{ stages: [{ seconds: 40, from: rate, to: rate }], isRecorded: false, omissions },
  };
}
