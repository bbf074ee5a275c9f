import { listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportOptions } from '../form/import-source.ts';
import type {
  Imported,
  ImportedBody,
  ImportedJourney,
  ImportedPair,
  ImportedRequest,
} from '../form/imported.ts';
import { type ImportedText, sentText } from '../form/imported-text.ts';
import { Omissions } from '../form/omissions.ts';
import { mediaTypeOf } from '../form/recorded-body.ts';
import { isSafeMethod, mayChange, uploadsFile } from '../form/safe-method.ts';
import { type OpenApiDocument, readOpenApi } from './openapi-document.ts';
import { type OpenApiOperation, operationsOf, serversOf } from './openapi-operations.ts';
import { queryOf, simpleText } from './openapi-parameters.ts';
import { type OpenApiParts, openApiParts } from './openapi-parts.ts';
import type { OpenApiPart as Part } from './openapi-references.ts';
import { credentialsOf } from './openapi-security.ts';

/** Journeys are started so often that each of them comes up several times a second, within reason. */
const rateOf = (journeys: number) => Math.min(50, Math.max(10, 5 * journeys));

/** One request for each operation of a description, in a journey for each of its tags. */
export async function importOpenApi(from: string, { cwd, includesWrites }: ImportOptions): Promise<Imported> {
  const document = await readOpenApi(from, cwd);
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

/** The request of an operation, or why there is none. */
function requestOf(
  { method, path, operation, parameters }: OpenApiOperation,
  basePath: string,
  { root }: OpenApiDocument,
  parts: OpenApiParts,
): ImportedRequest | string {
  const of = (place: string) => parameters.filter(parameter => parameter.in === place);
  const filled = pathOf(path, of('path'), parts);
  if (filled === null) return 'since nothing is known of a parameter of its path';
  const sent = (place: string) =>
    of(place).filter(parameter => parameter.required === true || parts.ownExample(parameter) !== undefined);
  if (of('querystring').some(({ required }) => required === true))
    return 'since its query is one parameter as a whole';
  const schemes = mapIn(mapIn(root.components).securitySchemes ?? root.securityDefinitions);
  const credentials = credentialsOf(operation.security ?? root.security, schemes, parts);
  const body = bodyOf(operation, parameters, root, parts);
  if (typeof body === 'string') return body;
  const taken = new Set(credentials.headers.map(({ name }) => name.toLowerCase()));
  const ignored = ['accept', 'content-type', 'authorization', ...taken];
  const headers = sent('header').filter(({ name }) => !ignored.includes(String(name).toLowerCase()));
  const queried = sent('query').filter(({ name }) => !credentials.query.some(pair => pair.name === name));
  return {
    ...{ kind: 'request', method, name: textIn(operation.operationId), captures: [], body },
    path: [...sentText(basePath), ...filled],
    route: `${basePath}${path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => `:${name.replaceAll(/[^\w.-]/g, '')}`)}`,
    query: [
      ...queried.flatMap(parameter => queryOf(parameter, parts.exampleOf(parameter))),
      ...credentials.query,
    ],
    headers: [
      ...headers.map(parameter => ({
        name: String(parameter.name),
        value: sentText(simpleText(parts.exampleOf(parameter))),
      })),
      ...credentials.headers,
    ],
  };
}

/** The path with examples in it; null if one of them is missing. */
function pathOf(path: string, parameters: readonly Part[], { exampleOf }: OpenApiParts): ImportedText | null {
  let isWhole = true;
  const filled = path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
    const parameter = parameters.find(one => one.name === name);
    const text = parameter === undefined ? '' : simpleText(exampleOf(parameter));
    isWhole &&= text !== '';
    return encodeURIComponent(text.toWellFormed());
  });
  return isWhole ? sentText(filled.replaceAll(/[?#]/g, encodeURIComponent)) : null;
}

function bodyOf(
  { requestBody, consumes }: Part,
  parameters: readonly Part[],
  root: Part,
  parts: OpenApiParts,
): ImportedBody | null | string {
  const fields = parameters.filter(({ in: place }) => place === 'formData');
  const whole = parameters.find(({ in: place }) => place === 'body');
  const types = listIn(consumes ?? root.consumes).map(String);
  if (fields.length > 0) {
    const isFile = types.includes('multipart/form-data') || fields.some(({ type }) => type === 'file');
    if (isFile && !types.includes('application/x-www-form-urlencoded')) return uploadsFile;
    const sent = fields.filter(({ required, type }) => required === true && type !== 'file');
    return { kind: 'form', fields: sent.flatMap(field => queryOf(field, parts.exampleOf(field))) };
  }
  const content: Part =
    whole === undefined
      ? mapIn(parts.resolved(requestBody).content)
      : { [types[0] ?? 'application/json']: whole };
  const offered = Object.keys(content);
  if (offered.length === 0) return null;
  const chosen =
    offered.find(type => /^application\/(?:[\w.+-]*\+)?json$|^\*\/\*$/.test(mediaTypeOf(type))) ??
    offered[0] ??
    '';
  const media = parts.resolved(content[chosen]);
  if (chosen.startsWith('multipart/')) {
    const members = Object.values(mapIn(parts.resolved(media.schema).properties)).map(parts.resolved);
    const isFile = members.some(
      ({ format, contentMediaType }) => format === 'binary' || contentMediaType !== undefined,
    );
    if (isFile) return uploadsFile;
  }
  const value = parts.exampleOf(media);
  return bodyFrom(chosen, value);
}

function bodyFrom(type: string, value: unknown): ImportedBody | string {
  const media = mediaTypeOf(type);
  if (/json$|^\*\/\*$/.test(media))
    return value === undefined ? 'since no example of its body can be made' : { kind: 'json', json: value };
  if (media === 'application/x-www-form-urlencoded' || media === 'multipart/form-data') {
    const fields: readonly ImportedPair[] = Object.entries(mapIn(value)).map(([name, item]) => ({
      name,
      value: sentText(simpleText(item)),
    }));
    if (media.startsWith('multipart/'))
      return fields.length === 0 ? uploadsFile : { kind: 'multipart', fields };
    return { kind: 'form', fields };
  }
  if (media.startsWith('text/') && typeof value === 'string')
    return { kind: 'text', type: media, text: sentText(value) };
  return `since its body is ${media}`;
}
