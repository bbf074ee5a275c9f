import { listIn, mapIn, textIn } from '../form/foreign-document.ts';
import type { ImportedBody, ImportedPair, ImportedRequest } from '../form/imported.ts';
import { type ImportedText, sentText } from '../form/imported-text.ts';
import { mediaTypeOf } from '../form/recorded-body.ts';
import { uploadsFile } from '../form/safe-method.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import type { OpenApiOperation } from './openapi-operations.ts';
import { queryOf, simpleText } from './openapi-parameters.ts';
import type { OpenApiParts } from './openapi-parts.ts';
import type { OpenApiPart as Part } from './openapi-references.ts';
import { credentialsOf } from './openapi-security.ts';

/** What is known of a request besides the description of its operation. */
export interface GivenParts {
  /** By place and name: `path petId`. */
  readonly parameters: ReadonlyMap<string, ImportedText>;
  /** Undefined where nothing is said of a body. */
  readonly body: ImportedBody | undefined;
}

const nothingGiven: GivenParts = { parameters: new Map(), body: undefined };

/** The request of an operation, or why there is none. */
export function requestOf(
  { method, path, operation, parameters }: OpenApiOperation,
  basePath: string,
  { root }: OpenApiDocument,
  parts: OpenApiParts,
  given = nothingGiven,
): ImportedRequest | string {
  const of = (place: string) =>
    parameters.filter(
      ({ in: its, name }) => its === place && !given.parameters.has(`${place} ${String(name)}`),
    );
  const told = (place: string): readonly ImportedPair[] =>
    [...given.parameters].flatMap(([key, value]) =>
      key.startsWith(`${place} `) ? [{ name: key.slice(place.length + 1), value }] : [],
    );
  const filled = pathOf(path, of('path'), told('path'), parts);
  if (filled === null) return 'since nothing is known of a parameter of its path';
  const sent = (place: string) =>
    of(place).filter(parameter => parameter.required === true || parts.ownExample(parameter) !== undefined);
  if (of('querystring').some(({ required }) => required === true))
    return 'since its query is one parameter as a whole';
  const schemes = mapIn(mapIn(root.components).securitySchemes ?? root.securityDefinitions);
  const credentials = credentialsOf(operation.security ?? root.security, schemes, parts);
  const body = given.body ?? bodyOf(operation, parameters, root, parts);
  if (typeof body === 'string') return body;
  const cookies = told('cookie').map(({ name, value }) => ({
    name: 'cookie',
    value: [...sentText(`${name}=`), ...value],
  }));
  const own = [...told('header'), ...cookies];
  const ownNames = own.map(({ name }) => name.toLowerCase());
  const credited = credentials.headers.filter(({ name }) => !ownNames.includes(name.toLowerCase()));
  const taken = new Set(credited.map(({ name }) => name.toLowerCase()));
  const ignored = ['accept', 'content-type', 'authorization', ...taken];
  const headers = sent('header').filter(({ name }) => !ignored.includes(String(name).toLowerCase()));
  const queried = sent('query').filter(({ name }) => !credentials.query.some(pair => pair.name === name));
  return {
    ...{ kind: 'request', method, name: textIn(operation.operationId), captures: [], body },
    path: [...sentText(basePath), ...filled],
    route: `${basePath}${path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => `:${name.replaceAll(/[^\w.-]/g, '')}`)}`,
    query: [
      ...queried.flatMap(parameter => queryOf(parameter, parts.exampleOf(parameter))),
      ...told('query'),
      ...credentials.query.filter(({ name }) => !given.parameters.has(`query ${name}`)),
    ],
    headers: [
      ...headers.map(parameter => ({
        name: String(parameter.name),
        value: sentText(simpleText(parts.exampleOf(parameter))),
      })),
      ...own,
      ...credited,
    ],
  };
}

/** The path with what is told and else examples in it; null if one of them is missing. */
function pathOf(
  path: string,
  parameters: readonly Part[],
  told: readonly ImportedPair[],
  { exampleOf }: OpenApiParts,
): ImportedText | null {
  const filled = path.split(/\{([^{}]*)\}/).map((piece, index): ImportedText => {
    if (index % 2 === 0) return sentText(piece);
    const own = told.find(({ name }) => name === piece)?.value;
    const parameter = parameters.find(one => one.name === piece);
    const text = own ?? sentText(parameter === undefined ? '' : simpleText(exampleOf(parameter)));
    return text.map(part =>
      part.kind === 'plain' ? { ...part, text: encodeURIComponent(part.text) } : part,
    );
  });
  const isWhole = filled.every((part, index) => index % 2 === 0 || part.length > 0);
  if (!isWhole) return null;
  return filled
    .flat()
    .map(part =>
      part.kind === 'plain' ? { ...part, text: part.text.replaceAll(/[?#]/g, encodeURIComponent) } : part,
    );
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
